"""Orders as plain values for JSON. Kept apart from the schemas because dumping through them costs more than the
query itself; a test proves that both agree."""

from __future__ import annotations

from typing import Any

from doorstep.orders import checklist, queries
from doorstep.orders.models import ChecklistItem, Order, OrderEvent
from doorstep.orders.status import MOVES

_OWN = (
    "service_id", "access_notes", "details", "wish_note", "quote_note", "reason", "source", "finished_at", "extras",
)  # fmt: skip


def whole(order: Order) -> dict[str, Any]:
    """Returns one order with its checklist and the statuses it can go to."""
    return {
        **queries.line(order.id),
        **{name: getattr(order, name) for name in _OWN},
        "checklist": [step(item) for item in checklist.items(order)],
        "allowed": list(MOVES[order.status]),
    }


def step(item: ChecklistItem) -> dict[str, Any]:
    """Returns a step of the checklist."""
    return {
        "id": item.id,
        "label": item.label,
        "phase": item.phase,
        "photo_required": item.photo_required,
        "required": item.required,
        "done_at": item.done_at,
        "done_by": item.done_by,
    }


def event(line: OrderEvent) -> dict[str, Any]:
    """Returns a line of the timeline."""
    return {
        "id": line.id,
        "kind": line.kind,
        "actor_kind": line.actor_kind,
        "actor": line.actor_name,
        "at": line.at,
        "data": line.data,
    }
