"""Who leads: of all processes that stand for election, the one that holds the leader's lock. It runs the timetable.

Every process may stand, on every host. The lock decides; each election raises the epoch, and the rows of runs are
inserted only under the newest one, so a leader that was frozen and wakes starts nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final, Protocol

from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import SQLAlchemyError

from doorstep.backends.database.held_lock import HeldLock, PooledSessions, check_sessions
from doorstep.core import clock
from doorstep.core.errors import Problem
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.jobs import runner
from doorstep.jobs.models import Leader

log = logging.getLogger(__name__)

KEY: Final = runner.key_of("the leader")
POLL_SECONDS: Final = 0.5
LOOK_SECONDS: Final = 0.25
CATCH_UP_SECONDS: Final = 5.0
HOLDS: Final = text("""
    select exists (select from pg_locks where locktype = 'advisory' and granted and objsubid = 1
       and (classid::bigint << 32 | objid::bigint) = :key
       and database = (select oid from pg_database where datname = current_database()))
""")


class Timetable(Protocol):
    """What the leader runs while it leads."""

    def start(self) -> None:
        """Begins to run what is due."""

    def catch_up(self) -> None:
        """Runs what is due and was not run, once each."""

    def stop(self) -> None:
        """Starts nothing any more, and gives what runs a few seconds to end."""


class Elector:
    """Stands for election until it is stopped, in a thread of its own."""

    def __init__(self, app: Flask, timetable: Callable[[int], Timetable]) -> None:
        self.app = app
        self.timetable = timetable
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._stand, name="elector", daemon=True)

    def start(self) -> None:
        """Begins to stand."""
        self._thread.start()

    def stop(self, patience_seconds: float = 10.0) -> None:
        """Steps down, so that another takes over at once, and waits for that."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(patience_seconds)

    def _stand(self) -> None:
        with self.app.app_context():
            url = runner.direct_url()
        lock = HeldLock(url, KEY)
        checked = False
        while not self._stop.is_set():
            try:
                if not checked:
                    check_sessions(url)
                    checked = True
                if lock.acquire():
                    self._lead(lock)
            except PooledSessions as error:
                log.error("no jobs are run by this process: %s", error)
                return
            except (SQLAlchemyError, Problem) as error:
                log.warning("standing for election again: the database said %s", type(error).__name__)
            except Exception:
                log.exception("the elector failed; it stands again")
                lock.release()
            self._stop.wait(POLL_SECONDS)
        lock.release()

    def _lead(self, lock: HeldLock) -> None:
        timetable = None
        try:
            with self.app.app_context():
                epoch = bump(runner.whoami())
            log.info("this process leads, epoch %s", epoch)
            timetable = self.timetable(epoch)
            timetable.start()
            self._while_leading(lock, timetable)
        finally:
            if timetable is not None:
                timetable.stop()
            lock.release()
            log.info("this process leads no more")

    def _while_leading(self, lock: HeldLock, timetable: Timetable) -> None:
        caught_up = 0.0
        while lock.held and not self._stop.is_set():
            if clock.monotonic() - caught_up >= CATCH_UP_SECONDS:
                timetable.catch_up()
                caught_up = clock.monotonic()
            self._stop.wait(LOOK_SECONDS)


def bump(holder: str) -> int:
    """Returns the epoch that begins now, with `holder` as leader. Waits for what the former one is just inserting."""
    with transaction():
        raised = update(Leader).where(Leader.id == 1)
        new = raised.values(epoch=Leader.epoch + 1, holder=holder, since=clock.now()).returning(Leader.epoch)
        return db.session.execute(new).scalar_one()


def present() -> dict[str, object]:
    """Returns who leads: `holder`, since when, the `epoch`, and whether somebody holds the lock just now."""
    with transaction():
        row = db.session.execute(select(Leader).where(Leader.id == 1)).scalar_one()
        led = bool(db.session.execute(HOLDS, {"key": KEY}).scalar_one())
        return {"holder": row.holder, "since": row.since, "epoch": row.epoch, "alive": led}
