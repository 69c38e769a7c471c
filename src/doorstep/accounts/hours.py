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
SHORTEST_RUN: Final = 3  # of days that are read as `Mon–Wed`


def checked(hours: Mapping[str, Any], field: str = "weekly_hours") -> dict[str, list[list[str]]]:
    """Returns the hours in the week's order, days off left out. Raises Invalid that names the wrong day."""
    unknown = sorted(set(hours) - set(DAYS))
    if unknown:
        raise invalid(field, f"{unknown[0]} is not a day; use " + ", ".join(DAYS) + ".")
    return {day: _day(hours[day], f"{field}.{day}") for day in DAYS if hours.get(day)}


def in_words(hours: Mapping[str, Any]) -> str:
    """Returns the hours as people read them, e.g. `Mon–Fri 8:00–17:00, Sat 9:00–13:00`; empty when there are none."""
    alike: dict[str, list[int]] = {}
    for number, day in enumerate(DAYS):
        if hours.get(day):
            alike.setdefault(spans_in_words(hours[day]), []).append(number)
    return ", ".join(f"{_days_in_words(numbers)} {spans}" for spans, numbers in alike.items())


def spans_in_words(spans: Sequence[Sequence[str]]) -> str:
    """Returns a day's spans as people read them, e.g. `8:00–12:00 and 13:00–17:00`."""
    return " and ".join("–".join(time.removeprefix("0") for time in span) for span in spans)


def _days_in_words(numbers: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    names: list[str] = []
    for run in runs:
        words = [DAYS[number].capitalize() for number in run]
        names += [f"{words[0]}–{words[-1]}"] if len(run) >= SHORTEST_RUN else words
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


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
