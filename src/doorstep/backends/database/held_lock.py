"""A lock in the database that is held for exactly as long as its holder lives and answers.

A session-level advisory lock on a connection of its own, asked about every second. The server ends the session of a
holder that says nothing for IDLE_SECONDS (a frozen process keeps its TCP connection alive for ever), and the holder
itself gives up after LEASE_SECONDS without an answer: earlier than the server can give the lock to anybody else.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from doorstep.core import clock

PING_SECONDS: Final = 1.0
IDLE_SECONDS: Final = 8
LEASE_SECONDS: Final = 0.6 * IDLE_SECONDS
SESSION: Final = """
    set idle_session_timeout = '8s';
    set statement_timeout = '3s';
    set tcp_keepalives_idle = 4; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 2;
    set tcp_user_timeout = '8s'
"""
TRY: Final = text("select pg_try_advisory_lock(:key)")
FREE: Final = text("select pg_advisory_unlock(:key)")
HELD: Final = text("""
    select exists (select from pg_locks where locktype = 'advisory' and granted and pid = pg_backend_pid()
       and (classid::bigint << 32 | objid::bigint) = :key and objsubid = 1)
""")
CONNECT: Final[Mapping[str, Any]] = {
    "application_name": "doorstep-lock",
    "connect_timeout": 3,
    "keepalives": 1,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 4000,
}


class PooledSessions(RuntimeError):
    """Behind this address two sessions are one: a transaction pooler, where a lock of a session holds nothing."""


class HeldLock:
    """One lock, held or not. Raises SQLAlchemyError from `acquire` while the database cannot be reached."""

    def __init__(self, url: str, key: int) -> None:
        self.key = key
        self._engine = _engine(url)
        self._connection: Connection | None = None
        self._mutex = threading.Lock()
        self._until = 0.0
        self._done = threading.Event()

    @property
    def held(self) -> bool:
        """Whether the lock is surely still ours: the database said so within the lease."""
        return clock.monotonic() < self._until

    def acquire(self) -> bool:
        """Returns whether the lock is ours now; asked about from then on, by a thread of its own, until released."""
        with self._mutex:
            began = clock.monotonic()
            try:
                if self._connection is None:
                    self._connection = _session(self._engine)
                got = bool(self._connection.execute(TRY, {"key": self.key}).scalar_one())
            except SQLAlchemyError:
                self._drop()
                raise
            if got:
                self._until = began + LEASE_SECONDS
                self._done.clear()
                threading.Thread(target=self._keep, name="held-lock", daemon=True).start()
        return got

    def release(self) -> None:
        """Gives the lock back, and the connection. Doing it again changes nothing."""
        self._done.set()
        with self._mutex:
            self._until = 0.0
            if self._connection is not None:
                with suppress(SQLAlchemyError):  # the session is gone, and the lock with it
                    self._connection.execute(FREE, {"key": self.key})
            self._drop()

    def _keep(self) -> None:
        while not self._done.wait(PING_SECONDS):
            if not self._ping():
                return

    def _ping(self) -> bool:
        with self._mutex:
            if self._connection is None or self._done.is_set():
                return False
            began = clock.monotonic()
            try:
                still = bool(self._connection.execute(HELD, {"key": self.key}).scalar_one())
            except SQLAlchemyError:
                still = False
            # Counted from before the question: the answer may have been long on its way.
            self._until = began + LEASE_SECONDS if still else 0.0
            if not still:
                self._drop()
        return still

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def check_sessions(url: str) -> None:
    """Raises PooledSessions when a lock taken by one connection can be taken by another: then the address leads to a
    transaction pooler, and `DATABASE_DIRECT_URL` must name the database itself."""
    key, engine = random.getrandbits(62), _engine(url)
    with engine.connect() as one, engine.connect() as other:
        if one.execute(TRY, {"key": key}).scalar_one() and other.execute(TRY, {"key": key}).scalar_one():
            raise PooledSessions(
                "DATABASE_URL leads to a transaction pooler, where no session holds a lock. "
                "Set DATABASE_DIRECT_URL to the database itself."
            )


def _engine(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=dict(CONNECT))


def _session(engine: Engine) -> Connection:
    connection = engine.connect()
    connection.exec_driver_sql(SESSION)
    return connection
