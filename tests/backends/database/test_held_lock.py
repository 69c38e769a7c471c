"""A lock that is held as long as its holder lives and answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psycopg2
import pytest
from sqlalchemy.engine import make_url

from doorstep.backends.database import held_lock
from doorstep.backends.database.embedded import Urls
from doorstep.backends.database.held_lock import HeldLock, PooledSessions, check_sessions

KEY = 4_711_000_000_000
HOLDER = """
import sys, time
from doorstep.backends.database.held_lock import HeldLock
lock = HeldLock(sys.argv[1], int(sys.argv[2]))
print(lock.acquire(), flush=True)
time.sleep(120)
"""


@pytest.fixture
def lock(urls: Urls) -> Iterator[HeldLock]:
    """A lock, not held yet."""
    made = HeldLock(urls.app, KEY)
    yield made
    made.release()


@pytest.fixture
def other(urls: Urls) -> Iterator[HeldLock]:
    """The same lock for somebody else."""
    made = HeldLock(urls.app, KEY)
    yield made
    made.release()


def soon(true: Callable[[], bool], seconds: float) -> float:
    """Waits until it is true and returns how long that took."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            pytest.fail(f"not true within {seconds} s")
        time.sleep(0.05)
    return time.monotonic() - began


def terminate_holder(urls: Urls) -> None:
    parts = make_url(urls.admin)
    connection = psycopg2.connect(host=parts.query["host"], user=parts.username, dbname=parts.database)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted "
            "and (classid::bigint << 32 | objid::bigint) = %s "
            "and database = (select oid from pg_database where datname = current_database())",
            (KEY,),
        )
    connection.close()


def test_one_holds_it_until_it_is_given_back(lock: HeldLock, other: HeldLock) -> None:
    assert lock.acquire()
    assert lock.held
    assert not other.acquire()
    assert not other.held
    lock.release()
    assert not lock.held
    assert other.acquire()


def test_it_stays_held_beyond_its_lease(lock: HeldLock, other: HeldLock) -> None:
    assert lock.acquire()
    time.sleep(held_lock.LEASE_SECONDS + held_lock.PING_SECONDS)
    assert lock.held
    assert not other.acquire()


@pytest.mark.parametrize("key", [0, 77, 2**31, 2**32 + 5, 2**62])
def test_any_key_is_recognized_as_held(urls: Urls, key: int) -> None:
    lock = HeldLock(urls.app, key)
    assert lock.acquire()
    assert lock._ping()
    lock.release()


def test_given_back_twice_nothing_happens(lock: HeldLock) -> None:
    lock.acquire()
    lock.release()
    lock.release()
    assert lock.acquire()


@pytest.mark.chaos
def test_whoever_loses_the_session_knows_within_two_questions(urls: Urls, lock: HeldLock, other: HeldLock) -> None:
    assert lock.acquire()
    terminate_holder(urls)
    assert other.acquire()
    soon(lambda: not lock.held, 2 * held_lock.PING_SECONDS)


@pytest.mark.chaos
@pytest.mark.parametrize(("kind", "within"), [(signal.SIGKILL, 2.0), (signal.SIGSTOP, held_lock.IDLE_SECONDS + 3.0)])
def test_a_killed_or_frozen_holder_loses_it(kind: signal.Signals, within: float, urls: Urls, lock: HeldLock) -> None:
    command = [sys.executable, "-c", HOLDER, urls.app, str(KEY)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "True"
        assert not lock.acquire()
        os.kill(holder.pid, kind)
        soon(lock.acquire, within)
    finally:
        holder.kill()
        holder.wait()
        if holder.stdout:
            holder.stdout.close()


def test_the_lease_is_shorter_than_any_time_after_which_the_server_gives_the_lock_away() -> None:
    assert held_lock.LEASE_SECONDS <= 0.6 * held_lock.IDLE_SECONDS
    assert f"idle_session_timeout = '{held_lock.IDLE_SECONDS}s'" in held_lock.SESSION
    assert held_lock.PING_SECONDS * 3 < held_lock.LEASE_SECONDS


def test_a_pooler_that_makes_one_session_of_two_is_noticed(urls: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    check_sessions(urls.app)

    class Pooled:
        """What a transaction pooler does: both get the same session."""

        def __init__(self, engine: object) -> None:
            self.session = engine.connect()  # type: ignore[attr-defined]

        def connect(self) -> Pooled:
            return self

        def __enter__(self) -> object:
            return self.session

        def __exit__(self, *_: object) -> None:
            self.session.invalidate()

    real = held_lock._engine
    monkeypatch.setattr(held_lock, "_engine", lambda url: Pooled(real(url)))
    with pytest.raises(PooledSessions, match="DATABASE_DIRECT_URL"):
        check_sessions(urls.app)
