"""The order's timeline: each thing that happens is one row here and one event for whoever listens."""

from __future__ import annotations

from typing import Any

from doorstep.core import clock, events
from doorstep.core.actor import Actor
from doorstep.core.transaction import save
from doorstep.orders.models import Order, OrderEvent


def record(who: Actor, order: Order, kind: str, **data: Any) -> OrderEvent:
    """Returns the new line of the timeline after every subscriber of `order.<kind>` has heard of it."""
    line = save(
        OrderEvent(
            order_id=order.id,
            kind=kind,
            actor_kind=who.kind,
            actor_id=who.id,
            actor_name=who.name,
            at=clock.now(),
            data=data,
        )
    )
    events.publish(f"order.{kind}", who, order, **data)
    return line
