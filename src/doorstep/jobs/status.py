"""How the system's work is going: each job, its last runs, who leads. Reads only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from doorstep.core import clock
from doorstep.core.extensions import db
from doorstep.core.http.paging import by_time, split
from doorstep.core.transaction import transaction
from doorstep.jobs import leader, runner, table
from doorstep.jobs.models import JobHeartbeat, JobRun
from doorstep.jobs.table import Job

SHOWN_RUNS: Final = 60
LATE_AFTER: Final = 2.5  # intervals without a good run
LATE_RUN: Final = timedelta(seconds=15)
NEWEST: Final = by_time(JobRun.started_at, JobRun.id)
Told = dict[str, Any]


def jobs() -> dict[str, Any]:
    """Returns who leads and how each job is doing."""
    now = clock.now()
    with transaction():
        beats = {beat.name: beat for beat in db.session.execute(select(JobHeartbeat)).scalars()}
        running = db.session.execute(select(JobRun).where(JobRun.state == "running")).scalars().all()
        runs = {row.job: runner.told(row) for row in running}
    told = [_job(job, beats.get(job.name), runs.get(job.name), now) for job in table.jobs()]
    return {"leader": leader.present(), "jobs": told}


def rows(limit: int, cursor: str | None, job: str | None = None) -> tuple[list[Told], str | None]:
    """Returns a page of runs, the newest first, and the cursor of the next page."""
    with transaction():
        statement = select(JobRun).where(JobRun.job == job) if job else select(JobRun)
        found = db.session.execute(NEWEST.page(statement, limit, cursor)).scalars().all()
        shown, following = split(found, limit, lambda row: (row.started_at, str(row.id)))
        return [runner.told(row) for row in shown], following


def beats() -> dict[str, list[str]]:
    """Returns each job's last runs as marks, the oldest first: `ok`, `late`, `miss`, `none` where there was no run."""
    place = func.row_number().over(partition_by=JobRun.job, order_by=JobRun.due.desc()).label("place")
    newest = select(JobRun.job, JobRun.due, JobRun.started_at, JobRun.state, JobRun.trigger, place).subquery()
    with transaction():
        found = db.session.execute(select(newest).where(newest.c.place <= SHOWN_RUNS).order_by(newest.c.due)).all()
    marks: dict[str, list[str]] = {job.name: [] for job in table.jobs()}
    for row in found:
        marks.setdefault(row.job, []).append(_mark(row))
    return {name: ["none"] * (SHOWN_RUNS - len(own)) + own for name, own in marks.items()}


def heartbeat_age() -> tuple[datetime | None, float | None]:
    """Returns when the heartbeat ran well last, and how many seconds ago."""
    with transaction():
        alive = select(JobHeartbeat.last_success_at).where(JobHeartbeat.name == table.HEARTBEAT)
        at = db.session.execute(alive).scalar_one_or_none()
    return at, (clock.now() - at).total_seconds() if at else None


def _mark(row: Any) -> str:
    if row.state in ("failed", "lost"):
        return "miss"
    late = row.trigger == "schedule" and row.started_at - row.due > LATE_RUN
    return "late" if late else "ok"


def _job(job: Job, beat: JobHeartbeat | None, run: Told | None, now: datetime) -> Told:
    good = beat.last_success_at if beat else None
    late = good is None or (now - good).total_seconds() > LATE_AFTER * job.schedule.interval_seconds
    return {
        "name": job.name, "purpose": job.purpose, "schedule": str(job.schedule), "seconds": job.seconds,
        "last_heartbeat": beat.at if beat else None, "last_success_at": good,
        "last_error": beat.last_error if beat else None, "last_error_at": beat.last_error_at if beat else None,
        "consecutive_failures": beat.consecutive_failures if beat else 0,
        "next_run_at": job.schedule.following(now), "running": run, "late": late,
    }  # fmt: skip
