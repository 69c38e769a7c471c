"""What will have happened in a company of the demo when somebody looks at it at a given moment. Pure.

The past two weeks are done, the coming two are booked, and today is in full swing: whatever the hour, somebody is
at work, somebody is on the way, and requests wait. No worker is at two places at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any, Final
from zoneinfo import ZoneInfo

from doorstep.demo import today
from doorstep.demo.companies import Company
from doorstep.demo.today import Visit

QUOTED_DAYS_AGO: Final = (4, 2, 1)
DECLINED_DAYS_AGO: Final = (16, 9, 3)
CANCELLED_EVERY: Final = 15
FRESH_DAYS: Final = 7  # what is older is looked at less, and each finished visit costs its photos
TRAVEL: Final = timedelta(minutes=30)
SATURDAY, SUNDAY = 5, 6
WAITING: Final = ("accepted", "asks_to_move", "postponed")


@dataclass(frozen=True)
class Planned:
    """One order and what becomes of it. `wish` is the number of the company's wish, for a request that waits;
    `turn` chooses words and extras."""

    fate: str
    asked: datetime
    client: int
    service: int
    turn: int
    start: datetime | None = None
    minutes: int = 0
    worker: int | None = None
    wish: int | None = None


def planned(company: Company, now: datetime) -> list[Planned]:
    """Returns the company's orders in the sequence in which they were asked for."""
    zone = ZoneInfo(company.timezone)
    day = now.astimezone(zone).date()
    visits = [*_past(company, day, zone), *today.visits(company, now), *_ahead(company, day, zone)]
    turns = count()
    orders = [_of_visit(company, visit, next(turns), day, zone) for visit in visits]
    orders += [_unbooked(company, "declined", days, next(turns), day, zone) for days in DECLINED_DAYS_AGO]
    quoted = [_unbooked(company, "quoted", days, next(turns), day, zone) for days in QUOTED_DAYS_AGO]
    orders += [replace(quoted[0], fate="accepted"), *quoted[1:]]
    taken = {order.client for order in orders if order.fate in WAITING}
    fresh = (turn for turn in turns if _client(company, turn) not in taken)
    orders += [_of_wish(company, number, next(fresh), now) for number in range(len(company.wishes))]
    return sorted(orders, key=lambda order: order.asked)


def _past(company: Company, day: date, zone: ZoneInfo) -> list[Visit]:
    """Work that is done, but for what was cancelled and one visit that broke off lately."""
    days = [(day - timedelta(days=number), -(number > FRESH_DAYS)) for number in range(company.days, 0, -1)]
    found = [replace(v, fate="finished") for one, more in days for v in _usual_day(company, one, zone, more)]
    found = [replace(v, fate="cancelled") if n % CANCELLED_EVERY == 7 else v for n, v in enumerate(found)]
    return [*found[:-1], replace(found[-1], fate="postponed")]


def _ahead(company: Company, day: date, zone: ZoneInfo) -> list[Visit]:
    """What is booked: much tomorrow, less later; one client asks to move theirs, one visit has no worker yet."""
    days = [day + timedelta(days=number) for number in range(1, company.days + 1)]
    found = [*_usual_day(company, days[0], zone, company.usual)]
    found += [visit for one in days[1:] for visit in _usual_day(company, one, zone)]
    found = [replace(v, fate="cancelled") if n % CANCELLED_EVERY == 9 else v for n, v in enumerate(found)]
    first_later = next(n for n, visit in enumerate(found) if visit.start.astimezone(zone).date() > days[0])
    found[first_later] = replace(found[first_later], fate="asks_to_move")
    found[first_later + 1] = replace(found[first_later + 1], worker=None)
    return found


def _usual_day(company: Company, day: date, zone: ZoneInfo, more: int = 0) -> Iterator[Visit]:
    """The visits of a day, taken by the crew in turn; Saturdays are short, Sundays free."""
    if day.weekday() == SUNDAY:
        return
    saturday = day.weekday() == SATURDAY
    number = -(-company.usual // 2) if saturday else max(company.usual + more, 1)
    free: dict[int, datetime] = {}
    for turn in range(number):
        worker = (turn + day.toordinal()) % len(company.crew)
        service = company.rotation[(turn + day.toordinal()) % len(company.rotation)]
        usual = datetime.combine(day, time(9 if saturday else 8 + turn % 3, 30 * (turn % 2)), zone)
        start = free.get(worker, usual.astimezone(UTC))
        facts = company.services[service]
        minutes = facts["duration_minutes"]
        free[worker] = today.quarter(start + timedelta(minutes=minutes + facts["buffer_minutes"]) + TRAVEL)
        yield Visit("scheduled", start, minutes, service, worker)


def _of_visit(company: Company, visit: Visit, turn: int, day: date, zone: ZoneInfo) -> Planned:
    before = min(visit.start.astimezone(zone).date(), day) - timedelta(days=1 + turn % 6)
    return Planned(
        fate=visit.fate, asked=_asked(before, turn, zone), client=_client(company, turn), service=visit.service,
        turn=turn, start=visit.start, minutes=visit.minutes, worker=visit.worker,
    )  # fmt: skip


def _of_wish(company: Company, number: int, turn: int, now: datetime) -> Planned:
    wish = company.wishes[number]
    asked = now - timedelta(minutes=wish.minutes)
    return Planned("requested", asked, _client(company, turn), wish.service, turn, wish=number)


def _unbooked(company: Company, fate: str, days_ago: int, turn: int, day: date, zone: ZoneInfo) -> Planned:
    by_quote = [n for n, facts in enumerate(company.services) if facts.get("price_unit") == "quote"]
    service = by_quote[0] if by_quote and fate == "quoted" else company.rotation[turn % len(company.rotation)]
    asked = _asked(day - timedelta(days=days_ago), turn, zone)
    return Planned(fate, asked, _client(company, turn), service, turn)


def _asked(day: date, turn: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(8 + turn * 5 % 11, turn * 17 % 60), zone)


def _client(company: Company, turn: int) -> int:
    return turn * 7 % len(company.clients)


def wished_at(company: Company, order: Planned, now: datetime) -> datetime | None:
    """Returns when the client would like the visit: at their wish's hour, on a day on which somebody works."""
    if order.wish is None:
        return order.start
    wish = company.wishes[order.wish]
    if not wish.days:
        return None
    zone = ZoneInfo(company.timezone)
    day = now.astimezone(zone).date() + timedelta(days=wish.days)
    return datetime.combine(day + timedelta(days=day.weekday() == SUNDAY), time(wish.hour), zone)


def in_turn(table: Sequence[Any], turn: int) -> Any:
    """Returns the table's row for this turn."""
    return table[turn % len(table)]
