"""A worker's day as the phone shows it: the visits in their order, the one that is next, the week around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from doorstep.core import clock, formats
from doorstep.orders import queries
from doorstep.orders.lines import OrderFilter
from doorstep.orders.status import VISITING

MAPS: Final = "https://www.google.com/maps/dir/"
MOST_OF_A_WEEK: Final = 200
NEAR: Final = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}
DAYS_OF_A_WEEK: Final = 7
FARTHEST: Final = 366
UNDER_WAY: Final = ("on_the_way", "in_progress")
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One of the seven days of the strip; `count` is how many visits it has."""

    day: date
    count: int
    chosen: bool
    today: bool

    @property
    def href(self) -> str:
        """The address of that day's page."""
        return "/worker" if self.today else f"/worker?day={self.day}"


@dataclass(frozen=True, slots=True)
class Day:
    """What the page of a day shows. `lead` is the visit that is under way or next; `following` the next visit after
    this day, for a day that has none."""

    day: date
    today: date
    stops: Sequence[Line]
    lead: Line | None
    following: Line | None
    week: Sequence[WeekDay]
    zone: ZoneInfo

    @property
    def is_today(self) -> bool:
        """Whether it is the day that the company's clocks show."""
        return self.day == self.today

    @property
    def name(self) -> str:
        """The day in words, as a heading."""
        return NEAR.get((self.day - self.today).days) or formats.day(self.day, UTC)

    @property
    def nothing(self) -> str:
        """What is said of a day without visits."""
        near = NEAR.get((self.day - self.today).days)
        return f"No visits {near.lower()}" if near else f"No visits on {self.name}"

    @property
    def hint(self) -> str:
        """What comes after a day without visits, e.g. `Next: Thu 9:00, Margaret Whitfield.`"""
        if self.following is None:
            return "Nothing is planned for you after that either. New visits appear here by themselves."
        start = self.following["start"].astimezone(self.zone)
        soon = (start.date() - self.today).days < DAYS_OF_A_WEEK
        when = f"{start:%a}" if soon else formats.day(start, self.zone)
        return f"Next: {when} {formats.hm(start, self.zone)}, {self.following['client']}."

    @property
    def others(self) -> Sequence[Line]:
        """The visits beside the one that is next."""
        return [stop for stop in self.stops if stop is not self.lead]

    @property
    def pages(self) -> Sequence[str]:
        """The addresses that the phone should keep for when there is no signal."""
        return [*(f"/worker/orders/{stop['id']}" for stop in self.stops), "/worker/photos"]

    @property
    def way(self) -> str:
        """The way to the next visit, on the phone's map."""
        return directions(*(self.lead[part] for part in ("address", "postal_code", "city"))) if self.lead else ""

    @property
    def minutes(self) -> int:
        """How long the visits take together, as planned."""
        return sum(stop["duration_minutes"] for stop in self.stops)

    @property
    def left(self) -> int:
        """How many visits are still to be done."""
        return sum(stop["status"] != "completed" for stop in self.stops)

    @property
    def week_before(self) -> str:
        """The address of the same day a week earlier."""
        return f"/worker?day={self.day - timedelta(days=7)}"

    @property
    def week_after(self) -> str:
        """The address of the same day a week later."""
        return f"/worker?day={self.day + timedelta(days=7)}"


def of(worker_id: UUID, zone: ZoneInfo, wanted: str | None) -> Day:
    """Returns the worker's day; `wanted` is an ISO date, anything else means today."""
    today = clock.now().astimezone(zone).date()
    day = _read(wanted, today)
    stops = queries.worker_day(worker_id, day, zone)
    return Day(
        day=day,
        today=today,
        stops=stops,
        lead=_lead(stops) if day == today else None,
        following=None if stops else _following(worker_id, day, zone),
        week=_week(worker_id, day, today, zone),
        zone=zone,
    )


def place_of(worker_id: UUID, order_id: UUID, start: datetime | None, zone: ZoneInfo) -> tuple[int, int]:
    """Returns which of the day's visits this order is, and how many there are, e.g. (2, 3)."""
    if start is None:
        return (1, 1)
    ids = [stop["id"] for stop in queries.worker_day(worker_id, start.astimezone(zone).date(), zone)]
    return (ids.index(order_id) + 1, len(ids)) if order_id in ids else (1, 1)


def directions(*parts: str) -> str:
    """Returns the address that opens the phone's map with the way to this place."""
    place = ", ".join(part for part in parts if part)
    return f"{MAPS}?{urlencode({'api': '1', 'destination': place})}"


def _read(wanted: str | None, today: date) -> date:
    try:
        day = date.fromisoformat(wanted or "")
    except ValueError:
        return today
    return day if abs((day - today).days) <= FARTHEST else today


def _lead(stops: Sequence[Line]) -> Line | None:
    open_ones = [stop for stop in stops if stop["status"] != "completed"]
    return next((stop for stop in open_ones if stop["status"] in UNDER_WAY), open_ones[0] if open_ones else None)


def _following(worker_id: UUID, day: date, zone: ZoneInfo) -> Line | None:
    _, after = queries.day_span(day, zone)
    found, _ = queries.rows(OrderFilter(status=VISITING, worker_id=worker_id, first=after), 1)
    return found[0] if found else None


def _week(worker_id: UUID, day: date, today: date, zone: ZoneInfo) -> list[WeekDay]:
    monday = day - timedelta(days=day.weekday())
    first, _ = queries.day_span(monday, zone)
    _, until = queries.day_span(monday + timedelta(days=6), zone)
    wanted = OrderFilter(status=(*VISITING, "completed"), worker_id=worker_id, first=first, until=until)
    found, _ = queries.rows(wanted, MOST_OF_A_WEEK)
    counts = Counter(row["start"].astimezone(zone).date() for row in found)
    days = [monday + timedelta(days=number) for number in range(DAYS_OF_A_WEEK)]
    return [WeekDay(one, counts[one], chosen=one == day, today=one == today) for one in days]
