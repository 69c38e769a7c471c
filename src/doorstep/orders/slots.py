"""Free times: weekly hours, minus time off, minus what is booked. The arithmetic is pure; `free` fetches its facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from doorstep.accounts.models import Organization, TimeOff, Worker
from doorstep.catalog.models import Service
from doorstep.core import clock, tenancy
from doorstep.core.errors import invalid
from doorstep.core.extensions import db
from doorstep.orders.models import LONGEST_VISIT_MINUTES, Assignment, Order

Span = tuple[datetime, datetime]

STEP: Final = timedelta(minutes=30)
NOTICE: Final = timedelta(hours=2)
LONGEST_SEARCH_DAYS: Final = 31
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time at which a worker is free for the whole visit. `why` says in words why it was chosen."""

    start: datetime
    end: datetime
    worker: str
    worker_id: UUID
    why: str = ""

    def told(self) -> dict[str, Any]:
        """Returns the slot as plain values."""
        return {"worker_id": self.worker_id, "worker": self.worker, "start": self.start, "end": self.end}


def working_spans(hours: Mapping[str, Any], day: date, zone: ZoneInfo) -> list[Span]:
    """Returns a day's working times in UTC. Times on the clock: on the days when clocks change they are as
    long or short as they really are."""
    found = []
    for begins, ends in hours.get(WEEKDAYS[day.weekday()], []):
        start, end = (_on_the_clock(day, hour, zone) for hour in (begins, ends))
        if start < end:
            found.append((start, end))
    return found


def _on_the_clock(day: date, hour: str, zone: ZoneInfo) -> datetime:
    """Returns the moment at which a day's clock shows the hour; 24:00 is the next day's beginning."""
    if hour == "24:00":
        return _midnight(day + timedelta(days=1), zone)
    return datetime.combine(day, time.fromisoformat(hour), zone).astimezone(UTC)


def minus(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Returns what is left of the spans when the taken ones are cut out."""
    left = sorted(spans)
    for away_start, away_end in sorted(taken):
        cut: list[Span] = []
        for start, end in left:
            if away_end <= start or end <= away_start:
                cut.append((start, end))
                continue
            cut += [piece for piece in ((start, away_start), (away_end, end)) if piece[0] < piece[1]]
        left = cut
    return left


def starts_in(spans: Iterable[Span], length: timedelta, earliest: datetime) -> Iterator[datetime]:
    """Yields the starts, on the half hour, at which something of this length fits into one span."""
    for start, end in spans:
        at = _on_the_step(max(start, earliest))
        while at + length <= end:
            yield at
            at += STEP


def _on_the_step(moment: datetime) -> datetime:
    seconds = STEP.total_seconds()
    return datetime.fromtimestamp(-(-moment.timestamp() // seconds) * seconds, UTC)


def free(
    service: Service,
    first: date,
    last: date,
    *,
    minutes: int | None = None,
    worker_ids: Collection[UUID] | None = None,
    limit: int = 500,
) -> list[Slot]:
    """Returns free slots from `first` to `last` (days in the organization's zone), earliest first.

    Raises Invalid for a range over 31 days or the wrong way round. A worker needs the service's skill, if it has one.
    """
    if last < first or (last - first).days > LONGEST_SEARCH_DAYS:
        raise invalid("to", f"Choose a range of at most {LONGEST_SEARCH_DAYS} days.")
    length = timedelta(minutes=min(minutes or service.duration_minutes, LONGEST_VISIT_MINUTES))
    buffer = timedelta(minutes=service.buffer_minutes)
    zone = _zone()
    workers = [w for w in _workers(worker_ids) if not service.skill or service.skill in w.skills]
    busy = _busy([w.id for w in workers], _midnight(first, zone), _midnight(last + timedelta(days=1), zone))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found: list[Slot] = []
    for worker in workers:
        hours = (span for day in days for span in working_spans(worker.weekly_hours, day, zone))
        taken = [(start - buffer, end) for start, end in busy.get(worker.id, ())]
        starts = starts_in(minus(hours, taken), length, clock.now() + NOTICE)
        found += [Slot(at, at + length, worker.name, worker.id) for at in starts]
    return sorted(found)[:limit]


def alternatives(order: Order, worker_id: UUID | None, count: int = 3) -> list[Slot]:
    """Returns the free slots nearest to the order's wished window: the same worker's other times and other
    workers' same time, without two slots that differ only by half an hour of the same worker where possible."""
    window = order.scheduled
    if window is None or window.lower is None:
        return []
    wished = window.lower
    first = wished.astimezone(_zone()).date()
    service = tenancy.get(Service, order.service_id)
    found = free(service, first, first + timedelta(days=7), minutes=order.duration_minutes, limit=5000)
    ranked = sorted(found, key=lambda s: (abs(s.start - wished), s.worker_id != worker_id))
    return _varied(ranked, count)


def suggestions(order: Order, count: int = 3) -> list[Slot]:
    """Returns the best slots for a new order: nearest to the wish, then the least busy worker; `why` says so."""
    service = tenancy.get(Service, order.service_id)
    today = clock.now().astimezone(_zone()).date()
    wished = order.wished_at or clock.now()
    first = max(today, wished.astimezone(_zone()).date())
    found = free(service, first, first + timedelta(days=10), minutes=order.duration_minutes, limit=5000)
    load = {slot.worker_id: 0 for slot in found}
    for slot in found:
        load[slot.worker_id] += 1
    ranked = sorted(found, key=lambda s: (abs(s.start - wished), -load[s.worker_id]))
    return [_explained(slot, order) for slot in _varied(ranked, count)]


def _explained(slot: Slot, order: Order) -> Slot:
    why = (
        "first free time"
        if order.wished_at is None
        else "as wished"
        if slot.start == order.wished_at
        else "nearest to the wish"
    )
    return Slot(slot.start, slot.end, slot.worker, slot.worker_id, why)


def _varied(ranked: list[Slot], count: int) -> list[Slot]:
    chosen: list[Slot] = []
    for slot in ranked:
        if all(slot.worker_id != c.worker_id or slot.start >= c.end or slot.end <= c.start for c in chosen):
            chosen.append(slot)
        if len(chosen) == count:
            return chosen
    return chosen + [slot for slot in ranked if slot not in chosen][: count - len(chosen)]


def _zone() -> ZoneInfo:
    name = db.session.execute(select(Organization.timezone).where(Organization.id == tenancy.org_id())).scalar_one()
    return ZoneInfo(name)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _workers(only: Collection[UUID] | None) -> list[Worker]:
    statement = select(Worker).where(Worker.active).order_by(Worker.name)
    if only is not None:
        statement = statement.where(Worker.id.in_(only))
    return list(db.session.execute(statement).scalars())


def _busy(worker_ids: Collection[UUID], start: datetime, end: datetime) -> dict[UUID, list[Span]]:
    earliest = start - timedelta(minutes=2 * LONGEST_VISIT_MINUTES)
    booked = select(Assignment.worker_id, Assignment.during).where(
        Assignment.worker_id.in_(worker_ids), Assignment.active, Assignment.starts_at.between(earliest, end)
    )
    away = select(TimeOff.worker_id, TimeOff.during).where(TimeOff.worker_id.in_(worker_ids))
    found: dict[UUID, list[Span]] = {}
    for statement in (booked, away):
        for worker_id, during in db.session.execute(statement):
            found.setdefault(worker_id, []).append((during.lower or start, during.upper or end))
    return found
