"""The timetable of the leader: APScheduler filled from JOBS. The one place that knows APScheduler."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from doorstep.core import clock
from doorstep.core.errors import Problem
from doorstep.core.extensions import db
from doorstep.core.work import Fenced
from doorstep.jobs import runner, table
from doorstep.jobs.leader import Elector
from doorstep.jobs.schedules import EPOCH, Every, Schedule
from doorstep.jobs.table import Job

log = logging.getLogger(__name__)

AT_ONCE: Final = 4
PATIENCE_SECONDS: Final = 5.0


class Scheduler:
    """Runs what is due in threads, for the leader of one epoch."""

    def __init__(self, app: Flask, epoch: int) -> None:
        self.app = app
        self.epoch = epoch
        self._idle = threading.Condition()
        self._running = 0
        with app.app_context():
            self.jobs = table.jobs()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(AT_ONCE)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begins to run what is due."""
        for job in self.jobs:
            self._scheduler.add_job(self._run, trigger_of(job.schedule), [job], id=job.name)
        self._scheduler.start()

    def catch_up(self) -> None:
        """Runs what is due and was not run, once each: what fell due while nobody led, or while clocks were put."""
        now = clock.now()
        for job in self.jobs:
            with self.app.app_context():
                missed = not runner.was_run(job, job.due(now))
            if missed:
                self._scheduler.add_job(self._run, args=[job], id=f"{job.name}, late", replace_existing=True)

    def stop(self) -> None:
        """Starts nothing any more, and gives what runs a few seconds to end; later it is cut off by its fence."""
        self._scheduler.shutdown(wait=False)
        with self._idle:
            self._idle.wait_for(lambda: not self._running, PATIENCE_SECONDS)

    def _run(self, job: Job) -> None:
        with self._counted(), self.app.app_context():
            try:
                runner.run(job, trigger="schedule", due=job.due(clock.now()), epoch=self.epoch)
            except (Problem, Fenced) as reason:
                log.info("job %s was not run: %s", job.name, reason)
            finally:
                db.session.remove()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._idle:
            self._running += 1
        try:
            yield
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()


def trigger_of(schedule: Schedule) -> IntervalTrigger | CronTrigger:
    """Returns APScheduler's trigger for a schedule, on the same grid of moments."""
    if isinstance(schedule, Every):
        return IntervalTrigger(seconds=schedule.seconds, start_date=EPOCH, timezone="UTC")
    return CronTrigger(hour=schedule.at.hour, minute=schedule.at.minute, timezone="UTC")


def stand_for_election(app: Flask) -> Elector:
    """Returns the elector of this process, which has begun to stand. For web processes; commands never call it."""
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    elector = Elector(app, lambda epoch: Scheduler(app, epoch))
    elector.start()
    return elector
