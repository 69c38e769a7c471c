"""The times a visitor can wish: what is really free, whoever it is that is free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from doorstep.catalog.models import Service
from doorstep.core import clock
from doorstep.core.errors import Conflict, FieldError, invalid
from doorstep.orders import slots

DAYS_SHOWN: Final = 14
LONGEST_RANGE_DAYS: Final = 31
FARTHEST_DAYS: Final = 180
MOST_SLOTS: Final = 20_000
GONE: Final = "This time has just been taken. Here is what is free now."


@dataclass(frozen=True, slots=True)
class OfferedDay:
    """A day with the starts that are offered on it, in UTC."""

    day: date
    starts: tuple[datetime, ...]


def starts(service: Service, first: date, last: date, minutes: int) -> list[datetime]:
    """Returns every start at which somebody is free, once, earliest first. Days are the organization's."""
    found = slots.free(service, first, last, minutes=minutes, limit=MOST_SLOTS)
    return sorted({slot.start for slot in found})


def coming_days(service: Service, minutes: int, zone: ZoneInfo) -> list[OfferedDay]:
    """Returns the free days of the next two weeks for a page: one start an hour, so that a day fits on a phone."""
    today = _today(zone)
    return by_day(starts(service, today, today + timedelta(days=DAYS_SHOWN - 1), minutes), zone)


def by_day(moments: Iterable[datetime], zone: ZoneInfo) -> list[OfferedDay]:
    """Returns sorted moments grouped by the organization's days, of each hour on its clocks the first one."""
    hours = [next(same) for _, same in groupby(moments, key=lambda m: m.astimezone(zone).strftime("%Y%m%d%H%z"))]
    days = groupby(hours, key=lambda m: m.astimezone(zone).date())
    return [OfferedDay(day, tuple(of_day)) for day, of_day in days]


def check_range(first: date, last: date, zone: ZoneInfo) -> None:
    """Raises Invalid for a range that is over, the wrong way round, over 31 days long or half a year ahead."""
    today = _today(zone)
    if first < today:
        raise invalid("from", "This day is over.")
    if first > today + timedelta(days=FARTHEST_DAYS):
        raise invalid("from", f"Times are known for the next {FARTHEST_DAYS} days.")
    if not first <= last <= first + timedelta(days=LONGEST_RANGE_DAYS - 1):
        raise invalid("to", f"Choose a range of at most {LONGEST_RANGE_DAYS} days.")


def check_free(service: Service, wished_at: datetime, minutes: int, zone: ZoneInfo) -> None:
    """Raises Conflict with the free starts of the coming days (`starts`) unless the wished one is among those."""
    day, today = wished_at.astimezone(zone).date(), _today(zone)
    if today <= day <= today + timedelta(days=FARTHEST_DAYS) and wished_at in starts(service, day, day, minutes):
        return
    fresh: list[Any] = [at for offered in coming_days(service, minutes, zone) for at in offered.starts]
    raise Conflict(GONE, errors=[FieldError("wished_at", GONE)], extra={"starts": fresh})


def _today(zone: ZoneInfo) -> date:
    return clock.now().astimezone(zone).date()
