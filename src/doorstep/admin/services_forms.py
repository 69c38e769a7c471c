"""What the office types about services: facts, and rows of extras and of the checklist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, pre_load, validate

from doorstep.catalog import rules
from doorstep.catalog.models import PRICE_UNITS, Service
from doorstep.core import formats, typed
from doorstep.core.http.inputs import Form

Messages = dict[str, str | list[Any] | dict[Any, Any]]

EXTRAS: Final = "extras"
CHECKLIST: Final = "checklist"
BLANK_ROWS: Final[Mapping[str, int]] = {EXTRAS: 2, CHECKLIST: 3}
MORE_ROWS: Final = 5
ROW_NUMBER: Final = r"\d{1,3}"
LABELS: Final[Mapping[str, str]] = {
    "name": "Name",
    "description": "Description",
    "icon": "Icon",
    "skill": "Skill needed",
    "price_cents": "Price",
    "price_unit": "Price is",
    "duration_minutes": "Time it takes",
    "buffer_minutes": "Buffer after it",
    EXTRAS: "Extras",
    CHECKLIST: "Checklist",
}
UNITS: Final[Mapping[str, str]] = {
    "visit": "for the visit",
    "hour": "for each hour",
    "quote": "by quote: you name it after a look",
}
PHASES: Final[Mapping[str, str]] = {"": "Any time", "before": "Before", "after": "After"}
MINUTES: Final[Messages] = {"invalid": "A whole number of minutes."}
NAMELESS: Final[Messages] = {"required": "Give it a name."}

Row = dict[str, str]


class Money(fields.Field[int]):
    """An amount as people write it in a currency, kept in its minor units."""

    def __init__(self, currency: str, **options: Any) -> None:
        super().__init__(**options)
        self.currency = currency

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        try:
            found = typed.cents(str(value), self.currency)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        if found > rules.HIGHEST_PRICE_CENTS:
            raise ValidationError(f"At most {formats.money(rules.HIGHEST_PRICE_CENTS, self.currency)}.")
        return found


class StepRow(Schema):
    """One row of the checklist."""

    label = fields.String(required=True, error_messages=NAMELESS)
    phase = fields.String(load_default=None, validate=validate.OneOf(["before", "after"], error="Choose one of them."))
    photo_required = fields.Boolean(load_default=False)


class ServiceForm(Schema):
    """A service. Rows are typed as `extras-0-label`, `checklist-2-phase` ...; boxes that are not ticked are values."""

    name = fields.String(required=True, error_messages={"required": "Name the service."})
    description = fields.String(load_default="")
    icon = fields.String(load_default="house")
    skill = fields.String(load_default="")
    price_unit = fields.String(load_default="visit", validate=validate.OneOf(PRICE_UNITS, error="Choose one of them."))
    duration_minutes = fields.Integer(required=True, error_messages={**MINUTES, "required": "Say how long it takes."})
    buffer_minutes = fields.Integer(load_default=0, error_messages=MINUTES)
    public = fields.Boolean(load_default=False)
    active = fields.Boolean(load_default=False)
    checklist = fields.List(fields.Nested(StepRow), load_default=list)

    @pre_load
    def gather(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Makes lists of the rows. A price that is named later need not be given now."""
        priced = {} if data.get("price_unit") != "quote" else {"price_cents": "0"}
        lists = {name: [_given(row) for row in rows_of(data, name)] for name in (EXTRAS, CHECKLIST)}
        return {**priced, **data, **lists}


class MoveForm(Schema):
    """Which way a service goes in the list."""

    to = fields.String(required=True, validate=validate.OneOf(["up", "down"]))


def service_form(currency: str) -> type[Schema]:
    """Returns the form in which amounts are those of a currency."""
    extra: dict[str, fields.Field[Any]] = {
        "key": fields.String(),
        "label": fields.String(required=True, error_messages=NAMELESS),
        "price_cents": Money(currency, load_default=0),
        "minutes": fields.Integer(load_default=0, error_messages=MINUTES),
    }
    price = Money(currency, required=True, error_messages={"required": "Type the price."})
    rows = fields.List(fields.Nested(Schema.from_dict(extra)), load_default=list, validate=no_twins)
    return ServiceForm.from_dict({"price_cents": price, EXTRAS: rows})


def no_twins(rows: Sequence[Mapping[str, Any]]) -> None:
    """Raises ValidationError for a label that an earlier row has already."""
    labels = [row["label"].strip().casefold() for row in rows]
    twins = [number for number, label in enumerate(labels) if label and label in labels[:number]]
    if twins:
        raise ValidationError({number: {"label": ["This is in the list already."]} for number in twins})


