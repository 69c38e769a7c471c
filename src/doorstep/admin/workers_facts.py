"""What the office's pages show of workers, each page in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import Range

from doorstep.accounts import hours, invitations, workers
from doorstep.accounts.models import Membership, TimeOff, Worker
from doorstep.clients.models import Client
from doorstep.core import clock, formats
from doorstep.core.extensions import db
from doorstep.orders import queries
from doorstep.orders.lines import Line, OrderFilter
from doorstep.orders.models import LONGEST_VISIT_MINUTES, Assignment, Order
from doorstep.orders.status import VISITING

COMING: Final = 10
MOST_AWAY: Final = 100
MOST_CLASHES: Final = 200
MOST_COUNTED: Final = 50
LONGEST: Final = timedelta(minutes=2 * LONGEST_VISIT_MINUTES)


@dataclass(frozen=True, slots=True)
class SignIn:
    """How a worker gets in: `role` is that of their membership, empty while they have none; `invited` the address
    that has an open invitation."""

    role: str = ""
    invited: str = ""

    @property
    def by_link(self) -> bool:
        """Whether the office may hand them a link; whoever may do more than work signs in in person."""
        return self.role == "worker"


@dataclass(frozen=True, slots=True)
class Clash:
    """A visit that was promised for a time at which its worker is away."""

    id: UUID
    number: int
    client: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Away:
    """A time off in words, and the visits that need somebody else because of it."""

    id: UUID
    words: str
    reason: str
    now: bool
    clashes: Sequence[Clash] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A worker as the list shows them."""

    worker: Worker
    hours: str
    visits_today: int
    away: Away | None
    sign_in: SignIn


@dataclass(frozen=True, slots=True)
class Look:
    """A worker as their own page shows them. `cursor` leads to the visits after the `coming` ones."""

    worker: Worker
    sign_in: SignIn
    week: Sequence[tuple[str, str]]  # the day's key and its hours in words
    today: Sequence[Line]
    coming: Sequence[Line]
    cursor: str | None
    away: Sequence[Away]

    @property
    def clashes(self) -> list[Clash]:
        """The visits that need somebody else, each once."""
        return list({clash.id: clash for away in self.away for clash in away.clashes}.values())

    @property
    def left_over(self) -> int:
        """How many visits are still with a worker who gets no orders any more; of the coming ones those shown."""
        open_today = [line for line in self.today if line["status"] in VISITING]
        return 0 if self.worker.active else len(open_today) + len(self.coming)


def cards(listed: Sequence[Worker], zone: ZoneInfo) -> list[Card]:
    """Returns the workers with their day, their next time off and how they sign in."""
    ids = [worker.id for worker in listed]
    visits, away, ways = _visits_today(ids, zone), workers.next_time_off(ids), sign_ins(listed)
    return [
        Card(
            worker=worker,
            hours=hours.in_words(worker.weekly_hours),
            visits_today=visits.get(worker.id, 0),
            away=_away(away[worker.id], zone) if worker.id in away else None,
            sign_in=ways[worker.id],
        )
        for worker in listed
    ]


def look(worker: Worker, zone: ZoneInfo, cursor: str | None = None) -> Look:
    """Returns everything about one worker. Raises Invalid for a cursor that is not ours."""
    today = clock.now().astimezone(zone).date()
    tomorrow = queries.day_span(today, zone)[1]
    later = OrderFilter(status=VISITING, worker_id=worker.id, first=tomorrow, by_visit=True)
    coming, following = queries.rows(later, COMING, cursor)
    clashes = _clashes(worker.id)
    absences = workers.time_off(worker.id, MOST_AWAY)[0]
    return Look(
        worker=worker,
        sign_in=sign_ins([worker])[worker.id],
        week=[(day, hours.spans_in_words(worker.weekly_hours.get(day, []))) for day in hours.DAYS],
        today=queries.worker_day(worker.id, today, zone),
        coming=coming,
        cursor=following,
        away=[_away(row, zone, clashes.get(row.id, ())) for row in absences],
    )


