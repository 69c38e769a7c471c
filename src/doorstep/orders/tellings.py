"""TELLINGS: who is told what by mail when something happens to an order. One table for what is sent (`notices`) and for
what a form says beforehand, so that the two cannot differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import select

from doorstep.accounts.models import Membership, User, Worker
from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.actor import DISPATCH, ROLE_PERMISSIONS, Actor
from doorstep.core.events import Event
from doorstep.core.extensions import db
from doorstep.orders.assignments import VisitFacts
from doorstep.orders.models import Order
from doorstep.orders.status import visit_kind

Reader = Literal["client", "office", "worker", "former_worker"]

OFFICE_ROLES: Final = tuple(role for role, held in ROLE_PERMISSIONS.items() if DISPATCH in held)
OUTSIDE: Final = ("public", "api")  # requests that nobody in the office typed, so they and the client are told
# Stands for the worker who is not chosen yet, while it is only said what would happen.
ANYBODY: Final = UUID(int=0)
WHOEVER: Final = "Whoever you choose"
UNREACHED: Final[Mapping[str, str]] = {
    "bounced": "gets no mail because it bounces",
    "complained": "gets no mail because they marked ours as unwanted",
}


def always(_: Event) -> bool:
    """Whatever the event brings."""
    return True


def from_outside(event: Event) -> bool:
    """Whether nobody in the office typed the request."""
    return event.subject.source in OUTSIDE


def by_client(event: Event) -> bool:
    """Whether the client did it."""
    return event.actor.kind == "client"


def in_writing(event: Event) -> bool:
    """Whether there are words to read."""
    return bool(event.data.get("text"))


def other_time(event: Event) -> bool:
    """Whether the visit has another time than before."""
    return _differs(event.data, "start", "end")


def other_worker(event: Event) -> bool:
    """Whether somebody else does it."""
    return _differs(event.data, "worker_id")


def other_visit(event: Event) -> bool:
    """Whether anything is new for whoever does it."""
    return other_time(event) or other_worker(event)


def _differs(data: Mapping[str, Any], *names: str) -> bool:
    return any(data.get(f"from_{name}") != data.get(f"to_{name}") for name in names)


@dataclass(frozen=True, slots=True)
class Telling:
    """A mail that an event brings. `worker` is who does the order from now on, `former_worker` who did it until now."""

    reader: Reader
    purpose: str
    when: Callable[[Event], bool] = always


TELLINGS: Final[Mapping[str, Sequence[Telling]]] = {
    "order.requested": (
        Telling("client", "request_received", from_outside),
        Telling("office", "new_request", from_outside),
    ),
    "order.quoted": (Telling("client", "quote"),),
    "order.scheduled": (Telling("client", "scheduled"), Telling("worker", "assigned")),
    "order.moved": (
        Telling("client", "moved", other_time),
        Telling("worker", "assigned", other_visit),
        Telling("former_worker", "released", other_worker),
    ),
    "order.declined": (Telling("client", "declined"),),
    "order.cancelled": (
        Telling("client", "cancelled"),
        Telling("office", "client_cancelled", by_client),
        Telling("former_worker", "released"),
    ),
    "order.on_the_way": (Telling("client", "on_the_way"),),
    "order.postponed": (Telling("client", "postponed"),),
    "order.completed": (Telling("client", "finished"),),
    "order.asked": (Telling("office", "client_asks"),),
    "order.answered": (Telling("client", "answer", in_writing),),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be told. `hindrance` says why no mail reaches them, in words that stand after the name."""

    name: str
    address: str = ""
    hindrance: str = ""
    phone: str = ""

    @property
    def reached(self) -> bool:
        """Whether a mail goes to them."""
        return not self.hindrance


@dataclass(frozen=True, slots=True)
class Told:
    """A telling and the people who read it."""

    telling: Telling
    people: Sequence[Person]

    @property
    def reached(self) -> list[Person]:
        """Those to whom a mail goes."""
        return [person for person in self.people if person.reached]


class Readers:
    """The people around an order, each looked up once. Nobody is told of what they did themselves."""

    def __init__(self, order: Order, client: Client | None = None) -> None:
        self._order, self._given = order, client
        self._workers: dict[UUID, Person | None] = {ANYBODY: Person(WHOEVER)}

    def of(self, reader: Reader, event: Event) -> list[Person]:
        """Returns who that reader is in this event."""
        if reader == "client":
            return [client_person(self.client)]
        if reader == "office":
            return [person for user_id, person in self._office if user_id != event.actor.id]
        found = self._worker(event, "to_worker_id" if reader == "worker" else "from_worker_id")
        return [found] if found else []

    @cached_property
    def client(self) -> Client:
        """The order's client."""
        return self._given or tenancy.get(Client, self._order.client_id)

    @cached_property
    def _office(self) -> list[tuple[UUID, Person]]:
        statement = (
            select(User.id, User.name, User.email)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.org_id == tenancy.org_id(), Membership.active, Membership.role.in_(OFFICE_ROLES))
            .order_by(User.email)
        )
        return [(row.id, Person(row.name, row.email)) for row in db.session.execute(statement)]

    def _worker(self, event: Event, name: str) -> Person | None:
        if not event.data.get(name):
            return None
        worker_id = UUID(str(event.data[name]))
        if worker_id not in self._workers:
            self._workers[worker_id] = _worker(worker_id)
        return self._workers[worker_id] if worker_id != event.actor.worker_id else None


def of(event: Event, readers: Readers | None = None) -> list[Told]:
    """Returns who is told what by an event, also by one that is only supposed; those whom no mail reaches are among
    the people."""
    around = readers or Readers(event.subject)
    holding = [telling for telling in TELLINGS[event.name] if telling.when(event)]
    return [Told(telling, people) for telling in holding if (people := around.of(telling.reader, event))]


def mails(told: Iterable[Told]) -> list[tuple[str, str]]:
    """Returns (address, purpose) of each mail."""
    return [(person.address, one.telling.purpose) for one in told for person in one.reached]


def supposed(who: Actor, order: Order, kind: str, **data: Any) -> Event:
    """Returns the event `order.<kind>` as it would be, without anybody hearing of it."""
    return Event(f"order.{kind}", who, order, data)


def visit(who: Actor, order: Order, status: str, before: VisitFacts, after: VisitFacts) -> Event:
    """Returns the event of an order that was in `status` and whose visit is set from `before` to `after`."""
    return supposed(who, order, visit_kind(status), **before.told(), **after.told("to_"))


def another_time(before: VisitFacts) -> VisitFacts:
    """Returns a visit by the same worker at some other time."""
    return replace(before, start=None, end=None)


def another_worker(before: VisitFacts) -> VisitFacts:
    """Returns the visit in the hands of somebody who is not chosen yet."""
    return replace(before, worker_id=ANYBODY, worker=WHOEVER)


def client_person(client: Client) -> Person:
    """Returns the client as a reader: a mail needs an address that works, and a client who is not put away."""
    if not client.email:
        hindrance = "has no e-mail address"
    elif not client.active:
        hindrance = "is not an active client and gets no mail"
    else:
        hindrance = UNREACHED.get(client.email_state, "")
    return Person(client.name, client.email or "", hindrance, client.phone)


def _worker(worker_id: UUID) -> Person | None:
    statement = (
        select(Worker.name, User.email)
        .join(User, User.id == Worker.user_id)
        .where(Worker.org_id == tenancy.org_id(), Worker.id == worker_id, Worker.active)
    )
    row = db.session.execute(statement).first()
    return Person(row.name, row.email) if row else None
