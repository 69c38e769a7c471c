"""When a job is due: every so often, or once a day. Pure. Moments are slots of a fixed grid, so that every process
names the same moment for the same run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
UNITS: Final = {"s": 1, "m": 60, "h": 3600}
EVERY: Final = re.compile(r"every (\d{1,5}) ?([smh])")
DAILY: Final = re.compile(r"daily (\d{1,2}):(\d{2})")
LONGEST: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Every:
    """At every full multiple of `seconds` since 1970, UTC."""

    seconds: int

    def slot(self, now: datetime) -> datetime:
        """Returns the newest due moment that is not after `now`."""
        return EPOCH + timedelta(seconds=(now - EPOCH).total_seconds() // self.seconds * self.seconds)

    def following(self, now: datetime) -> datetime:
        """Returns the first due moment after `now`."""
        return self.slot(now) + timedelta(seconds=self.seconds)

    @property
    def interval_seconds(self) -> int:
        """How far apart two runs are."""
        return self.seconds

    def __str__(self) -> str:
        for unit, name in (("h", "h"), ("m", "min")):
            if self.seconds % UNITS[unit] == 0:
                return f"every {self.seconds // UNITS[unit]} {name}"
        return f"every {self.seconds} s"


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a time in UTC, which has no hour that is skipped or comes twice."""

    at: time

    def slot(self, now: datetime) -> datetime:
        """Returns the newest due moment that is not after `now`."""
        today = datetime.combine(now.astimezone(UTC).date(), self.at, UTC)
        return today if today <= now else today - timedelta(days=1)

    def following(self, now: datetime) -> datetime:
        """Returns the first due moment after `now`."""
        return self.slot(now) + timedelta(days=1)

    @property
    def interval_seconds(self) -> int:
        """How far apart two runs are."""
        return int(timedelta(days=1).total_seconds())

    def __str__(self) -> str:
        return f"daily at {self.at:%H:%M} UTC"


Schedule = Every | Daily


def read(words: str) -> Schedule:
    """Returns the schedule that is written as `every 10m`, `every 30s`, `every 2h` or `daily 03:30`.

    Raises ValueError, a sentence, for anything else, and for an interval over a day.
    """
    if found := EVERY.fullmatch(words.strip()):
        seconds = int(found[1]) * UNITS[found[2]]
        if 1 <= seconds <= LONGEST.total_seconds():
            return Every(seconds)
    elif (found := DAILY.fullmatch(words.strip())) and int(found[1]) < 24 and int(found[2]) < 60:
        return Daily(time(int(found[1]), int(found[2])))
    raise ValueError(f"{words.strip()!r} is no schedule: write `every 30s`, `every 10m`, `every 2h` or `daily 03:30`")
