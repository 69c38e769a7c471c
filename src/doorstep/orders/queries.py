"""Reading orders: one, a list, a day, a client's. Each takes a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from doorstep.accounts.models import TimeOff, Worker
from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.actor import DISPATCH, FINANCE, VIEW, Actor
from doorstep.core.errors import NotFound
from doorstep.core.extensions import db
from doorstep.core.http.paging import Keyset, by_time, split
from doorstep.orders import checklist, timekeeping
from doorstep.orders.models import Assignment, ChecklistItem, Feedback, Order, OrderEvent, Photo, TimeEntry
from doorstep.orders.status import OPEN, VISITING

NEWEST: Final = by_time(Order.created_at, Order.id)
BY_VISIT: Final = by_time(Order.starts_at, Order.id, descending=False)


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
    """Everything about one order, for its pages."""

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
class OrderFilter:
    """What a list shows. Empty means all; `first` and `last` are days of the visit in the organization's zone."""

    status: Sequence[str] = ()
    worker_id: UUID | None = None
    client_id: UUID | None = None
    unassigned: bool = False
    first: datetime | None = None
    until: datetime | None = None
    search: str = ""
    by_visit: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """A day of the office: each worker's visits, the visits without a worker, who is away."""

    day: date
    start: datetime
    end: datetime
    workers: Sequence[Worker]
    rows: Sequence[dict[str, Any]]
    away: Sequence[TimeOff]

    def of(self, worker_id: UUID | None) -> list[dict[str, Any]]:
        """Returns the visits of a worker, or of nobody."""
        return [row for row in self.rows if row["worker_id"] == worker_id]


def find(who: Actor, order_id: UUID, *, lock: bool = False) -> Order:
    """Returns the order, locked if wished. Raises NotFound unless this actor may see it: members of the office
    all orders, workers those assigned to them, clients their own (or their link's one)."""
    order = tenancy.get(Order, order_id, lock=lock)
    if who.kind == "system" or who.may(VIEW, DISPATCH, FINANCE):
        return order
    own_order = who.kind == "client" and order.client_id == who.id and who.order_id in (None, order.id)
    if own_order or (who.worker_id is not None and is_assigned(order.id, who.worker_id)):
        return order
    raise NotFound("There is no such order here.")


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


def line(order_id: UUID) -> dict[str, Any]:
    """Returns the order as a list's row. Raises NotFound."""
    row = db.session.execute(_lines().where(Order.id == order_id)).first()
    if row is None:
        raise NotFound("There is no such order here.")
    return _told(row)


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


_ROW: Final[tuple[Any, ...]] = (
    Order.id, Order.number, Order.status, Order.scheduled, Order.wished_at, Order.created_at, Order.starts_at, Order.city,
    Order.address, Order.postal_code, Order.price_cents, Order.price_low_cents, Order.price_high_cents, Order.currency,
    Order.duration_minutes, Order.client_id, Order.version, Client.name.label("client"), Service.name.label("service"),
    Worker.id.label("worker_id"), Worker.name.label("worker"),
)  # fmt: skip


def _lines() -> Select[Any]:
    statement: Select[Any] = (
        select(*_ROW)
        .join(Client, (Client.org_id == Order.org_id) & (Client.id == Order.client_id))
        .join(Service, (Service.org_id == Order.org_id) & (Service.id == Order.service_id))
        .outerjoin(
            Assignment,
            (Assignment.org_id == Order.org_id) & (Assignment.order_id == Order.id) & Assignment.active,
        )
        .outerjoin(Worker, (Worker.org_id == Assignment.org_id) & (Worker.id == Assignment.worker_id))
        .where(Order.org_id == tenancy.org_id())
    )
    return statement


def _told(row: Any) -> dict[str, Any]:
    told = dict(row._mapping)
    window, told["start"], told["end"] = told.pop("scheduled"), None, None
    if window is not None:
        told["start"], told["end"] = window.lower, window.upper
    del told["starts_at"]
    return told


