"""The clock can be held still, for one thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

from doorstep.core import clock

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_a_held_clock_answers_the_same_moment_in_utc() -> None:
    there = NOON.astimezone(timezone(timedelta(hours=9)))
    with clock.held_at(there):
        assert clock.now() == NOON
        assert clock.now().tzinfo is UTC
        assert clock.minutes_from_now(-30) == NOON - timedelta(minutes=30)
    assert clock.now() != NOON


def test_the_innermost_hold_counts() -> None:
    with clock.held_at(NOON):
        with clock.held_at(NOON + timedelta(days=1)):
            assert clock.now().day == 25
        assert clock.now().day == 24


def test_another_thread_keeps_its_own_time() -> None:
    with clock.held_at(NOON), ThreadPoolExecutor(1) as pool:
        assert pool.submit(clock.now).result() != NOON


def test_the_monotonic_clock_goes_on_while_the_other_is_held() -> None:
    with clock.held_at(NOON):
        assert clock.monotonic() <= clock.monotonic()


def test_a_wait_lasts_and_one_into_the_past_does_not() -> None:
    before = clock.monotonic()
    clock.wait(0.02)
    assert clock.monotonic() - before >= 0.02
    clock.wait(-5)


def test_a_block_that_is_done_early_lasts_as_long_as_it_should() -> None:
    before = clock.monotonic()
    with clock.at_least(0.05):
        pass
    assert clock.monotonic() - before >= 0.05
    with clock.at_least(0.01):
        clock.wait(0.02)
