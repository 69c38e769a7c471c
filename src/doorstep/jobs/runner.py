"""The one way to run a job: on schedule, by endpoint, by command, from the page.

A job runs when its lock is held and its row was inserted: the lock keeps two runs from overlapping, the row (unique
on job and due moment) keeps one due run from happening twice, and every unit of work asks whether the row still says
`running`. So a process that was frozen and wakes up, or was taken for dead, changes nothing any more.
"""

from __future__ import annotations

import hashlib
import logging
import os
import socket
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from doorstep.backends.database.held_lock import HeldLock
from doorstep.core import clock, current, ids
from doorstep.core.errors import Conflict, Problem, Unavailable
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.core.work import Fenced, Work
from doorstep.jobs.models import JobHeartbeat, JobRun, Leader
from doorstep.jobs.table import Job

log = logging.getLogger(__name__)

Told = dict[str, Any]
LONGEST_ERROR: Final = 500
LOST: Final = "its process ended or stopped answering"
STILL_OURS: Final = text("""
    select 1 from job_runs r where r.id = :run and r.state = 'running'
       and (cast(:epoch as integer) is null or exists (select from leader where id = 1 and epoch = :epoch))
       for share of r
""")

# Who hears of every run that ended, with its job and what is told of it; for metrics.
OBSERVERS: Final[list[Callable[[Job, Told], None]]] = []


class AlreadyRunning(Conflict):
    """The job is running just now; `extra["run"]` tells the run."""


def whoami() -> str:
    """Returns the name of this process among all that may run jobs, e.g. `web-1:4711`."""
    return f"{socket.gethostname()}:{os.getpid()}"


def run(
    job: Job, *, trigger: str, due: datetime | None = None, epoch: int | None = None, dry_run: bool = False
) -> Told | None:
    """Returns what came of the run; None when this due run has been made already. A dry run changes nothing at all.

    `due` and `epoch` are given by the schedule. Raises AlreadyRunning, Fenced (another leads by now), Unavailable.
    """
    db.session.rollback()  # what was read to let somebody in; the job's units of work are its own
    if dry_run:
        return _pretend(job)
    lock = HeldLock(direct_url(), key_of(job.name))
    try:
        if not lock.acquire():
            raise _already_running(job)
        row = _begin(job, trigger, due or clock.now(), epoch)
        return _carry_out(job, row, lock) if row else None
    except SQLAlchemyError as error:
        raise Unavailable(f"The job {job.name} could not be run: the database cannot be reached.") from error
    finally:
        lock.release()


def direct_url() -> str:
    """Returns the address at which a session is one session, whatever lies before the database."""
    settings = current.settings()
    return settings.database_direct_url or settings.database_url


def key_of(name: str) -> int:
    """Returns the key of a job's advisory lock: 63 bits of a hash, so that names need no list of numbers."""
    return int.from_bytes(hashlib.sha256(f"doorstep job {name}".encode()).digest()[:8], "big") >> 1


def told(row: JobRun) -> Told:
    """Returns a run as plain values."""
    return {
        "job": row.job, "run_id": row.id, "state": row.state, "result": row.result, "error": row.error,
        "due": row.due, "trigger": row.trigger, "leader": row.leader,
        "started_at": row.started_at, "finished_at": row.finished_at,
    }  # fmt: skip


def _begin(job: Job, trigger: str, due: datetime, epoch: int | None) -> JobRun | None:
    with transaction():
        if epoch is not None:
            _check_epoch(epoch)
        # Who holds the lock knows that no other run lives, whatever its row says.
        gone = update(JobRun).where(JobRun.job == job.name, JobRun.state == "running")
        db.session.execute(gone.values(state="lost", finished_at=clock.now(), error=LOST))
        first: Told = {
            "id": ids.new(), "job": job.name, "due": due, "trigger": trigger, "leader": whoami(), "epoch": epoch,
            "state": "running", "started_at": clock.now(),
        }  # fmt: skip
        once = insert(JobRun).values(first).on_conflict_do_nothing(index_elements=["job", "due"]).returning(JobRun)
        row = db.session.execute(once).scalar_one_or_none()
        if row is not None:
            db.session.expunge(row)
    return row


