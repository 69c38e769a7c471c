"""A worker's weekly hours: `{"mon": [["08:00", "12:00"], ["13:00", "17:00"]]}` in the organization's zone. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from doorstep.core.errors import invalid

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
MOST_SPANS: Final = 4
USUAL: Final = {day: [["08:00", "17:00"]] for day in DAYS[:5]}


def checked(hours: Mapping[str, Any], field: str = "weekly_hours") -> dict[str, list[list[str]]]:
    """Returns the hours in the week's order, days off left out. Raises Invalid that names the wrong day."""
    unknown = sorted(set(hours) - set(DAYS))
    if unknown:
        raise invalid(field, f"{unknown[0]} is not a day; use " + ", ".join(DAYS) + ".")
    return {day: _day(hours[day], f"{field}.{day}") for day in DAYS if hours.get(day)}


def _day(spans: Any, field: str) -> list[list[str]]:
    if not isinstance(spans, Sequence) or isinstance(spans, str) or len(spans) > MOST_SPANS:
        raise invalid(field, f"Give at most {MOST_SPANS} spans such as 08:00 to 12:00.")
    found = sorted(_span(span, field) for span in spans)
    if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
        raise invalid(field, "These hours overlap.")
    return found


def _span(span: Any, field: str) -> list[str]:
    if not isinstance(span, Sequence) or isinstance(span, str) or len(span) != 2:
        raise invalid(field, "A span is two times, such as 08:00 and 12:00.")
    start, end = (str(time) for time in span)
    if not (CLOCK.fullmatch(start) and CLOCK.fullmatch(end)):
        raise invalid(field, "Write times as 08:00.")
    if start >= end:
        raise invalid(field, "The end comes before the start.")
    return [start, end]
