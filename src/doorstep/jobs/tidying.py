"""The job `cleanup`: takes away what is over, each feature its own; what fails does not hold up the rest."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import and_, delete, or_, select

from doorstep.auth import jobs as auth
from doorstep.clients import jobs as clients
from doorstep.core import clock, current
from doorstep.core.http import idempotency
from doorstep.core.work import Fenced, Work
from doorstep.jobs.models import JobRun
from doorstep.orders import jobs as orders

log = logging.getLogger(__name__)


def cleanup(work: Work) -> Mapping[str, Any]:
    """Returns how much of each kind was taken away. Raises RuntimeError at the end when some of it failed."""
    counts, failed = {}, []
    for name, sweep in SWEEPS.items():
        if not work.has_time:
            break
        try:
            counts[name] = sweep(work)
        except Fenced:
            raise
        except Exception:
            log.exception("the clean-up of %s failed", name)
            failed.append(name)
    if failed:
        raise RuntimeError(f"could not tidy up {', '.join(failed)}; did {counts}")
    return counts


def old_runs(work: Work) -> int:
    """Returns how many runs were removed because they ended long ago; one that went well and found nothing to do is
    old after a day, for there are jobs that run every few seconds."""
    before = clock.now() - timedelta(days=current.settings().retention_job_runs_days)
    idle = and_(JobRun.state == "succeeded", JobRun.result == {}, JobRun.started_at < clock.now() - timedelta(days=1))

    def batch(most: int) -> int:
        long_ago = and_(JobRun.state != "running", JobRun.started_at < before)
        over = select(JobRun.id).where(or_(long_ago, idle)).limit(most)
        return work.rows_of(delete(JobRun).where(JobRun.id.in_(over)))

    return work.sweep("old runs of jobs", batch)


SWEEPS: Final[Mapping[str, Callable[[Work], int]]] = {
    "sessions": auth.dead_sessions,
    "sign_in_links": auth.dead_links,
    "client_links": clients.dead_links,
    "idempotency_keys": idempotency.dead_keys,
    "broken_uploads": orders.broken_uploads,
    "job_runs": old_runs,
}