def sign_ins(listed: Sequence[Worker]) -> dict[UUID, SignIn]:
    """Returns how each of the workers signs in."""
    people = [worker.user_id for worker in listed if worker.user_id]
    statement = select(Membership.user_id, Membership.role).where(Membership.user_id.in_(people), Membership.active)
    roles = {row.user_id: row.role for row in db.session.execute(statement)}
    invited = invitations.open_to([worker.id for worker in listed])
    return {
        worker.id: SignIn(
            role=roles.get(worker.user_id, ""),
            invited=invited[worker.id].email if worker.id in invited and not worker.user_id else "",
        )
        for worker in listed
    }


def open_visits(worker_id: UUID) -> int:
    """Returns how many visits of the worker are not over, counted up to MOST_COUNTED."""
    since = clock.now() - timedelta(days=1)
    wanted = OrderFilter(status=VISITING, worker_id=worker_id, first=since, by_visit=True)
    return len(queries.rows(wanted, MOST_COUNTED)[0])


def in_words(during: Range[datetime], zone: ZoneInfo) -> str:
    """Returns a time off as people read it: whole days as days, e.g. `Mon 3 Mar – Fri 7 Mar`."""
    if during.lower is None or during.upper is None:
        return ""
    start, end = during.lower.astimezone(zone), during.upper.astimezone(zone)
    if start.time() != time() or end.time() != time():
        return formats.window(start, end, zone)
    first, last = start.date(), end.date() - timedelta(days=1)
    days = [first] if first == last else [first, last]
    return " – ".join(formats.day(day, zone) for day in days)


def _away(row: TimeOff, zone: ZoneInfo, clashes: Sequence[Clash] = ()) -> Away:
    now = bool(row.during.lower and row.during.lower <= clock.now())
    return Away(row.id, in_words(row.during, zone), row.reason, now, clashes)


def _visits_today(ids: Sequence[UUID], zone: ZoneInfo) -> dict[UUID, int]:
    start, end = queries.day_span(clock.now().astimezone(zone).date(), zone)
    statement = (
        select(Assignment.worker_id, func.count().label("visits"))
        .where(
            Assignment.worker_id.in_(ids),
            Assignment.active,
            Assignment.starts_at >= start,
            Assignment.starts_at < end,
        )
        .group_by(Assignment.worker_id)
    )
    return {row.worker_id: row.visits for row in db.session.execute(statement)}


def _clashes(worker_id: UUID) -> dict[UUID, list[Clash]]:
    """Returns the visits within each time off that is not over, soonest first. The bounds on `starts_at` are for the
    index, which comparisons of ranges cannot use."""
    off, begins, ends = TimeOff.during, func.lower(TimeOff.during), func.upper(TimeOff.during)
    statement = (
        select(TimeOff.id.label("off_id"), Order.id, Order.number, Client.name, Order.scheduled)
        .join(Assignment, and_(Assignment.org_id == TimeOff.org_id, Assignment.worker_id == TimeOff.worker_id))
        .join(Order, and_(Order.org_id == Assignment.org_id, Order.id == Assignment.order_id))
        .join(Client, and_(Client.org_id == Order.org_id, Client.id == Order.client_id))
        .where(TimeOff.worker_id == worker_id, ends > clock.now(), Assignment.active, Order.status.in_(VISITING))
        .where(Assignment.starts_at > begins - LONGEST, Assignment.starts_at < ends, Order.scheduled.overlaps(off))
        .order_by(Order.starts_at, Order.id)
        .limit(MOST_CLASHES)
    )
    found: dict[UUID, list[Clash]] = {}
    for row in db.session.execute(statement):
        clash = Clash(row.id, row.number, row.name, row.scheduled.lower, row.scheduled.upper)
        found.setdefault(row.off_id, []).append(clash)
    return found