def rows(wanted: OrderFilter, limit: int, cursor: str | None = None) -> tuple[list[dict[str, Any]], str | None]:
    """Returns a page of orders as plain rows, newest first (or by visit), and the cursor of the next page."""
    by_visit = wanted.by_visit or wanted.first is not None or wanted.until is not None
    keyset: Keyset = BY_VISIT if by_visit else NEWEST
    statement = keyset.page(_filtered(_lines(), wanted, by_visit), limit, cursor)
    found = db.session.execute(statement).all()
    shown, following = split(found, limit, lambda r: (r.starts_at if by_visit else r.created_at, str(r.id)))
    return [_told(row) for row in shown], following


def _filtered(statement: Select[Any], wanted: OrderFilter, by_visit: bool) -> Select[Any]:
    conditions: list[Any] = []
    if by_visit:
        conditions.append(Order.starts_at.is_not(None))
    if wanted.status:
        conditions.append(Order.status.in_(wanted.status))
    if wanted.client_id:
        conditions.append(Order.client_id == wanted.client_id)
    if wanted.worker_id:
        conditions.append(Assignment.worker_id == wanted.worker_id)
    if wanted.unassigned:
        conditions += [Assignment.id.is_(None), Order.status.in_(VISITING)]
    if wanted.first:
        conditions.append(Order.starts_at >= wanted.first)
    if wanted.until:
        conditions.append(Order.starts_at < wanted.until)
    if wanted.search:
        conditions.append(_matches(wanted.search))
    return statement.where(*conditions)


def _matches(words: str) -> Any:
    words = words.strip()
    if words.isdigit():
        return Order.number == int(words[:9])
    return func.starts_with(func.lower(Client.name), words.lower())


def inbox(limit: int = 50) -> list[dict[str, Any]]:
    """Returns what waits for the office: requests, the oldest first."""
    statement = _lines().where(Order.status == "requested").order_by(Order.created_at, Order.id).limit(limit)
    return [_told(row) for row in db.session.execute(statement)]


def board(day: date, zone: ZoneInfo) -> Board:
    """Returns one day (midnight to midnight on the organization's clock)."""
    start, end = day_span(day, zone)
    statement = _lines().where(
        Order.starts_at >= start, Order.starts_at < end, Order.status.not_in(("declined", "cancelled"))
    )
    lines = [_told(row) for row in db.session.execute(statement.order_by(Order.starts_at, Order.id))]
    workers = db.session.execute(select(Worker).where(Worker.active).order_by(Worker.name)).scalars().all()
    away = db.session.execute(select(TimeOff).where(TimeOff.during.overlaps(_range(start, end)))).scalars().all()
    return Board(day, start, end, workers, lines, away)


def worker_day(worker_id: UUID, day: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Returns a worker's visits of one day in their order, with the phone number and how to get in."""
    start, end = day_span(day, zone)
    statement = (
        _lines()
        .add_columns(Client.phone.label("client_phone"), Order.access_notes, Order.details)
        .where(Assignment.worker_id == worker_id, Order.starts_at >= start, Order.starts_at < end)
        .where(Order.status.not_in(("declined", "cancelled")))
        .order_by(Order.starts_at, Order.id)
    )
    return [_told(row) for row in db.session.execute(statement)]


def for_client(client_id: UUID, limit: int = 100) -> list[dict[str, Any]]:
    """Returns a client's orders, newest first."""
    statement = (
        _lines().where(Order.client_id == client_id).order_by(Order.created_at.desc(), Order.id.desc()).limit(limit)
    )
    return [_told(row) for row in db.session.execute(statement)]


def counts(most: int = 99) -> dict[str, int]:
    """Returns how many orders wait in each open status and how many visits have no worker, counted up to `most`
    each, so that the cost does not grow with the backlog."""
    found = {status: _count(select(Order.id).where(Order.status == status), most) for status in OPEN}
    taken = exists().where(Assignment.org_id == Order.org_id, Assignment.order_id == Order.id, Assignment.active)
    found["unassigned"] = _count(select(Order.id).where(Order.status.in_(VISITING), ~taken), most)
    return found


def _count(statement: Select[Any], most: int) -> int:
    return db.session.execute(select(func.count()).select_from(statement.limit(most).subquery())).scalar_one()


def day_span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Returns when the day begins and ends, on the clock of `zone`: 23 or 25 hours long when clocks change."""
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _range(start: datetime, end: datetime) -> Any:
    return func.tstzrange(start, end)
