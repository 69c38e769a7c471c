"""Who is told what by mail when something happens to an order. Heard inside the open transaction: what happened
and its mails are one commit. A mail is keyed by event and reader, so it is never queued twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select

from doorstep.accounts.models import Membership, Organization, User, Worker
from doorstep.catalog.models import Service
from doorstep.clients import links
from doorstep.clients.models import Client
from doorstep.core import formats, tenancy
from doorstep.core.actor import DISPATCH, ROLE_PERMISSIONS, Org
from doorstep.core.events import Event
from doorstep.core.extensions import db
from doorstep.notifications import messages
from doorstep.notifications.messages import Message, OrderFacts
from doorstep.notifications.service import queue_email
from doorstep.orders.models import Assignment, Order, Photo

OFFICE_ROLES: Final = tuple(role for role, held in ROLE_PERMISSIONS.items() if DISPATCH in held)
OUTSIDE: Final = ("public", "api")  # requests that nobody in the office typed, so they and the client are told


@dataclass(frozen=True, slots=True)
class Notice:
    """An event with what its mails need, and the three readers a mail can have."""

    event: Event
    order: Order
    org: Org
    client: Client
    facts: OrderFacts

    def to_client(self, write: Callable[[str], Message]) -> None:
        """Queues what `write` makes of the address of a fresh link to the order; nothing without an e-mail address."""
        if self.client.email and self.client.active:
            url = links.fresh_url(self.client, self.order.id)
            self._queue(write(url), self.client.email, self.client.name, client_id=self.client.id)

    def to_office(self, write: Callable[[str], Message]) -> None:
        """Queues one mail for each active owner, admin and dispatcher, except who did it."""
        message = write(f"{_base_url()}/office/orders/{self.order.id}")
        for person in _office():
            if person.id != self.event.actor.id:
                self._queue(message, person.email, person.name)

    def to_worker(self, worker_id: str | None, write: Callable[[str, str], Message]) -> None:
        """Queues what `write` makes of the worker's name and the address of their day; nothing for who did it."""
        found = _worker(worker_id)
        if found and found.id != self.event.actor.worker_id:
            self._queue(write(found.name, f"{_base_url()}/worker"), found.email, found.name)

    def _queue(self, message: Message, to: str, name: str, client_id: UUID | None = None) -> None:
        key = f"{message.purpose}:{self.event.id}:{to}"
        queue_email(
            message,
            to=to,
            to_name=name,
            dedupe_key=key,
            cause=self.event.name,
            client_id=client_id,
            order_id=self.order.id,
        )


def requested(event: Event) -> None:
    """A request from outside: the client has it in writing, the office sees to it."""
    notice = _notice(event)
    if notice.order.source not in OUTSIDE:
        return
    wish, words = _wish(notice), notice.order.details
    notice.to_client(lambda url: messages.request_received(notice.org, notice.facts, url=url))
    notice.to_office(lambda url: messages.new_request(notice.org, notice.facts, url=url, wish=wish, words=words))


def quoted(event: Event) -> None:
    """A price was named: the client may accept it."""
    notice = _notice(event)
    notice.to_client(lambda url: messages.quote(notice.org, notice.facts, url=url, note=notice.order.quote_note))


def scheduled(event: Event) -> None:
    """The visit has a time: client and worker know it."""
    notice = _notice(event)
    notice.to_client(lambda url: messages.scheduled(notice.org, notice.facts, url=url))
    _assign(notice)


def moved(event: Event) -> None:
    """Another time or another worker: the client hears of the time, each worker of what changes for them."""
    notice, data = _notice(event), event.data
    other_time = (data.get("from_start"), data.get("from_end")) != (data.get("to_start"), data.get("to_end"))
    before = _window(data.get("from_start"), data.get("from_end"), notice.org)
    if other_time:
        notice.to_client(lambda url: messages.moved(notice.org, notice.facts, url=url, before=before))
    if other_time or data.get("from_worker_id") != data.get("to_worker_id"):
        _assign(notice)
    if data.get("from_worker_id") != data.get("to_worker_id"):
        _release(notice, "somebody else does it")


def declined(event: Event) -> None:
    """The office cannot do it, and says why."""
    notice = _notice(event)
    notice.to_client(lambda url: messages.declined(notice.org, notice.facts, url=url, reason=notice.order.reason))


def cancelled(event: Event) -> None:
    """It will not happen: the client has it in writing, whoever was to do it is free, the office knows who."""
    notice, reason, by_client = _notice(event), event.subject.reason, event.actor.kind == "client"
    notice.to_client(
        lambda url: messages.cancelled(notice.org, notice.facts, url=url, reason=reason, by_client=by_client)
    )
    if by_client:
        notice.to_office(lambda url: messages.client_cancelled(notice.org, notice.facts, url=url, reason=reason))
    _release(notice, "it was cancelled")


