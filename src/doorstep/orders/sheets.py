"""One order with all that hangs on it, for pages that only read it: one statement.

`queries.view` gives rows of the session, which services can change. This gives an OrderView of plain values with the
same names, for a page that is loaded far more often than anything on it changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from doorstep.core import sql, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import NotFound
from doorstep.orders.queries import OrderView, Visit, may_see

SHEET: Final = """
    select o.id, o.number, o.status, o.client_id, o.service_id, o.starts_at, upper(o.scheduled) as ends_at,
           o.wished_at, o.wish_note, o.extras, o.address, o.city, o.postal_code, o.details,
           o.price_low_cents, o.price_high_cents, o.price_cents, o.currency, o.quote_note, o.reason,
           o.finished_at, o.version, c.name as client, s.name as service,
           (select json_agg(json_build_object('worker_id', w.id, 'name', w.name, 'phone', w.phone) order by w.name)
              from assignments a join workers w on w.org_id = a.org_id and w.id = a.worker_id
             where a.org_id = o.org_id and a.order_id = o.id and a.active) as visits,
           (select json_agg(json_build_object('label', i.label, 'phase', i.phase, 'done_at', i.done_at)
                            order by i.position)
              from checklist_items i where i.org_id = o.org_id and i.order_id = o.id) as checklist,
           (select json_agg(json_build_object('org_id', p.org_id, 'id', p.id, 'phase', p.phase, 'sizes', p.sizes,
                            'uploaded_by_kind', p.uploaded_by_kind, 'visible_to_client', p.visible_to_client)
                            order by p.created_at, p.id)
              from photos p where p.org_id = o.org_id and p.order_id = o.id and p.state = 'stored') as photos,
           (select json_agg(json_build_object('kind', e.kind, 'actor_kind', e.actor_kind, 'actor_name', e.actor_name,
                            'at', e.at, 'data', e.data) order by e.at, e.id)
              from order_events e where e.org_id = o.org_id and e.order_id = o.id) as events,
           (select json_agg(json_build_object('started_at', t.started_at, 'ended_at', t.ended_at) order by t.started_at)
              from time_entries t where t.org_id = o.org_id and t.order_id = o.id) as entries,
           (select json_build_object('score', f.score, 'comment', f.comment)
              from feedback f where f.org_id = o.org_id and f.order_id = o.id) as feedback
      from orders o
      join clients c on c.org_id = o.org_id and c.id = o.client_id
      join services s on s.org_id = o.org_id and s.id = o.service_id
     where o.org_id = %(org)s and o.id = %(id)s
"""


def of(who: Actor, order_id: UUID) -> OrderView:
    """Returns everything about the order. Raises NotFound unless this actor may see it."""
    found = sql.row(SHEET, {"org": tenancy.org_id(), "id": order_id})
    if found is None or not may_see(who, order_id, found["client_id"]):
        raise NotFound("There is no such order here.")
    start, end = found["starts_at"], found["ends_at"]
    order: Any = SimpleNamespace(**found, scheduled=Range(start, end) if start and end else None)
    client: Any = SimpleNamespace(id=found["client_id"], name=found["client"])
    service: Any = SimpleNamespace(id=found["service_id"], name=found["service"])
    feedback: Any = SimpleNamespace(**found["feedback"]) if found["feedback"] else None
    return OrderView(
        order=order,
        client=client,
        service=service,
        visits=[_visit(told, start, end) for told in found["visits"] or () if start and end],
        checklist=_each(found["checklist"], "done_at"),
        photos=_each(found["photos"]),
        events=_each(found["events"], "at"),
        entries=_each(found["entries"], "started_at", "ended_at"),
        feedback=feedback,
    )


def _visit(told: Mapping[str, str], start: datetime, end: datetime) -> Visit:
    return Visit(UUID(told["worker_id"]), told["name"], told["phone"], start, end)


def _each(told: list[dict[str, Any]] | None, *moments: str) -> list[Any]:
    """Returns what the database wrote as JSON as values with the columns' names; moments become times again."""
    for row in told or ():
        for name in moments:
            row[name] = row[name] and datetime.fromisoformat(row[name])
    return [SimpleNamespace(**row) for row in told or ()]
