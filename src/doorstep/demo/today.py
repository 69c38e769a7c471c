"""The day on which the demo is looked at, built around the moment: lanes of visits, one for each worker. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from doorstep.demo.companies import Company

QUARTER: Final = timedelta(minutes=15)
OPENS, CLOSES = time(8), time(17)
WORKING_DAY: Final = timedelta(hours=10)
# So long at least the day has been going on, and so long it still will.
BEFORE_NOW, AFTER_NOW = timedelta(minutes=150), timedelta(minutes=90)
TRAVEL: Final = timedelta(minutes=20)
SHORTEST: Final = 15
MOST_BEFORE, MOST_AFTER = 3, 2
EARLY, LATE = 7, 18
LAST_START: Final = time(23, 45)
EARLIEST_HOUR, LATEST_HOUR = time(6), time(22)


@dataclass(frozen=True)
class Visit:
    """A visit of the plan: `worker` is a place in the crew, None when nobody has it yet."""

    fate: str
    start: datetime
    minutes: int
    service: int
    worker: int | None

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.start + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Anchor:
    """Where a lane is fixed: this visit begins so many minutes after now; `service` is a place in the rotation."""

    fate: str
    begins: int
    service: int


# One for each worker, in turn: two at work, one on the way, one just done, one with time for a coffee.
ANCHORS: Final = (
    Anchor("in_progress", -40, 0),
    Anchor("on_the_way", 15, 3),
    Anchor("in_progress", -75, 2),
    Anchor("finished", -115, 1),
    Anchor("scheduled", 40, 0),
)
UNASSIGNED_AFTER: Final = (50, 130, 215)


def visits(company: Company, now: datetime) -> list[Visit]:
    """Returns the day's visits: the lanes of the crew, and those that nobody has yet."""
    day = _Day(company, now)
    lanes = [visit for worker in range(len(company.crew)) for visit in day.lane(worker)]
    return [*lanes, *day.unassigned()]


def hours(company: Company, now: datetime) -> list[list[str]]:
    """Returns the hours in which people say that they work on this day: the usual ones, and what else is decent."""
    day = _Day(company, now)
    opens = max(day.local(day.opens), EARLIEST_HOUR)
    closes = min(day.local(day.closes), LATEST_HOUR) if day.closes <= day.last else LATEST_HOUR
    return [[f"{min(opens, OPENS):%H:%M}", f"{max(closes, CLOSES):%H:%M}"]]


def quarter(moment: datetime) -> datetime:
    """Returns the next full quarter of an hour; `moment` itself when it is one. Of UTC, so that the night in which
    clocks change is as long as any."""
    behind = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (QUARTER - behind if behind else behind)


class _Day:
    """Ten hours around now: eight to six, or as far from it as an early or late hour asks."""

    def __init__(self, company: Company, now: datetime) -> None:
        self.company = company
        self.zone = ZoneInfo(company.timezone)
        self.now = now.astimezone(UTC)
        self.last = self._at(LAST_START)
        self.opens = max(min(self._at(OPENS), quarter(self.now - BEFORE_NOW)), self._at(time()))
        self.closes = self.opens + WORKING_DAY
        if self.now + AFTER_NOW > self.closes:
            self.closes = min(quarter(self.now + AFTER_NOW), self.last)
            self.opens = self.closes - WORKING_DAY

    def lane(self, worker: int) -> list[Visit]:
        """Returns a worker's day around their anchor."""
        anchor = self._anchor(worker)
        before = list(self._before(anchor, worker))[:MOST_BEFORE]
        return [*reversed(before), anchor, *list(self._after(anchor, worker))[:MOST_AFTER]]

    def unassigned(self) -> Iterator[Visit]:
        """Yields visits that nobody has yet, later today."""
        for turn, minutes in enumerate(UNASSIGNED_AFTER[: len(self.company.crew) // 2 + 1]):
            start = quarter(self.now + timedelta(minutes=minutes))
            service, length = self._service(start, turn)
            start = min(start, max(self.last + QUARTER - timedelta(minutes=length), quarter(self.now)), self.last)
            yield Visit("scheduled", start, length, service, None)

    def _anchor(self, worker: int) -> Visit:
        anchor = ANCHORS[worker % len(ANCHORS)]
        start = self.now + timedelta(minutes=anchor.begins)
        start = max(quarter(start - QUARTER), self.opens) if anchor.begins < 0 else min(quarter(start), self.last)
        service, minutes = self._service(start, anchor.service)
        if anchor.fate != "finished":
            return Visit(anchor.fate, start, minutes, service, worker)
        since = (self.now - start) // QUARTER * 15
        if since < SHORTEST:  # the day is too young for anything to be done
            return Visit("scheduled", min(quarter(self.now + QUARTER), self.last), minutes, service, worker)
        return Visit("finished", start, min(minutes, since), service, worker)

    def _before(self, anchor: Visit, worker: int) -> Iterator[Visit]:
        ends, turn = anchor.start - TRAVEL, worker
        while True:
            service, minutes = self._service(ends - AFTER_NOW, turn)
            buffer = self.company.services[service]["buffer_minutes"]
            start = quarter(ends - timedelta(minutes=minutes + buffer) - QUARTER)
            if start < self.opens:
                return
            if start + timedelta(minutes=minutes) < self.now:
                yield Visit("finished", start, minutes, service, worker)
            ends, turn = start - TRAVEL, turn + 1

    def _after(self, anchor: Visit, worker: int) -> Iterator[Visit]:
        last, turn = anchor, worker + 1
        while True:
            buffer = timedelta(minutes=self.company.services[last.service]["buffer_minutes"])
            start = quarter(max(last.end + buffer + TRAVEL, self.now + TRAVEL))
            service, minutes = self._service(start, turn)
            last, turn = Visit("scheduled", start, minutes, service, worker), turn + 1
            if last.end > self.closes:
                return
            yield last

    def _at(self, hour: time) -> datetime:
        return datetime.combine(self.now.astimezone(self.zone).date(), hour, self.zone).astimezone(UTC)

    def local(self, moment: datetime) -> time:
        """Returns what the clocks of the company show then."""
        return moment.astimezone(self.zone).time()

    def _service(self, start: datetime, turn: int) -> tuple[int, int]:
        """Returns which service fits the hour, and how long it takes."""
        usual = EARLY <= start.astimezone(self.zone).hour < LATE
        service = self.company.rotation[turn % len(self.company.rotation)] if usual else self.company.after_hours
        return service, int(self.company.services[service]["duration_minutes"])
