"""When a job is due: numbers."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from doorstep.jobs import schedules
from doorstep.jobs.schedules import Daily, Every, Schedule

MOMENTS = some.integers(0, 10**9).map(lambda seconds: datetime.fromtimestamp(10**9 + seconds, UTC))
SCHEDULES = some.one_of(some.integers(1, 86400).map(Every), some.times().map(Daily))


@pytest.mark.parametrize(
    ("schedule", "now", "slot", "following"),
    [
        (Every(300), "2026-11-27T10:07:30", "2026-11-27T10:05:00", "2026-11-27T10:10:00"),
        (Every(300), "2026-11-27T10:05:00", "2026-11-27T10:05:00", "2026-11-27T10:10:00"),
        (Every(5), "2026-11-27T23:59:59", "2026-11-27T23:59:55", "2026-11-28T00:00:00"),
        (Daily(time(3, 30)), "2026-11-27T03:29:59", "2026-11-26T03:30:00", "2026-11-27T03:30:00"),
        (Daily(time(3, 30)), "2026-11-27T03:30:00", "2026-11-27T03:30:00", "2026-11-28T03:30:00"),
    ],
)
def test_moments(schedule: Schedule, now: str, slot: str, following: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert schedule.slot(moment) == datetime.fromisoformat(slot).replace(tzinfo=UTC)
    assert schedule.following(moment) == datetime.fromisoformat(following).replace(tzinfo=UTC)


@given(SCHEDULES, MOMENTS)
def test_every_moment_lies_between_its_slot_and_the_next(schedule: Schedule, now: datetime) -> None:
    assert schedule.slot(now) <= now < schedule.following(now)
    assert schedule.slot(schedule.slot(now)) == schedule.slot(now)
    assert schedule.following(now) - schedule.slot(now) == timedelta(seconds=schedule.interval_seconds)


@pytest.mark.parametrize(
    ("words", "schedule", "said"),
    [
        ("every 30s", Every(30), "every 30 s"),
        ("every 10m", Every(600), "every 10 min"),
        ("every 2 h", Every(7200), "every 2 h"),
        ("every 90s", Every(90), "every 90 s"),
        ("daily 04:30", Daily(time(4, 30)), "daily at 04:30 UTC"),
    ],
)
def test_a_schedule_is_read_as_it_is_written(words: str, schedule: Schedule, said: str) -> None:
    assert schedules.read(words) == schedule
    assert str(schedule) == said


@pytest.mark.parametrize(
    "words", ["", "hourly", "every 0s", "every 25h", "daily 24:00", "daily 3:5", "every -5m", "* * * * *"]
)
def test_what_is_no_schedule_is_refused_with_how_to_write_one(words: str) -> None:
    with pytest.raises(ValueError, match="is no schedule: write `every 30s`"):
        schedules.read(words)
