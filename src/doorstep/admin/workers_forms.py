"""What the office types about workers: facts, weekly hours, time off."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError, fields, pre_load, validate

from doorstep.accounts import hours
from doorstep.accounts.models import Worker
from doorstep.accounts.users import LONGEST_ADDRESS, LONGEST_NAME
from doorstep.core import typed
from doorstep.core.errors import Invalid, invalid
from doorstep.core.http.inputs import Form

NAMES: Final = dict(
    zip(hours.DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
SPANS: Final = 2  # that each day has room for; more when it has more already
TIME: Final = re.compile(r"([01]?\d|2[0-4])(?::?([0-5]\d))?(?::00)?")
NO_NAME: Final = "Give the name."
COLOURS: Final[Mapping[str, str]] = {
    "": "No colour",
    "fern": "Fern",
    "lagoon": "Lagoon",
    "sky": "Sky",
    "iris": "Iris",
    "plum": "Plum",
    "rose": "Rose",
    "clay": "Clay",
    "honey": "Honey",
}
LABELS: Final[Mapping[str, str]] = {
    "name": "Name",
    "phone": "Phone",
    "colour": "Colour",
    "skills": "Skills",
    "weekly_hours": "Weekly hours",
    "email": "Email",
}
TIME_OFF_LABELS: Final[Mapping[str, str]] = {
    "start": "First day",
    "start_time": "From",
    "end": "Last day",
    "end_time": "Until",
    "reason": "Reason",
}
SENSIBLE: Final = validate.Range(date(2000, 1, 1), date(2100, 1, 1), error="Choose a day that is near.")
Spans = list[tuple[str, str]]


class Words(fields.Field[list[str]]):
    """Words with commas between them."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[str]:
        words = [word.strip() for word in str(value).split(",")]
        if len(words) > 40:
            raise ValidationError("At most 40 skills.")
        return [word for word in words if word]


class WeeklyHours(fields.Field[dict[str, list[list[str]]]]):
    """Spans as typed, by day. Every day that is wrong is named."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        wrong: dict[str, list[str]] = {}
        found: dict[str, list[list[str]]] = {}
        for day, spans in value.items():
            try:
                found |= hours.checked({day: [_span(*span) for span in spans]})
            except Invalid as problem:
                wrong[day] = [error.message for error in problem.errors]
            except ValueError as error:
                wrong[day] = [str(error)]
        if wrong:
            raise ValidationError(dict(wrong))
        return found


class WorkerForm(Schema):
    """A worker. Hours are typed as `mon-1-from`, `mon-1-to`, `mon-2-from` ...; a box that is not ticked is a value.
    With `email` they are invited to sign in."""

    name = fields.String(
        required=True,
        validate=[
            validate.Regexp(r"\s*\S", error=NO_NAME),
            validate.Length(max=LONGEST_NAME, error="Use at most {max} letters."),
        ],
        error_messages={"required": NO_NAME},
    )
    phone = fields.String(load_default="")
    colour = fields.String(load_default="")
    skills = Words(load_default=list)
    weekly_hours = WeeklyHours(load_default=dict)
    active = fields.Boolean(load_default=False)
    email = fields.String(
        load_default="", validate=validate.Length(max=LONGEST_ADDRESS, error="Use at most {max} letters.")
    )

    @pre_load
    def gather_hours(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Makes one value of the fields of the week."""
        return {**data, "weekly_hours": spans_of(data)}


class TimeOffForm(Schema):
    """From when to when somebody is away. Without a time the whole day counts; without a last day, the first one."""

    start = fields.Date(
        required=True,
        validate=SENSIBLE,
        error_messages={"required": "Choose the first day.", "invalid": "Choose the first day."},
    )
    start_time = fields.Time(load_default=None, error_messages={"invalid": "Write a time as 8:00."})
    end = fields.Date(load_default=None, validate=SENSIBLE, error_messages={"invalid": "Choose the last day."})
    end_time = fields.Time(load_default=None, error_messages={"invalid": "Write a time as 8:00."})
    reason = fields.String(load_default="", validate=validate.Length(max=200, error="Use at most {max} letters."))


def spans_of(given: Mapping[str, Any]) -> dict[str, Spans]:
    """Returns the typed times of each day of the week, pairs without any time left out."""
    week = {
        day: [(str(given.get(f"{day}-{n}-from") or ""), str(given.get(f"{day}-{n}-to") or "")) for n in _numbers()]
        for day in hours.DAYS
    }
    return {day: [span for span in spans if any(span)] for day, spans in week.items() if any(map(any, spans))}


def to_type(weekly_hours: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, str]:
    """Returns weekly hours as the form's fields; a field for times has no 24:00, so midnight is 00:00."""
    return {
        f"{day}-{n}-{end}": "00:00" if value == "24:00" else value
        for day, spans in weekly_hours.items()
        for n, span in enumerate(spans, 1)
        for end, value in zip(("from", "to"), span, strict=True)
    }


def room(given: Mapping[str, Any]) -> int:
    """Returns how many spans a day the form has to show."""
    ends = [(n, f"{day}-{n}-{end}") for n in _numbers() for day in hours.DAYS for end in ("from", "to")]
    return max([SPANS, *(n for n, name in ends if given.get(name))])


def as_typed(worker: Worker) -> dict[str, Any]:
    """Returns what the form holds before anything is typed into it."""
    return {
        "name": worker.name,
        "phone": worker.phone,
        "colour": worker.colour,
        "skills": ", ".join(worker.skills),
        "active": "1" if worker.active else "",
        **to_type(worker.weekly_hours),
    }


def colours(present: str) -> dict[str, str]:
    """Returns what can be chosen; a colour that came by the API stays possible."""
    return dict(COLOURS) if present in COLOURS else {**COLOURS, present: present}


def summary(form: Form) -> dict[str, str]:
    """Returns the first mistake of each field; of the weekly hours, which days are wrong."""
    found = form.by_field()
    days = [name for day, name in NAMES.items() if form.error(f"weekly_hours.{day}")]
    if days:
        verb = "needs" if len(days) == 1 else "need"
        found["weekly_hours"] = f"{' and '.join(filter(None, (', '.join(days[:-1]), days[-1])))} {verb} another look."
    return found


def away(values: Mapping[str, Any], zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Returns from when to when somebody is away, on the organization's clocks. Of an hour that comes twice the
    first begins and the second ends the absence. Raises Invalid at the field of a time that the clocks skip."""
    first, last = values["start"], values["end"] or values["start"]
    until = values["end_time"] or time()
    if values["end_time"] is None or (last == first and until == time()):
        last += timedelta(days=1)
    found = []
    for name, day, at in (("start_time", first, values["start_time"] or time()), ("end_time", last, until)):
        try:
            found.append(typed.moment(day, at.replace(fold=int(name == "end_time")), zone))
        except ValueError as error:
            raise invalid(name, str(error)) from None
    return found[0], found[1]


def _numbers() -> range:
    return range(1, hours.MOST_SPANS + 1)


def _span(start: str, end: str) -> list[str]:
    """Returns a span as it is stored. Raises ValueError, a sentence to be shown."""
    if not start or not end:
        raise ValueError("Give both times, from and to.")
    until = _clock(end)
    return [_clock(start), "24:00" if until == "00:00" else until]


def _clock(text: str) -> str:
    found = TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError("Write times as 8:00.")
    return f"{int(found[1]):02d}:{found[2] or '00'}"
