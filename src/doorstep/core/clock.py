"""The one place that reads the time, so that tests can hold it still."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_held: ContextVar[datetime | None] = ContextVar("held_time", default=None)


def now() -> datetime:
    """Returns the present moment, aware, in UTC."""
    return _held.get() or datetime.now(UTC)


def monotonic() -> float:
    """Returns seconds of a clock that never jumps; only differences mean anything."""
    return time.monotonic()


def wait(seconds: float) -> None:
    """Lets that many seconds pass, for work that must not tell by its duration what it found."""
    time.sleep(max(seconds, 0.0))


@contextmanager
def at_least(seconds: float) -> Iterator[None]:
    """Makes the block last that long, so that its duration does not tell what was found in it."""
    until = monotonic() + seconds
    yield
    wait(until - monotonic())


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Makes `now()` answer `moment` within the block, in this thread."""
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)


def minutes_from_now(minutes: float) -> datetime:
    """Returns the moment that many minutes ahead (behind, when negative)."""
    return now() + timedelta(minutes=minutes)
