"""The system's work as JSON, for the operator: start a job, see how all of them are doing, what ran."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from doorstep.core.actor import Actor
from doorstep.jobs import runner, status, table

Told = dict[str, Any]


def starter(name: str) -> Callable[..., Told]:
    """Returns the view that runs the job of this name."""

    def start(who: Actor, query: Told) -> Told:
        return runner.run(table.find(name), trigger="endpoint", dry_run=query["dry_run"]) or {}

    start.__name__ = f"start_{name.replace('-', '_')}"
    start.__doc__ = f"Run the job {name} now. With `dry_run` it says what it would do and changes nothing."
    return start


def job_status(who: Actor) -> Told:
    """Who leads, and how each job is doing."""
    return status.jobs()


def job_runs(who: Actor, query: Told) -> Told:
    """What ran, the newest first; of one job with `job`."""
    found, following = status.rows(query["limit"], query["cursor"], query["job"])
    return {"items": found, "next_cursor": following}
