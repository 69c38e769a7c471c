"""A visitor's request becomes an order: one way in for the page and for the JSON API. Nothing here commits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from doorstep.catalog import pricing
from doorstep.catalog import service as catalog
from doorstep.catalog.models import Service
from doorstep.catalog.pricing import Estimate
from doorstep.clients import contact
from doorstep.clients import service as clients
from doorstep.clients.models import Client
from doorstep.core import clock, ids, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, NotFound, invalid
from doorstep.core.extensions import db
from doorstep.core.http.idempotency import KEPT, IdempotencyKey
from doorstep.orders import service as orders
from doorstep.orders.models import Order
from doorstep.orders.service import NewOrder
from doorstep.portals import public_times

ACTOR: Final = "visitor:form"


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that a visitor asked for."""

    order_id: UUID
    number: int


class AlreadySent(Conflict):
    """The same form was sent before with other words in it."""


def offered_service(service_id: UUID) -> Service:
    """Returns the service a visitor chose. Raises Invalid when it is not offered (any more)."""
    try:
        return catalog.public_service(service_id)
    except NotFound:
        raise invalid("service", "This is not offered any more. Choose another one.") from None


def estimate(values: Mapping[str, Any]) -> tuple[Service, Estimate]:
    """Returns the chosen service and what it is expected to cost. Raises Invalid for an unknown service or extra."""
    service = offered_service(values["service"])
    return service, pricing.estimate(service, values["extras"])


def place(who: Actor, values: Mapping[str, Any]) -> Order:
    """Returns the new order of a visitor. The price is computed here, whatever the request said.

    Raises Invalid for a value that is not usable, Conflict with fresh ones when the wished time is not free.
    """
    service, expected = estimate(values)
    phone = usable_phone(who, values["phone"])
    if values["wished_at"] is not None:
        public_times.check_free(service, values["wished_at"], expected.minutes, who.home.zone)
    client = _client(values, phone)
    wished = NewOrder(
        **{name: values[name] for name in ("address", "city", "postal_code", "access_notes", "wish_note", "extras")},
        wished_at=values["wished_at"],
        details=_details(values["details"], _contact_of_request(client, values["name"], phone)),
        source="public",
    )
    return orders.create(replace(who, name=values["name"]), client=client, service=service, values=wished)


def place_once(who: Actor, values: Mapping[str, Any], token: str) -> Placed:
    """Returns the order of a form; sent again under the same token it is the same order, also when both arrive at once.

    Raises AlreadySent when it comes again with other words in it, and what `place` raises.
    """
    said = hashlib.sha256(orjson.dumps(dict(values), option=orjson.OPT_SORT_KEYS)).digest()
    mine = _claim(token, said)
    if mine is None:
        return _earlier(token, said)
    order = place(who, values)
    placed = Placed(order.id, order.number)
    row = tenancy.get(IdempotencyKey, mine)
    row.status, row.mimetype, row.response = 303, "application/json", orjson.dumps(placed)
    return placed


def _claim(token: str, said: bytes) -> UUID | None:
    row = {
        "org_id": tenancy.org_id(), "id": ids.new(), "actor": ACTOR, "key": token, "request_sha256": said,
        "created_at": clock.now(), "expires_at": clock.now() + KEPT,
    }  # fmt: skip
    statement = insert(IdempotencyKey).values(row).on_conflict_do_nothing().returning(IdempotencyKey.id)
    return db.session.execute(statement).scalar_one_or_none()


def _earlier(token: str, said: bytes) -> Placed:
    statement = select(IdempotencyKey).where(IdempotencyKey.actor == ACTOR, IdempotencyKey.key == token)
    first = db.session.execute(statement).scalar_one()
    found = orjson.loads(first.response or b"{}")
    if first.request_sha256 != said:
        raise AlreadySent(f"You have sent this form already: it is order {found['number']}.", extra=found)
    return Placed(UUID(found["order_id"]), found["number"])


def _client(values: Mapping[str, Any], phone: str) -> Client:
    """A known client's record stays as it is: anybody may type anybody's address into a public form."""
    given = {"name": values["name"], "email": values["email"]}
    if clients.by_email(values["email"]) is None:
        given |= {"phone": phone, **{name: values[name] for name in ("address", "city", "postal_code")}}
    return clients.find_or_create(**given)


def _contact_of_request(client: Client, name: str, phone: str) -> str:
    """What this request says about the person and the client's record does not."""
    said = [(name, client.name), (phone, client.phone)]
    return ", ".join(given for given, known in said if given and given.casefold() != known.casefold())


def _details(details: str, person: str) -> str:
    return "\n\n".join(
        part for part in (details, f"Contact given with the request: {person}" if person else "") if part
    )


def usable_phone(who: Actor, typed: str) -> str:
    """Returns the number in its international form. Raises Invalid at `phone`."""
    try:
        return contact.phone_number(typed, contact.region_of(who.home.settings))
    except ValueError as error:
        raise invalid("phone", str(error)) from None
