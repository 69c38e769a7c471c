"""Writes docs/jobs.md from the table of jobs: `python scripts/jobs_doc.py` (`--check` only compares)."""

from __future__ import annotations

import sys
from pathlib import Path

from doorstep.jobs.table import JOBS

PATH = Path(__file__).resolve().parents[1] / "docs" / "jobs.md"
HEAD = """\
# Scheduled work

Doorstep's own work runs inside the web processes: of all of them, on all hosts, one is elected and runs the timetable.
Nothing else is to be set up. When the elected process ends, is killed, freezes or loses the database, another goes on
within seconds; what fell due meanwhile runs once. `SCHEDULER_ENABLED=false` keeps a process from standing for election.

## The timetable

| job | due | at most | what for | started by |
|---|---|---|---|---|
{rows}

Other schedules: `JOB_SCHEDULES`, e.g. `cleanup=every 10m,backup-check=daily 04:30` (times are UTC).

## Looking and starting

- The operator's page `/operator` says in a sentence what is wrong; each job has a page with its runs and what to do.
- `flask --app wsgi jobs list`, `jobs status` (exit code 1 when something is wrong), `jobs run NAME [--dry-run]`.
- `GET /v1/admin/jobs/status`, `GET /v1/admin/jobs/runs`, and the addresses of the table, with the operator's bearer
  token (`flask --app wsgi token create`). `?dry_run=1` says what would be done and changes nothing. A job that is
  running already answers 409 with that run.
- `/readyz` counts the heartbeat when `JOB_HEARTBEAT_REQUIRED=true`: older than `JOB_HEARTBEAT_TTL_SECONDS` means 503.

Every run is a row: when it was due, who ran it, what came of it. A run is `lost` when its process ended or stopped
answering; whatever it might still do then is refused by the database.

## Behind a transaction pooler

The election needs a session of its own. When `DATABASE_URL` leads to a transaction pooler such as PgBouncer, set
`DATABASE_DIRECT_URL` to the database itself; without it the process says so and runs no jobs.

## When a job fails
{remedies}
## Adding a job

1. A function that takes `Work` (`core/work.py`) and returns its counts, in the feature's `jobs.py`. Every loop asks
   `work.has_time`; every change is made in `with work.part(why):`.
2. A row in `JOBS` (`jobs/table.py`), with what to do when it fails.
3. `python scripts/jobs_doc.py`.
"""


def text() -> str:
    """Returns what the page must say."""
    rows = [
        f"| `{job.name}` | {job.schedule} | {job.seconds} s | {job.purpose} | "
        f"{f'`POST {job.address}`' if job.address else 'page, command'} |"
        for job in JOBS
    ]
    remedies = [
        f"\n### {job.name}\n\n" + "\n".join(f"{number}. {step}" for number, step in enumerate(job.remedy, 1)) + "\n"
        for job in JOBS
    ]
    return HEAD.format(rows="\n".join(rows), remedies="".join(remedies))


def main() -> int:
    """Writes or compares; exit code 1 when the page is not true."""
    if "--check" in sys.argv:
        return 0 if PATH.read_text(encoding="utf-8") == text() else 1
    PATH.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
