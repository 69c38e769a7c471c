"""JOBS: every job of the system, when it is due, how long it may take, what it is for, what to do when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from doorstep.core import current
from doorstep.core.errors import NotFound
from doorstep.core.settings import SettingsError
from doorstep.core.work import Work
from doorstep.jobs import backups, schedules, tidying
from doorstep.jobs.schedules import Every, Schedule
from doorstep.notifications import delivery
from doorstep.orders import reminders

HEARTBEAT: Final = "heartbeat"


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `seconds` is its time limit; `address` where an operator starts it by the API; `remedy` what to do,
    step by step, when it fails or is late."""

    name: str
    function: Callable[[Work], Mapping[str, Any]]
    schedule: Schedule
    seconds: int
    purpose: str
    remedy: tuple[str, ...]
    address: str = ""

    def due(self, now: datetime) -> datetime:
        """Returns the newest moment at which it was due."""
        return self.schedule.slot(now)


def _beat(work: Work) -> Mapping[str, Any]:
    """Does nothing but run: that it did is the news."""
    with work.part("the heartbeat of the schedule"):
        return {}


JOBS: Final[tuple[Job, ...]] = (
    Job(
        HEARTBEAT, _beat, Every(30), 10,
        "shows that the schedule is alive",
        ("Look whether anybody leads: “flask --app wsgi jobs status”.",
         "Nobody leads: is SCHEDULER_ENABLED true, and do the web processes run? Their log says why none was elected.",
         "Somebody leads and nothing runs: restart that process; another takes over within seconds."),
    ),
    Job(
        "cleanup", tidying.cleanup, Every(300), 120,
        "removes what is over: sessions, links, idempotency keys, photos whose upload broke off, old runs",
        ("Read the error of the last run; a lock or a timeout mends itself with the next one.",
         "Run it by hand with a dry run first: “flask --app wsgi jobs run cleanup --dry-run”.",
         "The store of photos cannot be reached: nothing is lost, the rest of the clean-up goes on."),
        address="/v1/admin/cleanup",
    ),
    Job(
        "email-scan", reminders.scan, Every(60), 120,
        "queues the mails that time brings: reminders of visits, the question how it was",
        ("Read the error of the last run; what was queued stays, the rest is found again by the next run.",
         "“no_address” counts clients whom no mail reaches: the office calls them, or corrects the address.",
         "See what it would do: “flask --app wsgi jobs run email-scan --dry-run”."),
        address="/v1/admin/email-scan",
    ),
    Job(
        "email-delivery", delivery.deliver, Every(5), 120,
        "sends the mails that are queued",
        ("Is the circuit “email” open? Its last error says what the mail server answered; sending goes on by itself.",
         "It refuses our name or key: correct the settings and restart; no mail is lost meanwhile.",
         "Mails that were given up are under /v1/admin/email-dead-letter, each with the reason; replay them there."),
    ),
    Job(
        "backup-check", backups.check, Every(3600), 60,
        "says how old the newest backup is and when one was last verified",
        ("No backup or too old: does what writes into BACKUP_DIR still run? Its own output says what failed.",
         "A backup counts when its whole dump and its NAME.json (file, bytes, created_at, verified_at) lie there.",
         "BACKUP_DIR must be the folder that the backups are written to, as this process sees it."),
    ),
)  # fmt: skip


def jobs() -> tuple[Job, ...]:
    """Returns the table with the schedules of JOB_SCHEDULES. Raises SettingsError for what is none."""
    return _scheduled(current.settings().job_schedules)


def find(name: str) -> Job:
    """Returns the job of this name. Raises NotFound, naming those that exist."""
    for job in jobs():
        if job.name == name:
            return job
    raise NotFound(f"There is no job {name[:40]!r}; there are {', '.join(job.name for job in JOBS)}.")


@lru_cache(maxsize=4)
def _scheduled(overrides: tuple[str, ...]) -> tuple[Job, ...]:
    chosen, wrong = {}, []
    names = [job.name for job in JOBS]
    for entry in overrides:
        name, _, words = entry.partition("=")
        try:
            chosen[name.strip()] = schedules.read(words)
        except ValueError as error:
            wrong.append(f"JOB_SCHEDULES: {error}")
        if name.strip() not in names:
            wrong.append(f"JOB_SCHEDULES: there is no job {name.strip()!r}; there are {', '.join(names)}")
    wrong += [f"the job {name} is in the table twice" for name in names if names.count(name) > 1]
    wrong += [f"the job {job.name} does not say what to do when it fails" for job in JOBS if not job.remedy]
    if wrong:
        raise SettingsError(wrong)
    return tuple(replace(job, schedule=chosen.get(job.name, job.schedule)) for job in JOBS)
