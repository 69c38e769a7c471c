"""`flask jobs`: the timetable, one run, how all is going. Never starts the scheduler."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup

from doorstep.core import clock
from doorstep.core.errors import Problem
from doorstep.jobs import runner, status, table

jobs = AppGroup("jobs", help="The system's own work.")


@jobs.command("list")
def job_list() -> None:
    """Print the timetable: each job, when it is due, how long it may take, what it is for."""
    rows = [(job.name, str(job.schedule), f"{job.seconds} s", job.purpose) for job in table.jobs()]
    click.echo(_columns(("JOB", "DUE", "AT MOST", "WHAT FOR"), rows))


@jobs.command("run")
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing.")
def job_run(name: str, dry_run: bool) -> None:
    """Run the job NAME now, as the schedule would. Exit code 1 when it fails or is running already."""
    try:
        said = runner.run(table.find(name), trigger="command", dry_run=dry_run) or {}
    except Problem as problem:
        raise click.ClickException(problem.detail) from None
    counts = ", ".join(f"{key} {value}" for key, value in (said.get("result") or {}).items()) or "nothing to do"
    click.echo(f"{name}: {said['state'].replace('_', ' ')}; {said['error'] or counts}")
    if said["error"]:
        raise SystemExit(1)


@jobs.command("status")
def job_status() -> None:
    """Print who leads and how each job is doing. Exit code 1 when nobody leads or a job fails."""
    found = status.jobs()
    leader = found["leader"]
    who = f"{leader['holder']} leads since {_moment(leader['since'])} (epoch {leader['epoch']})"
    click.echo(who if leader["alive"] else "Nobody leads: no job runs on schedule.")
    rows = [
        (job["name"], _state(job), _moment(job["last_success_at"]), _moment(job["next_run_at"]))
        for job in found["jobs"]
    ]
    click.echo(_columns(("JOB", "STATE", "LAST GOOD RUN", "NEXT"), rows))
    if not leader["alive"] or any(job["consecutive_failures"] for job in found["jobs"]):
        raise SystemExit(1)


def _state(job: dict[str, Any]) -> str:
    if job["running"]:
        return "running"
    failed = job["consecutive_failures"]
    return f"failed {failed} x: {job['last_error']}" if failed else "late" if job["late"] else "well"


def _moment(at: datetime | None) -> str:
    if at is None:
        return "never"
    seconds = round((clock.now() - at).total_seconds())
    size, unit = next(
        (s, u) for s, u in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")) if abs(seconds) >= s or s == 1
    )
    return f"{seconds // size} {unit} ago" if seconds >= 0 else f"in {-seconds // size} {unit}"


def _columns(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Returns a table with columns as wide as their longest word."""
    wide = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    lines = ["  ".join(word.ljust(width) for word, width in zip(row, wide, strict=True)) for row in [head, *rows]]
    return "\n".join(line.rstrip() for line in lines)
