"""What hangs on an order as plain values for JSON; a test holds them and the schemas together."""

from __future__ import annotations

from typing import Any

from doorstep.orders.models import ChecklistItem, OrderEvent


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
