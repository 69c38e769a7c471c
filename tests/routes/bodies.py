"""A body that a schema accepts, made from the schema itself; so that a guard's answer is seen, not a mistake's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from marshmallow import Schema, fields, validate

SOON: Final = datetime(2030, 5, 14, 17, tzinfo=UTC)


def sample(schema: type[Schema] | Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a body with every required field; ids are taken from `values` by name where it knows them."""
    made = schema() if isinstance(schema, type) else schema
    needed = {name: field for name, field in made.load_fields.items() if field.required and name != "file"}
    # A patch needs nothing, but says nothing without a field.
    chosen = needed or dict(list(made.load_fields.items())[:1])
    return {field.data_key or name: _value(name, field, values) for name, field in chosen.items()}


def _value(name: str, field: fields.Field[Any], values: Mapping[str, Any]) -> Any:
    if isinstance(field, fields.Nested):
        inner = sample(field.schema, values)
        return [inner] if field.many else inner
    if isinstance(field, fields.List):
        return [_value(name, field.inner, values)]
    for rule in field.validators:
        if isinstance(rule, validate.OneOf):
            return next(iter(rule.choices))
    for kind, make in MAKERS.items():
        if isinstance(field, kind):
            return make(name, field, values)
    raise NotImplementedError(f"how is {name} ({type(field).__name__}) filled?")


def _number(name: str, field: Any, values: Mapping[str, Any]) -> int:
    for rule in field.validators:
        if isinstance(rule, validate.Range):
            return int(rule.min if rule.min is not None else rule.max)
    return 1


def _text(name: str, field: Any, values: Mapping[str, Any]) -> str:
    shortest = max(
        [rule.min or rule.equal or 1 for rule in field.validators if isinstance(rule, validate.Length)] or [1]
    )
    words = {"email": "nobody@nowhere.test", "city": "Portland", "start": "09:00", "colour": "#336699"}
    return words.get(name, "correct horse battery staple")[: max(shortest, 12)].ljust(shortest, "x")


def _id(name: str, field: Any, values: Mapping[str, Any]) -> str:
    known = values.get(name) or values.get(f"{name}_id") or UUID(int=1)
    return str(known)


MAKERS: Final[dict[type, Callable[[str, Any, Mapping[str, Any]], Any]]] = {
    fields.UUID: _id,
    fields.Email: lambda name, field, values: "nobody@nowhere.test",
    fields.Integer: _number,
    fields.Float: _number,
    fields.Boolean: lambda name, field, values: True,
    fields.AwareDateTime: lambda name, field, values: SOON.isoformat(),
    fields.DateTime: lambda name, field, values: SOON.isoformat(),
    fields.Date: lambda name, field, values: (SOON + timedelta(days=1)).date().isoformat(),
    fields.Time: lambda name, field, values: "09:00",
    fields.Dict: lambda name, field, values: {},
    fields.String: _text,
}
