"""Writing the mails of what happens to an order: TELLINGS says who gets which, WRITERS how each is written. Heard
inside the open transaction: what happened and its mails are one commit. A mail is keyed by event and reader, so it is
never queued twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from doorstep.accounts.models import Organization, Worker
from doorstep.catalog.models import Service
from doorstep.clients import links
from doorstep.clients.models import Client
from doorstep.core import current, formats, tenancy
from doorstep.core.actor import Org
from doorstep.core.events import Event
from doorstep.core.extensions import db
from doorstep.notifications import order_messages as messages
from doorstep.notifications.messages import Message, OrderFacts
from doorstep.notifications.service import queue_email
from doorstep.orders import causes, tellings
from doorstep.orders.models import Assignment, Order, Photo
from doorstep.orders.tellings import Person, Reader, Readers


@dataclass(frozen=True, slots=True)
class Notice:
    """An event with what its mails need."""

    event: Event
    order: Order
    org: Org
    client: Client
    facts: OrderFacts

    @property
    def reason(self) -> str:
        """Why it was declined, cancelled or broken off."""
        return str(self.event.data.get("reason", ""))

    @property
    def words(self) -> str:
        """What somebody wrote."""
        return str(self.event.data.get("text", ""))


def tell(event: Event) -> None:
    """Queues the mails that an event brings, each with a link for its reader."""
    readers = Readers(event.subject)
    told = [one for one in tellings.of(event, readers) if one.reached]
    if not told:
        return
    notice = _notice(event, readers.client)
    for one in told:
        # Only the office is more than one person, and its mails greet nobody by name.
        url = _url(notice, one.telling.reader)
        message = WRITERS[one.telling.purpose](notice, url, one.reached[0].name)
        for person in one.reached:
            _queue(notice, message, person, notice.client.id if one.telling.reader == "client" else None)


def facts_of(order: Order, org: Org) -> tuple[Client, OrderFacts]:
    """Returns the order's client and what mails tell of the order."""
    client = tenancy.get(Client, order.client_id)
    return client, _facts(order, org, client)


def _notice(event: Event, client: Client) -> Notice:
    order: Order = event.subject
    org = db.session.execute(select(Organization).where(Organization.id == order.org_id)).scalar_one().facts()
    return Notice(event, order, org, client, _facts(order, org, client))


def _facts(order: Order, org: Org, client: Client) -> OrderFacts:
    service, window = tenancy.get(Service, order.service_id), order.scheduled
    return OrderFacts(
        number=order.number, service=service.name, client=client.name, worker=_worker_name(order.id),
        place=", ".join(part for part in (order.address, order.city) if part), price=_price(order),
        when=formats.window(window.lower, window.upper, org.zone) if window and window.lower and window.upper else "",
    )  # fmt: skip


def _queue(notice: Notice, message: Message, person: Person, client_id: UUID | None) -> None:
    queue_email(
        message,
        to=person.address,
        to_name=person.name,
        dedupe_key=f"{message.purpose}:{notice.event.id}:{person.address}",
        cause=causes.of(notice.event),
        client_id=client_id,
        order_id=notice.order.id,
    )


def _url(notice: Notice, reader: Reader) -> str:
    """Returns where a mail leads: the client's link is fresh and opens this order alone."""
    base = current.settings().public_base_url
    if reader == "client":
        return links.fresh_url(notice.client, notice.order.id)
    if reader == "office":
        return f"{base}/office/orders/{notice.order.id}"
    return f"{base}/worker/orders/{notice.order.id}" if reader == "worker" else f"{base}/worker"


def _request_received(notice: Notice, url: str, _: str) -> Message:
    return messages.request_received(notice.org, notice.facts, url=url)


def _new_request(notice: Notice, url: str, _: str) -> Message:
    return messages.new_request(notice.org, notice.facts, url=url, wish=_wish(notice), words=notice.order.details)


def _quote(notice: Notice, url: str, _: str) -> Message:
    return messages.quote(notice.org, notice.facts, url=url, note=notice.order.quote_note)


def _scheduled(notice: Notice, url: str, _: str) -> Message:
    return messages.scheduled(notice.org, notice.facts, url=url)


def _moved(notice: Notice, url: str, _: str) -> Message:
    before = _window(notice.event.data.get("from_start"), notice.event.data.get("from_end"), notice.org)
    return messages.moved(notice.org, notice.facts, url=url, before=before)


def _declined(notice: Notice, url: str, _: str) -> Message:
    return messages.declined(notice.org, notice.facts, url=url, reason=notice.reason)


def _cancelled(notice: Notice, url: str, _: str) -> Message:
    by_client = tellings.by_client(notice.event)
    return messages.cancelled(notice.org, notice.facts, url=url, reason=notice.reason, by_client=by_client)


def _client_cancelled(notice: Notice, url: str, _: str) -> Message:
    return messages.client_cancelled(notice.org, notice.facts, url=url, reason=notice.reason)


def _assigned(notice: Notice, url: str, _: str) -> Message:
    return messages.assigned(notice.org, notice.facts, url=url)


def _released(notice: Notice, url: str, name: str) -> Message:
    why = "it was cancelled" if notice.event.name == "order.cancelled" else "somebody else does it"
    return messages.released(notice.org, notice.facts, url=url, worker=name, why=why)


def _on_the_way(notice: Notice, url: str, _: str) -> Message:
    return messages.on_the_way(notice.org, notice.facts, url=url)


def _postponed(notice: Notice, url: str, _: str) -> Message:
    return messages.postponed(notice.org, notice.facts, url=url, reason=notice.reason)


def _finished(notice: Notice, url: str, _: str) -> Message:
    return messages.finished(notice.org, notice.facts, url=url, photos=_photos_to_see(notice.order))


def _client_asks(notice: Notice, url: str, _: str) -> Message:
    about = str(notice.event.data.get("about", ""))
    return messages.client_asks(notice.org, notice.facts, url=url, about=about, words=notice.words)


def _answer(notice: Notice, url: str, _: str) -> Message:
    return messages.answer(notice.org, notice.facts, url=url, words=notice.words)


# By purpose: writes the mail of a notice, with the address it leads to, for a reader of this name.
WRITERS: Final[Mapping[str, Callable[[Notice, str, str], Message]]] = {
    "request_received": _request_received,
    "new_request": _new_request,
    "quote": _quote,
    "scheduled": _scheduled,
    "moved": _moved,
    "declined": _declined,
    "cancelled": _cancelled,
    "client_cancelled": _client_cancelled,
    "assigned": _assigned,
    "released": _released,
    "on_the_way": _on_the_way,
    "postponed": _postponed,
    "finished": _finished,
    "client_asks": _client_asks,
    "answer": _answer,
}


def _photos_to_see(order: Order) -> int:
    shown = select(func.count(Photo.id)).where(
        Photo.order_id == order.id, Photo.state == "stored", Photo.visible_to_client
    )
    return int(db.session.execute(shown).scalar_one())


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