def rows_of(given: Mapping[str, Any], name: str) -> list[Row]:
    """Returns the typed rows that are to stay, in their order. A row goes when it is ticked for removal or its label
    was emptied; a new one that has other values but no label stays, to be asked about."""
    return [row for _, row in _numbered(given, name) if _stays(row)]


def rows_to_type(form: Form, name: str, *, more: bool = False) -> list[Row]:
    """Returns the rows that the form shows: those typed, and empty ones."""
    return rows_of(form.typed, name) + [{} for _ in range(MORE_ROWS if more else BLANK_ROWS[name])]


def moved_up(given: Mapping[str, Any], name: str, number: int) -> dict[str, Any]:
    """Returns what was typed with the row of this number one place further up."""
    rows = _numbered(given, name)
    at = next((index for index, (known, _) in enumerate(rows) if known == number), 0)
    if at:
        above, below = rows[at - 1], rows[at]
        rows[at - 1 : at + 1] = [(above[0], below[1]), (below[0], above[1])]
    others = {key: value for key, value in given.items() if not _cell(key, name)}
    return others | flat(rows, name)


def rearranged(form: Form, act: str) -> tuple[Form, str]:
    """Returns the form after a button that saves nothing, and the list that gets more empty rows, if any: `act` is
    `more-extras` or `up-checklist-3`."""
    verb, name, number = (*act.split("-"), "", "")[:3]
    if verb == "up" and name in BLANK_ROWS and re.fullmatch(ROW_NUMBER, number, re.ASCII):
        return Form(type(form.schema), moved_up(form.typed, name, int(number))), ""
    return Form(type(form.schema), form.typed), name if name in BLANK_ROWS else ""


def with_keys(extras: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Returns extras of which each has its own key: the one it has always had, or one made of its label."""
    taken = {extra["key"] for extra in extras if extra.get("key")}
    found = []
    for extra in extras:
        key = extra.get("key") or _free_key(rules.key_from(extra["label"]) or "extra", taken)
        taken.add(key)
        found.append({**extra, "key": key})
    return found


def as_typed(service: Service, currency: str) -> dict[str, Any]:
    """Returns what the form holds before anything is typed into it."""
    extras = [
        {**extra, "price_cents": typed.amount(extra["price_cents"], currency), "known": "1"} for extra in service.extras
    ]
    steps = [
        {
            "label": step["label"],
            "phase": step["phase"] or "",
            "photo_required": "1" if step["photo_required"] else "",
            "known": "1",
        }
        for step in service.checklist
    ]
    return {
        "name": service.name,
        "description": service.description,
        "icon": service.icon,
        "skill": service.skill,
        "price_cents": typed.amount(service.price_cents, currency),
        "price_unit": service.price_unit,
        "duration_minutes": service.duration_minutes,
        "buffer_minutes": service.buffer_minutes,
        "public": "1" if service.public else "",
        "active": "1" if service.active else "",
        **flat(list(enumerate(extras)), EXTRAS),
        **flat(list(enumerate(steps)), CHECKLIST),
    }


def flat(rows: Sequence[tuple[int, Mapping[str, Any]]], name: str) -> dict[str, str]:
    """Returns numbered rows as the fields of a form."""
    return {f"{name}-{number}-{column}": str(value) for number, row in rows for column, value in row.items()}


def summary(form: Form) -> dict[str, str]:
    """Returns the first mistake of each field; of rows, in which ones."""
    found = form.by_field()
    for name in (EXTRAS, CHECKLIST):
        wrong = sorted({int(part) + 1 for part in _numbers_in(form, name)})
        if wrong:
            found[name] = f"Row {', '.join(map(str, wrong))}: {found[name]}"
    return found


def _numbers_in(form: Form, name: str) -> Iterator[str]:
    for error in form.errors:
        start, _, rest = error.field.partition(".")
        if start == name and rest.partition(".")[0].isdecimal():
            yield rest.partition(".")[0]


def _free_key(wished: str, taken: set[str]) -> str:
    names = (wished if n == 1 else f"{wished[:36]}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _numbered(given: Mapping[str, Any], name: str) -> list[tuple[int, Row]]:
    found: dict[int, Row] = {}
    for key, value in given.items():
        if cell := _cell(key, name):
            found.setdefault(int(cell[1]), {})[cell[2]] = str(value)
    return sorted(found.items())


def _cell(key: str, name: str) -> re.Match[str] | None:
    return re.fullmatch(rf"{name}-({ROW_NUMBER})-([a-z_]+)", key, re.ASCII)


def _stays(row: Row) -> bool:
    if row.get("remove"):
        return False
    begun = not row.get("known") and any(value.strip() for value in row.values())
    return begun or bool(row.get("label", "").strip())


def _given(row: Row) -> Row:
    return {name: value for name, value in row.items() if value.strip() and name not in ("known", "remove")}
