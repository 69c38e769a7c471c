"""Days and moments as schemas read them: within the years in which anything of ours can happen.

Near the ends of the calendar a moment overflows as soon as it is shown in another zone, and PostgreSQL keeps years that
Python cannot read back: one such value in a row would break every list that the row is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields

from doorstep.core.typed import YEARS

FAR: Final = f"Choose a year between {YEARS[0]} and {YEARS[-1]}."


class Moment(fields.AwareDateTime):
    """A moment with its zone (ISO 8601)."""

    default_error_messages = {"far": FAR}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        found = super()._deserialize(value, attr, data, **kwargs)
        if found.year not in YEARS:
            raise self.make_error("far")
        return found


class Day(fields.Date):
    """A day of the calendar (ISO 8601)."""

    default_error_messages = {"far": FAR}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        found = super()._deserialize(value, attr, data, **kwargs)
        if found.year not in YEARS:
            raise self.make_error("far")
        return found
