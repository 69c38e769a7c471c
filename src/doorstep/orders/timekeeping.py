"""The clock of an order: stretches of work by worker. At most one is open per order and worker."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from doorstep.core import clock
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict
from doorstep.core.extensions import db
from doorstep.core.transaction import save
from doorstep.orders.models import Assignment, Order, TimeEntry


def clock_in(who: Actor, order: Order) -> TimeEntry | None:
    """Returns the stretch that begins now, for the acting worker or else the assigned one; None without any.

    Raises Conflict when the clock runs already.
    """
    if running(order):
        raise Conflict("The clock is already running.")
    worker_id = who.worker_id or _assigned(order)
    if worker_id is None:
        return None
    return save(TimeEntry(order_id=order.id, worker_id=worker_id, started_at=clock.now()))


def clock_out(order: Order, reason: str) -> bool:
    """Ends the open stretches. Returns whether there was one."""
    open_entries = running(order)
    for entry in open_entries:
        entry.ended_at, entry.reason = max(clock.now(), entry.started_at), reason.strip()
    db.session.flush()
    return bool(open_entries)


def running(order: Order) -> list[TimeEntry]:
    """Returns the open stretches."""
    statement = select(TimeEntry).where(TimeEntry.order_id == order.id, TimeEntry.ended_at.is_(None))
    return list(db.session.execute(statement).scalars())


def entries(order: Order) -> list[TimeEntry]:
    """Returns all stretches, oldest first."""
    statement = select(TimeEntry).where(TimeEntry.order_id == order.id).order_by(TimeEntry.started_at)
    return list(db.session.execute(statement).scalars())


def minutes(order: Order) -> int:
    """Returns the minutes worked so far, rounded down, the open stretch included."""
    spans = [(entry.ended_at or clock.now()) - entry.started_at for entry in entries(order)]
    return int(sum(span.total_seconds() for span in spans) // 60)


def _assigned(order: Order) -> UUID | None:
    statement = select(Assignment.worker_id).where(Assignment.order_id == order.id, Assignment.active).limit(1)
    return db.session.execute(statement).scalar_one_or_none()
