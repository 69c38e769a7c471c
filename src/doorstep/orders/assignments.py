"""Who does an order and when. The database refuses a double booking; here it becomes an answer that helps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from doorstep.accounts.models import Worker
from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.errors import Conflict, invalid
from doorstep.core.extensions import db
from doorstep.core.transaction import constraint_of, save
from doorstep.orders import slots
from doorstep.orders.models import LONGEST_VISIT_MINUTES, Assignment, Order

GRACE: Final = timedelta(minutes=15)
FARTHEST: Final = timedelta(days=400)
NO_DOUBLE_BOOKING: Final = "no_double_booking"


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """When an order is visited and by whom, at one moment."""

    start: datetime | None = None
    end: datetime | None = None
    worker_id: UUID | None = None
    worker: str | None = None

    def differs(self, order: Order, worker_id: UUID | None) -> bool:
        """Returns whether the order's window or its worker is another than this."""
        window = order.scheduled
        return window is None or (self.start, self.end, self.worker_id) != (
            window.lower,
            window.upper,
            worker_id,
        )

    def told(self, prefix: str = "from_") -> dict[str, Any]:
        """Returns the facts as plain values for the timeline, their names beginning with `prefix`."""
        facts = {
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "worker_id": str(self.worker_id) if self.worker_id else None,
            "worker": self.worker,
        }
        return {prefix + name: value for name, value in facts.items()}


def current(order: Order) -> VisitFacts:
    """Returns the order's visit as it stands in the database."""
    window = order.scheduled
    row = db.session.execute(
        select(Worker.id, Worker.name)
        .join(Assignment, (Assignment.worker_id == Worker.id) & (Assignment.org_id == Worker.org_id))
        .where(Assignment.order_id == order.id, Assignment.active)
    ).first()
    return VisitFacts(
        window.lower if window else None,
        window.upper if window else None,
        row.id if row else None,
        row.name if row else None,
    )


def set_visit(order: Order, start: datetime, minutes: int) -> None:
    """Sets the visit window. Raises Invalid for a start in the past or too far away, or an odd length."""
    check_near(start, "start")
    if not 5 <= minutes <= LONGEST_VISIT_MINUTES:
        raise invalid("minutes", "A visit takes between 5 minutes and 24 hours.")
    order.scheduled = Range(start, start + timedelta(minutes=minutes), bounds="[)")
    order.duration_minutes = minutes


def check_near(moment: datetime, field: str) -> None:
    """Raises Invalid at the field for a time without zone, in the past or too far away to be a visit's."""
    if moment.tzinfo is None:
        raise invalid(field, "Say the time zone of the start.")
    if moment < clock.now() - GRACE:
        raise invalid(field, "This time is in the past.")
    if moment > clock.now() + FARTHEST:
        raise invalid(field, "This is too far in the future.")


def assign(order: Order, worker_id: UUID | None) -> None:
    """Gives the order's visit to this worker (to nobody for None), with the buffer after it.

    Raises Conflict with `clashes` and three free `alternatives` when the worker is taken then.
    """
    release(order)
    if worker_id is None:
        return
    worker = tenancy.get(Worker, worker_id)
    if not worker.active:
        raise invalid("worker_id", f"{worker.name} does not work here any more.")
    window = order.scheduled
    if window is None or window.lower is None or window.upper is None:
        raise Conflict("Set the time of the visit first.")
    during = Range(window.lower, window.upper + timedelta(minutes=order.buffer_minutes), bounds="[)")
    try:
        with db.session.begin_nested():
            save(Assignment(order_id=order.id, worker_id=worker_id, during=during))
    except IntegrityError as error:
        if constraint_of(error) != NO_DOUBLE_BOOKING:
            raise
        raise _clash(order, worker, during) from None


def release(order: Order) -> None:
    """Frees whoever was to do the order."""
    statement = update(Assignment).where(Assignment.order_id == order.id, Assignment.active).values(active=False)
    db.session.execute(statement)


def _clash(order: Order, worker: Worker, during: Range[datetime]) -> Conflict:
    clashes = [
        {"order_id": row.id, "number": row.number, "worker_id": worker.id, "worker": worker.name, "client": row.name,
         "start": row.scheduled.lower, "end": row.scheduled.upper}
        for row in _taken(worker.id, during, order.id)
    ]  # fmt: skip
    free = [slot.told() for slot in slots.alternatives(order, worker.id)]
    with_whom = ", ".join(f"order {c['number']} ({c['client']})" for c in clashes) or "another order"
    return Conflict(f"{worker.name} is taken then by {with_whom}.", extra={"clashes": clashes, "alternatives": free})


def _taken(worker_id: UUID, during: Range[datetime], but: UUID) -> Any:
    statement = (
        select(Order.id, Order.number, Order.scheduled, Client.name)
        .join(Assignment, (Assignment.order_id == Order.id) & (Assignment.org_id == Order.org_id))
        .join(Client, (Client.id == Order.client_id) & (Client.org_id == Order.org_id))
        .where(
            Assignment.worker_id == worker_id,
            Assignment.active,
            Assignment.during.overlaps(during),
            Order.id != but,
        )
        .order_by(Assignment.starts_at)
    )
    return db.session.execute(statement).all()
