"""Texts as schemas read them: without what cannot be seen or stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields

UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Line(fields.String):
    """A short text of one line, trimmed; control characters and those that turn the writing round become spaces."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs)
        return " ".join(UNSEEN.sub(" ", typed).split())


class Note(fields.String):
    """A text of several lines, trimmed, without characters that cannot be stored."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return super()._deserialize(value, attr, data, **kwargs).replace("\r\n", "\n").replace("\x00", "").strip()
