"""Reading orders: one, a list, a day, a client's. Each takes a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from orjson import Fragment
from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from doorstep.accounts.models import TimeOff, Worker
from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.actor import DISPATCH, FINANCE, VIEW, Actor
from doorstep.core.errors import NotFound
from doorstep.core.extensions import db
from doorstep.orders import checklist, lines, timekeeping
from doorstep.orders.lines import Line, OrderFilter
from doorstep.orders.models import (
    LONGEST_VISIT_MINUTES,
    Assignment,
    ChecklistItem,
    Feedback,
    Order,
    OrderEvent,
    Photo,
    TimeEntry,
)
from doorstep.orders.status import MOVES, VISITING

T = TypeVar("T")

ALLOWED: Final = orjson.dumps(MOVES).decode()
MOST_A_DAY: Final = 1000
MOST_WAITING: Final = 99


@dataclass(frozen=True, slots=True)
class Visit:
    """A worker on an order and when."""

    worker_id: UUID
    worker_name: str
    worker_phone: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class OrderView:
    """Everything about one order, for its pages: rows of the session, or plain values of the same names (`sheets`)."""

    order: Order
    client: Client
    service: Service
    visits: Sequence[Visit]
    checklist: Sequence[ChecklistItem]
    photos: Sequence[Photo]
    events: Sequence[OrderEvent]
    entries: Sequence[TimeEntry]
    feedback: Feedback | None

    @property
    def running(self) -> bool:
        """Whether the clock runs."""
        return any(entry.ended_at is None for entry in self.entries)

    def photos_of(self, phase: str) -> list[Photo]:
        """Returns the photos of one phase, oldest first."""
        return [photo for photo in self.photos if photo.phase == phase]


@dataclass(frozen=True, slots=True)
class Board:
    """A day of the office: each worker's visits, the visits without a worker, who is away."""

    day: date
    start: datetime
    end: datetime
    workers: Sequence[Worker]
    rows: Sequence[Line]
    away: Sequence[TimeOff]

    def of(self, worker_id: UUID | None) -> list[Line]:
        """Returns the visits of a worker, or of nobody."""
        return [row for row in self.rows if row["worker_id"] == worker_id]


def find(who: Actor, order_id: UUID, *, lock: bool = False) -> Order:
    """Returns the order, locked if wished. Raises NotFound unless this actor may see it: members of the office
    all orders, workers those assigned to them, clients their own (or their link's one)."""
    order = tenancy.get(Order, order_id, lock=lock)
    if not may_see(who, order.id, order.client_id):
        raise NotFound("There is no such order here.")
    return order


def may_see(who: Actor, order_id: UUID, client_id: UUID) -> bool:
    """Returns whether the actor may see this order of this client."""
    if who.kind == "system" or who.may(VIEW, DISPATCH, FINANCE):
        return True
    if who.kind == "client":
        return client_id == who.id and who.order_id in (None, order_id)
    return who.worker_id is not None and is_assigned(order_id, who.worker_id)


def is_assigned(order_id: UUID, worker_id: UUID) -> bool:
    """Returns whether the worker is on the order."""
    mine = select(Assignment.id).where(
        Assignment.order_id == order_id, Assignment.worker_id == worker_id, Assignment.active
    )
    return db.session.execute(mine).first() is not None


def view(order: Order) -> OrderView:
    """Returns everything about the order."""
    return OrderView(
        order=order,
        client=tenancy.get(Client, order.client_id),
        service=tenancy.get(Service, order.service_id),
        visits=_visits(order),
        checklist=checklist.items(order),
        photos=_all(Photo, order, Photo.created_at, Photo.state == "stored"),
        events=timeline(order),
        entries=timekeeping.entries(order),
        feedback=checklist.feedback_of(order),
    )


def timeline(order: Order) -> list[OrderEvent]:
    """Returns what happened to the order, oldest first."""
    return _all(OrderEvent, order, OrderEvent.at)


def numbers(order_ids: Collection[UUID]) -> dict[UUID, int]:
    """Returns the number of each of these orders, by id."""
    if not order_ids:
        return {}
    statement = select(Order.id, Order.number).where(Order.org_id == tenancy.org_id(), Order.id.in_(order_ids))
    return {row.id: row.number for row in db.session.execute(statement)}


def line(order_id: UUID) -> Line:
    """Returns the order as a list's row. Raises NotFound."""
    return _only(lines.fetch({"id": order_id}, order=lines.NEWEST, limit=1))


