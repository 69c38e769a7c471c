"""What can be done with an order. Each function checks the move, changes rows, writes the timeline, tells the
subscribers; none commits. Orders come locked from `queries.find(who, id, lock=True)`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from doorstep.accounts.counters import next_number
from doorstep.catalog import pricing
from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import clock
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, StaleVersion, invalid
from doorstep.core.transaction import save
from doorstep.orders import assignments, checklist, timekeeping
from doorstep.orders.models import Feedback, Order
from doorstep.orders.status import FINAL, check_move, visit_kind
from doorstep.orders.timeline import record


@dataclass(frozen=True, kw_only=True)
class NewOrder:
    """What is wished. An empty address means the client's own; `price_cents` is a price the office agreed already."""

    address: str = ""
    city: str = ""
    postal_code: str = ""
    access_notes: str = ""
    details: str = ""
    wished_at: datetime | None = None
    wish_note: str = ""
    extras: Sequence[str] = ()
    source: str = "office"
    price_cents: int | None = None


def create(who: Actor, *, client: Client, service: Service, values: NewOrder) -> Order:
    """Returns the new order, `requested`, with the service's checklist. The price comes from the service.

    Raises Invalid for a service or client that is not active, an extra that the service does not have, or a wished
    time in the past or too far away.
    """
    if not service.active:
        raise invalid("service_id", "This service is not offered any more.")
    if not client.active:
        raise invalid("client_id", "This client is not active.")
    if values.wished_at is not None:
        assignments.check_near(values.wished_at, "wished_at")
    estimate = pricing.estimate(service, values.extras)
    place = values if values.address else client
    order = save(Order(
        number=next_number("order"), client_id=client.id, service_id=service.id, currency=who.home.currency,
        duration_minutes=estimate.minutes, buffer_minutes=service.buffer_minutes,
        extras=[extra for extra in service.extras if extra["key"] in values.extras],
        address=place.address, city=place.city, postal_code=place.postal_code,
        access_notes=values.access_notes or place.access_notes, details=values.details,
        wished_at=values.wished_at, wish_note=values.wish_note, source=values.source, price_cents=values.price_cents,
        price_low_cents=estimate.low_cents, price_high_cents=estimate.high_cents, waiting_since=clock.now(),
    ))  # fmt: skip
    checklist.copy(service, order)
    record(who, order, "requested", source=values.source)
    return order


def schedule(
    who: Actor,
    order: Order,
    *,
    start: datetime,
    worker_id: UUID | None,
    minutes: int | None = None,
    version: int | None = None,
) -> Order:
    """Returns the order with its visit set: accepting, assigning and moving are this one thing.

    Raises Conflict for a move that is not allowed and for a double booking (with who and what clashes and three
    free alternatives), Invalid for a past or too long visit.
    """
    _check_version(order, version)
    check_move(order.status, "scheduled")
    if order.status == "in_progress":
        raise Conflict("Work has begun. Say first that it cannot be finished today.")
    before, former_status = assignments.current(order), order.status
    assignments.set_visit(order, start, minutes or order.duration_minutes)
    order.waiting_since = None
    if not before.differs(order, worker_id) and former_status == "scheduled":
        return order
    order.status = "scheduled"
    if order.price_cents is None:
        order.price_cents = order.price_low_cents
    assignments.assign(order, worker_id)
    record(who, order, visit_kind(former_status), **before.told(), **assignments.current(order).told("to_"))
    return order


def change(who: Actor, order: Order, values: Mapping[str, Any], *, version: int | None = None) -> Order:
    """Returns the order with its place, words or price put right. Raises Conflict once it has ended.

    `values` may name address, city, postal_code, access_notes, details and price_cents.
    """
    _check_version(order, version)
    if order.status in FINAL:
        raise Conflict("This order has ended and cannot be changed any more.")
    changed = {name: value for name, value in values.items() if getattr(order, name) != value}
    if not changed:
        return order
    for name, value in changed.items():
        setattr(order, name, value)
    record(who, order, "changed", fields=sorted(changed))
    return order


def quote(who: Actor, order: Order, *, price_cents: int, note: str = "", version: int | None = None) -> Order:
    """Returns the order with a price offered to the client, in minor units. Raises Invalid for a negative price."""
    _check_version(order, version)
    check_move(order.status, "quoted")
    if price_cents < 0:
        raise invalid("price_cents", "A price cannot be negative.")
    order.status, order.price_cents, order.quote_note, order.waiting_since = "quoted", price_cents, note, None
    order.price_low_cents = order.price_high_cents = price_cents
    record(who, order, "quoted", price_cents=price_cents, note=note)
    return order


def decline(who: Actor, order: Order, *, reason: str, version: int | None = None) -> Order:
    """Returns the declined order. Raises Invalid without a reason: the client is told it."""
    return _end(who, order, "declined", reason, version, reason_needed=True)


