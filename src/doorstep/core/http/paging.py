"""Keyset pages: `?limit=&cursor=` -> `{"items": [...], "next_cursor": ...}`.

A page costs the same wherever it is in the list, and rows that come or go meanwhile shift nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import orjson
from marshmallow import Schema, fields, validate
from sqlalchemy import ColumnElement, Select, tuple_

from doorstep.core.errors import Invalid, invalid
from doorstep.core.http.inputs import without_nul

MAX_LIMIT: Final = 200
T = TypeVar("T")


class PageQuery(Schema):
    """The query of every list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_LIMIT))
    cursor = fields.String(load_default=None, validate=validate.Length(max=400))


@dataclass(frozen=True, slots=True)
class Keyset:
    """An order of rows by columns that together are unique, the last being the id."""

    columns: tuple[Any, ...]
    readers: tuple[Callable[[str], Any], ...]
    descending: bool = True

    def page(self, statement: Select[Any], limit: int, cursor: str | None) -> Select[Any]:
        """Returns the statement limited to one page (and one row more, which tells whether there is a next)."""
        if cursor:
            values = tuple_(*self.values(cursor))
            keys: ColumnElement[Any] = tuple_(*self.columns)
            statement = statement.where(keys < values if self.descending else keys > values)
        ordered = [column.desc() if self.descending else column.asc() for column in self.columns]
        return statement.order_by(*ordered).limit(limit + 1)

    def values(self, cursor: str) -> list[Any]:
        """Returns the key of the last row that was shown. Raises Invalid for a cursor that is not ours."""
        try:
            parts = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            without_nul(parts)
            return [read(str(part)) for read, part in zip(self.readers, parts, strict=True)]
        except (ValueError, TypeError, Invalid):
            raise invalid("cursor", "This cursor is not one of ours.") from None


def by_time(time_column: Any, id_column: Any, *, descending: bool = True) -> Keyset:
    """Returns the commonest order: a time, then the id."""
    return Keyset((time_column, id_column), (datetime.fromisoformat, UUID), descending)


def split(rows: Sequence[T], limit: int, key: Callable[[T], Sequence[Any]]) -> tuple[Sequence[T], str | None]:
    """Returns the page's rows and the cursor of the next page, or None on the last."""
    if len(rows) <= limit:
        return rows, None
    shown = rows[:limit]
    text = orjson.dumps([value.isoformat() if isinstance(value, datetime) else value for value in key(shown[-1])])
    return shown, base64.urlsafe_b64encode(text).rstrip(b"=").decode()