def written(who: Actor, order_id: UUID) -> Fragment:
    """Returns one order with its checklist and the moves it allows, as JSON. Raises NotFound unless this actor may
    see it."""
    wanted = {"id": order_id, "moves": ALLOWED}
    text = _only(lines.written(wanted, order=lines.NEWEST, limit=1, more=lines.WHOLE))
    if not may_see(who, order_id, UUID(orjson.loads(text)["client_id"])):
        raise NotFound("There is no such order here.")
    return Fragment(text)


def _only(found: list[T]) -> T:
    if not found:
        raise NotFound("There is no such order here.")
    return found[0]


def _all(model: Any, order: Order, by: InstrumentedAttribute[datetime], *conditions: Any) -> list[Any]:
    statement = select(model).where(model.order_id == order.id, *conditions).order_by(by, model.id)
    return list(db.session.execute(statement).scalars())


def _visits(order: Order) -> list[Visit]:
    window = order.scheduled
    if window is None or window.lower is None or window.upper is None:
        return []
    statement = (
        select(Worker.id, Worker.name, Worker.phone)
        .join(Assignment, (Assignment.worker_id == Worker.id) & (Assignment.org_id == Worker.org_id))
        .where(Assignment.order_id == order.id, Assignment.active)
        .order_by(Worker.name)
    )
    return [Visit(row.id, row.name, row.phone, window.lower, window.upper) for row in db.session.execute(statement)]


def rows(wanted: OrderFilter, limit: int, cursor: str | None = None) -> tuple[list[Line], str | None]:
    """Returns a page of orders as plain rows, newest first (or by visit), and the cursor of the next page."""
    return lines.page(wanted, limit, cursor)


def written_rows(wanted: OrderFilter, limit: int, cursor: str | None = None) -> tuple[list[Fragment], str | None]:
    """Returns the same page as JSON for programs."""
    return lines.written_page(wanted, limit, cursor)


def inbox(limit: int = 50) -> list[Line]:
    """Returns what waits for the office, longest first: requests, clients' wishes, visits that broke off. `why` is
    the event of the latter two: its `kind` and `data`."""
    return lines.fetch({"waiting": True}, order=lines.LONGEST_WAIT, limit=limit, more=lines.WHY)


def board(day: date, zone: ZoneInfo) -> Board:
    """Returns one day (midnight to midnight on the organization's clock)."""
    start, end = day_span(day, zone)
    shown = lines.fetch(_day(start, end), order=lines.BY_VISIT, limit=MOST_A_DAY)
    workers = db.session.execute(select(Worker).where(Worker.active).order_by(Worker.name)).scalars().all()
    away = db.session.execute(select(TimeOff).where(TimeOff.during.overlaps(_range(start, end)))).scalars().all()
    return Board(day, start, end, workers, shown, away)


def worker_day(worker_id: UUID, day: date, zone: ZoneInfo) -> list[Line]:
    """Returns a worker's visits of one day in their order, with the phone number and how to get in."""
    wanted = {**_day(*day_span(day, zone)), "worker_id": worker_id}
    return lines.fetch(wanted, order=lines.BY_VISIT, limit=MOST_A_DAY, more=lines.TO_GET_IN)


def _day(start: datetime, end: datetime) -> dict[str, Any]:
    """What takes place on a day, also when it began before midnight; `first` is for the index."""
    first = start.astimezone(UTC) - timedelta(minutes=LONGEST_VISIT_MINUTES)
    return {"first": first, "until": end, "ends_after": start, "not_status": ["declined", "cancelled"]}


def for_client(client_id: UUID, limit: int = 100) -> list[Line]:
    """Returns a client's orders, newest first."""
    return lines.fetch({"client_id": client_id}, order=lines.NEWEST, limit=limit)


def waiting() -> dict[str, int]:
    """Returns how many orders wait for the office (`requests`) and how many visits have no worker (`unassigned`),
    each counted up to MOST_WAITING, so that the cost does not grow with the backlog."""
    taken = exists().where(Assignment.org_id == Order.org_id, Assignment.order_id == Order.id, Assignment.active)
    kinds = {"requests": Order.waiting_since.is_not(None), "unassigned": and_(Order.status.in_(VISITING), ~taken)}
    counts = [_up_to_most(condition).label(name) for name, condition in kinds.items()]
    return dict(db.session.execute(select(*counts)).one()._mapping)


def _up_to_most(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    some = select(Order.id).where(Order.org_id == tenancy.org_id(), condition).limit(MOST_WAITING).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def day_span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Returns when the day begins and ends, on the clock of `zone`: 23 or 25 hours long when clocks change."""
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _range(start: datetime, end: datetime) -> Any:
    return func.tstzrange(start, end)
