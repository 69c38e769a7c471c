"""Orders as the rows of lists and boards: one statement, plain values.

Written as SQL because these are the statements that run all day: made once, sent as they are. Each names the
organization itself; row security stands behind it as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from orjson import Fragment

from doorstep.core import sql, tenancy
from doorstep.core.http.paging import by_time, split
from doorstep.orders.status import VISITING

Line = dict[str, Any]

COLUMNS: Final = """
    o.id, o.number, o.status, o.starts_at as start, upper(o.scheduled) as "end", o.wished_at, o.created_at,
    o.address, o.city, o.postal_code, o.price_cents, o.price_low_cents, o.price_high_cents, o.currency,
    o.duration_minutes, o.client_id, c.name as client, s.name as service, w.id as worker_id, w.name as worker, o.version
"""
TABLES: Final = """
    from orders o
    join clients c on c.org_id = o.org_id and c.id = o.client_id
    join services s on s.org_id = o.org_id and s.id = o.service_id
    left join assignments a on a.org_id = o.org_id and a.order_id = o.id and a.active
    left join workers w on w.org_id = a.org_id and w.id = a.worker_id
   where o.org_id = %(org)s
"""
WHOLE: Final = """,
    o.service_id, o.access_notes, o.details, o.wish_note, o.quote_note, o.reason, o.source, o.finished_at, o.extras,
    (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'label', i.label, 'phase', i.phase,
               'photo_required', i.photo_required, 'required', i.required, 'done_at', i.done_at, 'done_by', i.done_by)
               order by i.position), '[]')
       from checklist_items i where i.org_id = o.org_id and i.order_id = o.id) as checklist,
    %(moves)s::jsonb -> o.status as allowed
"""
WHY: Final = """,
    o.waiting_since,
    (select jsonb_build_object('kind', e.kind, 'data', e.data)
       from order_events e
      where e.org_id = o.org_id and e.order_id = o.id and e.kind in ('asked', 'postponed')
      order by e.at desc, e.id desc limit 1) as why
"""
TO_GET_IN: Final = ", c.phone as client_phone, o.access_notes, o.details"

# A filter's name and its condition; `OrderFilter.conditions` says which hold.
CONDITIONS: Final[Mapping[str, str]] = {
    "id": "o.id = %(id)s",
    "status": "o.status = any(%(status)s)",
    "not_status": "o.status <> all(%(not_status)s)",
    "client_id": "o.client_id = %(client_id)s",
    "worker_id": "a.worker_id = %(worker_id)s",
    "unassigned": "a.id is null and o.status = any(%(unassigned)s)",
    "first": "o.starts_at >= %(first)s",
    "until": "o.starts_at < %(until)s",
    "ends_after": "upper(o.scheduled) > %(ends_after)s",
    "waiting": "o.waiting_since is not null",
    "visited": "o.starts_at is not null",
    "number": "o.number = %(number)s",
    "name": "starts_with(lower(c.name), %(name)s)",
}
NEWEST: Final = "o.created_at desc, o.id desc"
LONGEST_WAIT: Final = "o.waiting_since, o.id"
BY_VISIT: Final = "o.starts_at, o.id"
AFTER: Final[Mapping[str, str]] = {
    NEWEST: "(o.created_at, o.id) < (%(after_at)s, %(after_id)s)",
    BY_VISIT: "(o.starts_at, o.id) > (%(after_at)s, %(after_id)s)",
}
KEY: Final = by_time(None, None)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What a list shows. Empty means all; `first` and `until` are moments between which the visit starts."""

    status: Sequence[str] = ()
    worker_id: UUID | None = None
    client_id: UUID | None = None
    unassigned: bool = False
    first: datetime | None = None
    until: datetime | None = None
    search: str = ""
    by_visit: bool = False

    @property
    def order(self) -> str:
        """By visit when visits are asked for, else the newest first."""
        return BY_VISIT if self.by_visit or self.first or self.until else NEWEST

    def conditions(self) -> dict[str, Any]:
        """Returns the conditions that hold, with their values."""
        words = self.search.strip().lower()
        found = {
            "status": list(self.status),
            "worker_id": self.worker_id,
            "client_id": self.client_id,
            "unassigned": list(VISITING) if self.unassigned else None,
            "first": self.first,
            "until": self.until,
            "visited": self.order == BY_VISIT,
            "number": int(words[:9]) if words.isdecimal() else None,
            "name": None if words.isdecimal() else words,
        }
        return {name: value for name, value in found.items() if value not in (None, [], "", False)}


def fetch(wanted: Mapping[str, Any], *, order: str, limit: int, more: str = "", after: str = "") -> list[Line]:
    """Returns rows that meet the conditions named by `wanted`. `more` are further columns."""
    return sql.rows(_query(COLUMNS + more, wanted, order, after), _values(wanted, limit))


def written(wanted: Mapping[str, Any], *, order: str, limit: int, more: str = "", after: str = "") -> list[str]:
    """Returns the same rows as the JSON that programs get, one text a row, written by the database: nothing is made of
    them here that would only be taken apart again."""
    columns = f"(select to_json(line)::text from (select {COLUMNS}{more}) line) as text"  # noqa: S608 (ours)
    return [row["text"] for row in sql.rows(_query(columns, wanted, order, after), _values(wanted, limit))]


def page(wanted: OrderFilter, limit: int, cursor: str | None = None) -> tuple[list[Line], str | None]:
    """Returns a page of orders and the cursor of the next. Raises Invalid for a cursor that is not ours."""
    values, after = _from(wanted, cursor)
    found = fetch(values, order=wanted.order, limit=limit + 1, after=after)
    shown, following = split(found, limit, lambda line: _key(wanted, line))
    return list(shown), following


def written_page(wanted: OrderFilter, limit: int, cursor: str | None = None) -> tuple[list[Fragment], str | None]:
    """Returns a page of orders as JSON and the cursor of the next. Raises Invalid for a cursor that is not ours."""
    values, after = _from(wanted, cursor)
    found = written(values, order=wanted.order, limit=limit + 1, after=after)
    shown, following = split(found, limit, lambda text: _key(wanted, orjson.loads(text)))
    return [Fragment(text) for text in shown], following


def _query(columns: str, wanted: Mapping[str, Any], order: str, after: str) -> str:
    conditions = "".join(f" and {CONDITIONS[name]}" for name in wanted if name in CONDITIONS) + after
    return f"select {columns}{TABLES}{conditions} order by {order} limit %(limit)s"


def _values(wanted: Mapping[str, Any], limit: int) -> dict[str, Any]:
    return {**wanted, "org": tenancy.org_id(), "limit": limit}


def _from(wanted: OrderFilter, cursor: str | None) -> tuple[dict[str, Any], str]:
    """Returns the values of the conditions, and the condition of what comes after the cursor."""
    values = wanted.conditions()
    if not cursor:
        return values, ""
    at, last_id = KEY.values(cursor)
    return {**values, "after_at": at, "after_id": last_id}, f" and {AFTER[wanted.order]}"


def _key(wanted: OrderFilter, line: Line) -> tuple[Any, str]:
    return line["start" if wanted.order == BY_VISIT else "created_at"], str(line["id"])
