"""Fixtures of the tests of jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.core.work import Work
from doorstep.jobs.models import JobHeartbeat, JobRun
from doorstep.jobs.schedules import Every
from doorstep.jobs.table import Job

MakeJob = Callable[..., Job]


@pytest.fixture
def make_job(context: Flask) -> MakeJob:
    """Returns a maker of jobs that do as they are told, inside the application's context."""

    def made(function: Callable[[Work], Mapping[str, Any]] = lambda work: {"done": 1}, name: str = "test") -> Job:
        return Job(name, function, Every(60), 20, "is tested", ("Look.",))

    return made


def runs(name: str = "test") -> list[JobRun]:
    """Returns the job's runs, the oldest first."""
    with transaction():
        return list(db.session.execute(select(JobRun).where(JobRun.job == name).order_by(JobRun.started_at)).scalars())


def beat(name: str = "test") -> JobHeartbeat | None:
    """Returns how the job is doing."""
    with transaction():
        found = db.session.execute(select(JobHeartbeat).where(JobHeartbeat.name == name)).scalar_one_or_none()
        db.session.expunge_all()
        return found
