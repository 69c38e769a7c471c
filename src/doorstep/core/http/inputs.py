"""Input read through schemas: JSON bodies and query strings for the API, forms for pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from flask import request
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from doorstep.core.errors import FieldError, Invalid, Problem, UnsupportedMedia, invalid

LARGEST_JSON: Final = 1_000_000


def read_body(schema: type[Schema]) -> dict[str, Any]:
    """Returns the checked JSON body; none at all counts as an empty object.

    Raises RequestEntityTooLarge, UnsupportedMedia, Problem (not JSON) or Invalid.
    """
    request.max_content_length = LARGEST_JSON
    sent = request.get_data(cache=True)
    if sent and not request.is_json:
        raise UnsupportedMedia("Send JSON: Content-Type: application/json.")
    raw = request.get_json(silent=True) if sent else {}
    if not isinstance(raw, dict):
        raise Problem("The body must be a JSON object.")
    return _load(schema, raw)


def read_query(schema: type[Schema]) -> dict[str, Any]:
    """Returns the checked query string. Raises Invalid. Unknown names are refused, so that a typing
    error in a filter does not quietly show everything."""
    return _load(schema, plain(made(schema), request.args))


@cache
def made(schema: type[Schema]) -> Schema:
    """Returns the one object of a schema's class. Making one copies all its fields, which costs more than reading a
    request; it keeps nothing of what it loads, so all requests share it."""
    return schema()


def plain(schema: Schema, values: MultiDict[str, str]) -> dict[str, Any]:
    """Returns the form's or query's values as a plain dictionary; list fields keep all their values."""
    return {
        name: values.getlist(name) if isinstance(schema.fields.get(name), fields.List) else values.get(name)
        for name in values
        if name != "csrf_token"
    }


def without_nul(value: Any, path: str = "") -> None:
    """Raises Invalid for a text with a NUL character anywhere inside: PostgreSQL cannot store one."""
    waiting = [(path, value)]  # and no recursion: a body may be nested deeper than Python calls
    while waiting:
        where, found = waiting.pop()
        if isinstance(found, str) and "\0" in found:
            raise invalid(where, "This has a character that cannot be stored.")
        waiting += [(f"{where}.{name}".strip("."), inner) for name, inner in _members(found)]


def _members(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _load(schema: type[Schema], raw: Mapping[str, Any]) -> dict[str, Any]:
    without_nul(raw)
    try:
        loaded: dict[str, Any] = made(schema).load(raw, unknown=RAISE)
    except ValidationError as error:
        raise Invalid("Some of it needs another look.", errors=list(flat(error.messages))) from None
    return loaded


def flat(messages: Any, path: str = "") -> Iterator[FieldError]:
    """Yields marshmallow's nested messages as flat field errors."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            own = path if name == "_schema" else f"{path}.{name}".strip(".")
            yield from flat(inner, own)
    elif isinstance(messages, list):
        for inner in messages:
            yield from flat(inner, path)
    else:
        yield FieldError(path, str(messages))


def _storable(value: Any) -> Any:
    if isinstance(value, list):
        return [_storable(inner) for inner in value]
    return value.replace("\0", "") if isinstance(value, str) else value


class TimeOfDay(fields.Time):
    """A time on the clock; `9:00` is as good as `09:00`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        return super()._deserialize(str(value).strip().zfill(5), attr, data, **kwargs)


class Form:
    """A page's form: what was typed, what it means, what is wrong with it.

    Templates ask `form.value(name)`, `form.error(name)`, `form.by_field()`; views ask `form.ok` and `form.values`.
    What was typed is kept without NUL: a page may look something up by it.
    """

    def __init__(self, schema: type[Schema], typed: Mapping[str, Any] | None = None) -> None:
        self.schema = made(schema)
        self.typed: dict[str, Any] = {name: _storable(value) for name, value in (typed or {}).items()}
        self.values: dict[str, Any] = {}
        self.errors: list[FieldError] = []

    @classmethod
    def read(cls, schema: type[Schema]) -> Form:
        """Returns the form as sent with this request, checked. Empty texts count as not given."""
        sent = plain(made(schema), request.form)
        form = cls(schema, sent)
        given = {name: value for name, value in sent.items() if value not in ("", None, [""])}
        try:
            without_nul(given)
            form.values = form.schema.load(given, unknown=EXCLUDE)
        except Invalid as problem:
            form.refuse(problem)
        except ValidationError as error:
            form.errors = list(flat(error.messages))
        return form

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors

    def value(self, name: str, default: Any = "") -> Any:
        """Returns what was typed into the field."""
        found = self.typed.get(name)
        return default if found is None else found

    def error(self, name: str) -> str | None:
        """Returns the first mistake at the field, if any."""
        return next((e.message for e in self.errors if e.field == name or e.field.startswith(name + ".")), None)

    def by_field(self) -> dict[str, str]:
        """Returns the first mistake of each field by the field's name; what belongs to none is named ``""``."""
        found: dict[str, str] = {}
        for error in self.errors:
            found.setdefault(error.field.partition(".")[0], error.message)
        return found

    def refuse(self, problem: Problem) -> None:
        """Shows a problem that a service found: at its fields, or above the form."""
        self.errors += problem.errors or [FieldError("", problem.detail)]