def cancel(who: Actor, order: Order, *, reason: str = "", version: int | None = None) -> Order:
    """Returns the cancelled order; its worker is free again."""
    return _end(who, order, "cancelled", reason, version, reason_needed=False)


def _end(who: Actor, order: Order, status: str, reason: str, version: int | None, *, reason_needed: bool) -> Order:
    _check_version(order, version)
    check_move(order.status, status)
    if reason_needed and not reason.strip():
        raise invalid("reason", "Say why; the client will read it.")
    order.status, order.reason, order.waiting_since = status, reason.strip(), None
    told = assignments.current(order).told()
    assignments.release(order)
    record(who, order, status, reason=order.reason, **told)
    return order


def on_the_way(who: Actor, order: Order) -> Order:
    """Returns the order with its worker on the way."""
    check_move(order.status, "on_the_way")
    order.status = "on_the_way"
    record(who, order, "on_the_way", **assignments.current(order).told())
    return order


def start(who: Actor, order: Order) -> Order:
    """Returns the order in progress, the clock running."""
    check_move(order.status, "in_progress")
    order.status = "in_progress"
    timekeeping.clock_in(who, order)
    record(who, order, "started")
    return order


def pause(who: Actor, order: Order, *, reason: str = "") -> Order:
    """Returns the order, still in progress, the clock stopped. Raises Conflict unless the clock runs."""
    _check_working(order)
    if not timekeeping.clock_out(order, reason):
        raise Conflict("The clock is not running.")
    record(who, order, "paused", reason=reason)
    return order


def resume(who: Actor, order: Order) -> Order:
    """Returns the order with the clock running again. Raises Conflict when it runs already."""
    _check_working(order)
    timekeeping.clock_in(who, order)
    record(who, order, "resumed")
    return order


def postpone(who: Actor, order: Order, *, reason: str) -> Order:
    """Returns the order, scheduled again because it cannot be finished today; the office finds a new time.

    Raises Invalid without a reason.
    """
    _check_working(order)
    if not reason.strip():
        raise invalid("reason", "Say why it cannot be finished today.")
    timekeeping.clock_out(order, reason)
    order.status, order.waiting_since = "scheduled", clock.now()
    record(who, order, "postponed", reason=reason.strip())
    return order


def complete(who: Actor, order: Order, *, note: str = "") -> Order:
    """Returns the finished order. Raises Conflict with `missing` (sentences) while steps or photos are open."""
    check_move(order.status, "completed")
    missing = checklist.missing(order)
    if missing:
        raise Conflict("Not everything is done yet: " + "; ".join(missing) + ".", extra={"missing": missing})
    timekeeping.clock_out(order, "")
    order.status, order.finished_at = "completed", clock.now()
    record(who, order, "completed", note=note.strip(), minutes=timekeeping.minutes(order))
    return order


def note(who: Actor, order: Order, *, text: str, for_client: bool = False) -> Order:
    """Returns the order with a note on its timeline, seen by the client too if wished."""
    if not text.strip():
        raise invalid("text", "Write something first.")
    record(who, order, "noted", text=text.strip(), for_client=for_client)
    return order


def ask(who: Actor, order: Order, *, kind: str, text: str) -> Order:
    """Returns the order with the client's wish on its timeline: `move`, `cancel`, `question` or `accept` (a quote).

    It waits for the office until somebody answers, sets a time, names a price or ends the order.
    """
    if not text.strip() and kind != "accept":
        raise invalid("text", "Write a few words, so that the office can help.")
    order.waiting_since = order.waiting_since or clock.now()
    record(who, order, "asked", about=kind, text=text.strip(), for_client=True)
    return order


def answer(who: Actor, order: Order, *, text: str = "") -> Order:
    """Returns the order with the client answered: in writing, or by other means when `text` is empty.

    A request goes on waiting for its time. Raises Conflict when nothing is waiting for an answer.
    """
    if order.waiting_since is None:
        raise Conflict("Nothing on this order waits for an answer any more.")
    if order.status != "requested":
        order.waiting_since = None
    record(who, order, "answered", text=text.strip(), for_client=bool(text.strip()))
    return order


def rate(who: Actor, order: Order, *, score: int, comment: str = "") -> Feedback:
    """Returns the client's feedback, changed when there was one. Raises Conflict before the order is finished."""
    if order.status != "completed":
        raise Conflict("The work can be rated once it is finished.")
    if not 1 <= score <= 5:
        raise invalid("score", "Choose one to five stars.")
    given = checklist.feedback_of(order) or Feedback(order_id=order.id, score=score)
    given.score, given.comment = score, comment.strip()
    save(given)
    record(who, order, "rated", score=score)
    return given


def _check_working(order: Order) -> None:
    if order.status != "in_progress":
        check_move(order.status, "in_progress")
        raise Conflict("The work has not been started yet.")


def _check_version(order: Order, version: int | None) -> None:
    if version is not None and version != order.version:
        raise StaleVersion(
            "Somebody else changed this order meanwhile. Look at it again.", extra={"version": order.version}
        )