def _carry_out(job: Job, row: JobRun, lock: HeldLock) -> Told:
    def fence() -> None:
        if not lock.held or db.session.execute(STILL_OURS, {"run": row.id, "epoch": row.epoch}).first() is None:
            raise Fenced(f"run {row.id} of {job.name} is over")

    began = clock.monotonic()
    result, error = _result_of(job, Work(began + job.seconds, fence=fence))
    seconds = clock.monotonic() - began
    row.state, row.result, row.error = ("failed" if error else "succeeded"), result, error
    row.finished_at = clock.now()
    if not _finish(row):
        row.state, row.error = "lost", LOST
    log.log(
        _level(row),
        "job %s %s in %.3f s %s%s", job.name, row.state, seconds, result or "", f" {row.error}" if row.error else "",
        extra={"job": job.name, "run_id": str(row.id), "state": row.state, "ms": round(seconds * 1000)},
    )  # fmt: skip
    for observer in OBSERVERS:
        observer(job, told(row))
    return told(row)


def _level(row: JobRun) -> int:
    """Jobs that run every few seconds and find nothing to do are not worth a line each."""
    if row.error:
        return logging.WARNING
    return logging.INFO if any((row.result or {}).values()) else logging.DEBUG


def _result_of(job: Job, work: Work) -> tuple[dict[str, Any] | None, str | None]:
    try:
        return dict(job.function(work)), None
    except Exception as error:  # whatever a job does must end in its row, not in the scheduler
        if not isinstance(error, Problem | Fenced):
            log.exception("job %s failed", job.name)
        db.session.rollback()
        return None, f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"[:LONGEST_ERROR]


def _finish(row: JobRun) -> bool:
    """Writes the end of the run and the job's heartbeat. Returns False when the run was declared lost meanwhile."""
    with transaction():
        ended = update(JobRun).where(JobRun.id == row.id, JobRun.state == "running").returning(JobRun.id)
        values = {"state": row.state, "result": row.result, "error": row.error, "finished_at": row.finished_at}
        if db.session.execute(ended.values(values)).first() is None:
            return False
        good, at = row.state == "succeeded", row.finished_at
        said: Told = {"at": at, "consecutive_failures": 0 if good else 1}
        said |= {"last_success_at": at} if good else {"last_error": row.error, "last_error_at": at}
        again = said if good else said | {"consecutive_failures": JobHeartbeat.consecutive_failures + 1}
        beat = insert(JobHeartbeat).values({"name": row.job, **said})
        db.session.execute(beat.on_conflict_do_update(index_elements=["name"], set_=again))
    return True


def _check_epoch(epoch: int) -> None:
    mine = select(Leader.epoch).where(Leader.id == 1).with_for_update(read=True)
    if db.session.execute(mine).scalar_one() != epoch:
        raise Fenced("another process leads by now")


def _already_running(job: Job) -> AlreadyRunning:
    with transaction():
        running = select(JobRun).where(JobRun.job == job.name, JobRun.state == "running")
        row = db.session.execute(running).scalar_one_or_none()
        extra = {"run": told(row)} if row else {}
    return AlreadyRunning(f"The job {job.name} is running just now.", extra=extra)


def _pretend(job: Job) -> Told:
    began = clock.now()
    result, error = _result_of(job, Work(clock.monotonic() + job.seconds, dry=True))
    return {
        "job": job.name, "run_id": None, "state": "failed" if error else "dry_run", "result": result, "error": error,
        "due": began, "trigger": "dry run", "leader": whoami(), "started_at": began, "finished_at": clock.now(),
    }  # fmt: skip


def was_run(job: Job, due: datetime) -> bool:
    """Returns whether this due run has been made, or is being made."""
    with transaction():
        found = select(func.count()).where(JobRun.job == job.name, JobRun.due == due)
        return bool(db.session.execute(found).scalar_one())