def on_the_way(event: Event) -> None:
    """The worker has set out."""
    notice = _notice(event)
    notice.to_client(lambda url: messages.on_the_way(notice.org, notice.facts, url=url))


def postponed(event: Event) -> None:
    """It could not be finished today."""
    notice, reason = _notice(event), str(event.data.get("reason", ""))
    notice.to_client(lambda url: messages.postponed(notice.org, notice.facts, url=url, reason=reason))


def completed(event: Event) -> None:
    """The work is done; there may be photos to see."""
    notice = _notice(event)
    shown = select(func.count(Photo.id)).where(
        Photo.order_id == notice.order.id, Photo.state == "stored", Photo.visible_to_client
    )
    photos = db.session.execute(shown).scalar_one()
    notice.to_client(lambda url: messages.finished(notice.org, notice.facts, url=url, photos=photos))


def asked(event: Event) -> None:
    """The client wishes something: the office hears of it."""
    notice, about, words = _notice(event), str(event.data.get("about", "")), str(event.data.get("text", ""))
    notice.to_office(lambda url: messages.client_asks(notice.org, notice.facts, url=url, about=about, words=words))


def answered(event: Event) -> None:
    """The office answered: the client reads it, unless they were told by other means."""
    notice, words = _notice(event), str(event.data.get("text", ""))
    if words:
        notice.to_client(lambda url: messages.answer(notice.org, notice.facts, url=url, words=words))


def facts_of(order: Order, org: Org) -> tuple[Client, OrderFacts]:
    """Returns the order's client and what mails tell of the order."""
    client, service = tenancy.get(Client, order.client_id), tenancy.get(Service, order.service_id)
    window = order.scheduled
    return client, OrderFacts(
        number=order.number, service=service.name, client=client.name, worker=_worker_name(order.id),
        place=", ".join(part for part in (order.address, order.city) if part), price=_price(order),
        when=formats.window(window.lower, window.upper, org.zone) if window and window.lower and window.upper else "",
    )  # fmt: skip


def _notice(event: Event) -> Notice:
    order: Order = event.subject
    org = db.session.execute(select(Organization).where(Organization.id == order.org_id)).scalar_one().facts()
    client, facts = facts_of(order, org)
    return Notice(event, order, org, client, facts)


def _assign(notice: Notice) -> None:
    order = f"/orders/{notice.order.id}"
    notice.to_worker(
        notice.event.data.get("to_worker_id"),
        lambda _, url: messages.assigned(notice.org, notice.facts, url=url + order),
    )


def _release(notice: Notice, why: str) -> None:
    notice.to_worker(
        notice.event.data.get("from_worker_id"),
        lambda name, url: messages.released(notice.org, notice.facts, url=url, worker=name, why=why),
    )


def _office() -> list[User]:
    statement = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.org_id == tenancy.org_id(), Membership.active, Membership.role.in_(OFFICE_ROLES))
        .order_by(User.email)
    )
    return list(db.session.execute(statement).scalars())


@dataclass(frozen=True, slots=True)
class _Worker:
    id: UUID
    name: str
    email: str


def _worker(worker_id: str | None) -> _Worker | None:
    if worker_id is None:
        return None
    statement = (
        select(Worker.id, Worker.name, User.email)
        .join(User, User.id == Worker.user_id)
        .where(Worker.org_id == tenancy.org_id(), Worker.id == UUID(worker_id), Worker.active)
    )
    row = db.session.execute(statement).first()
    return _Worker(row.id, row.name, row.email) if row else None


def _worker_name(order_id: UUID) -> str:
    statement = (
        select(Worker.name)
        .join(Assignment, (Assignment.org_id == Worker.org_id) & (Assignment.worker_id == Worker.id))
        .where(Assignment.order_id == order_id, Assignment.active)
        .limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none() or ""


def _wish(notice: Notice) -> str:
    order, zone = notice.order, notice.org.zone
    at = f"{formats.day(order.wished_at, zone)}, {formats.hm(order.wished_at, zone)}" if order.wished_at else ""
    return " · ".join(part for part in (at, order.wish_note) if part)


def _window(start: str | None, end: str | None, org: Org) -> str:
    if not start or not end:
        return ""
    return formats.window(datetime.fromisoformat(start), datetime.fromisoformat(end), org.zone)


def _price(order: Order) -> str:
    if order.price_cents is not None:
        return formats.money(order.price_cents, order.currency)
    ends = {cents for cents in (order.price_low_cents, order.price_high_cents) if cents is not None}
    return " – ".join(formats.money(cents, order.currency) for cents in sorted(ends))


def _base_url() -> str:
    base: str = current_app.extensions["doorstep.settings"].public_base_url
    return base
