"""The JSON addresses of orders. Each view: fetch what the actor may see, one service call, answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from orjson import Fragment

from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.actor import Actor
from doorstep.core.http.versions import take_seen
from doorstep.core.transaction import transaction
from doorstep.orders import checklist, queries, service, shapes, slots
from doorstep.orders.lines import OrderFilter
from doorstep.orders.models import Order
from doorstep.orders.service import NewOrder

Answer = dict[str, Any] | Fragment


def index(who: Actor, query: dict[str, Any]) -> Answer:
    """List orders, newest first, or by visit when a time range is given."""
    wanted = OrderFilter(
        status=query["status"],
        worker_id=query["worker"],
        client_id=query["client"],
        unassigned=query["unassigned"],
        first=query["first"],
        until=query["until"],
        search=query["search"],
    )
    items, following = queries.written_rows(wanted, query["limit"], query["cursor"])
    return {"items": items, "next_cursor": following}


def create(who: Actor, body: dict[str, Any]) -> Answer:
    """Make an order for a client."""
    client = tenancy.get(Client, body.pop("client_id"))
    ordered = tenancy.get(Service, body.pop("service_id"))
    source = "api" if who.kind == "token" else "office"
    with transaction():
        order = service.create(who, client=client, service=ordered, values=NewOrder(**body, source=source))
    return queries.written(who, order.id)


def show(who: Actor, order_id: UUID) -> Answer:
    """Show one order with its checklist and the moves it allows."""
    return queries.written(who, order_id)


def change(who: Actor, order_id: UUID, body: dict[str, Any]) -> Answer:
    """Put right the place, the words or the price of an order."""
    version = take_seen(body)
    return _do(who, order_id, lambda order: service.change(who, order, body, version=version))


def schedule(who: Actor, order_id: UUID, body: dict[str, Any]) -> Answer:
    """Set or move the visit and its worker; a clash answers 409 with alternatives."""
    version = take_seen(body)
    return _do(who, order_id, lambda order: service.schedule(who, order, version=version, **body))


def quote(who: Actor, order_id: UUID, body: dict[str, Any]) -> Answer:
    """Offer the client a price."""
    version = take_seen(body)
    return _do(who, order_id, lambda order: service.quote(who, order, version=version, **body))


def decline(who: Actor, order_id: UUID, body: dict[str, Any]) -> Answer:
    """Decline a request, with a reason that the client reads."""
    version = take_seen(body)
    return _do(who, order_id, lambda order: service.decline(who, order, version=version, **body))


def cancel(who: Actor, order_id: UUID, body: dict[str, Any]) -> Answer:
    """Cancel an order."""
    version = take_seen(body)
    return _do(who, order_id, lambda order: service.cancel(who, order, version=version, **body))


def on_the_way(who: Actor, order_id: UUID) -> Answer:
    """The worker sets out."""
    return _do(who, order_id, lambda order: service.on_the_way(who, order))


def start(who: Actor, order_id: UUID) -> Answer:
    """Work begins; the clock runs."""
    return _do(who, order_id, lambda order: service.start(who, order))


def pause(who: Actor, order_id: UUID, body: dict[str, Any]) -> Answer:
    """Stop the clock for a while."""
    return _do(who, order_id, lambda order: service.pause(who, order, reason=body["reason"]))


def resume(who: Actor, order_id: UUID) -> Answer:
    """Let the clock run again."""
    return _do(who, order_id, lambda order: service.resume(who, order))


def postpone(who: Actor, order_id: UUID, body: dict[str, Any]) -> Answer:
    """It cannot be finished today; the office finds a new time."""
    return _do(who, order_id, lambda order: service.postpone(who, order, reason=body["reason"]))


def complete(who: Actor, order_id: UUID, body: dict[str, Any]) -> Answer:
    """Finish the order; 409 with `missing` while steps or photos are open."""
    return _do(who, order_id, lambda order: service.complete(who, order, note=body["note"]))


def note(who: Actor, order_id: UUID, body: dict[str, Any]) -> Answer:
    """Add a note to the timeline."""
    return _do(who, order_id, lambda order: service.note(who, order, **body))


def tick(who: Actor, order_id: UUID, item_id: UUID, body: dict[str, Any]) -> Answer:
    """Tick or untick a step of the checklist."""
    with transaction():
        item = checklist.tick(who, queries.find(who, order_id, lock=True), item_id, done=body["done"])
    return shapes.step(item)


def events(who: Actor, order_id: UUID) -> Answer:
    """Show the order's timeline, oldest first."""
    found = queries.timeline(queries.find(who, order_id))
    return {"items": [shapes.event(line) for line in found], "next_cursor": None}


def free_slots(who: Actor, query: dict[str, Any]) -> Answer:
    """List free times for a service."""
    wanted = tenancy.get(Service, query["service"])
    only = [query["worker"]] if query["worker"] else None
    return {"items": [slot.told() for slot in slots.free(wanted, query["first"], query["last"], worker_ids=only)]}


def _do(who: Actor, order_id: UUID, act: Callable[[Order], Order]) -> Answer:
    with transaction():
        order = act(queries.find(who, order_id, lock=True))
    return queries.written(who, order.id)
