"""Runs of jobs, how each job is doing, and who leads. Global: this is the installation's own work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from doorstep.core.db import Base, GlobalRow, only

TRIGGERS = ("schedule", "endpoint", "command", "page")
STATES = ("running", "succeeded", "failed", "lost")


class JobRun(GlobalRow, Base):
    """One run. Unique on (job, due): the insert is the permission to run. At most one run of a job is `running`; one
    whose process is gone, or was taken for gone, is `lost`."""

    __tablename__ = "job_runs"
    __table_args__ = (
        UniqueConstraint("job", "due"),
        Index("uq_job_runs_running", "job", unique=True, postgresql_where=text("state = 'running'")),
        Index("ix_job_runs_started", "started_at", "id"),
        only("trigger", TRIGGERS),
        only("state", STATES),
    )

    job: Mapped[str]
    due: Mapped[datetime]
    trigger: Mapped[str]
    leader: Mapped[str]
    epoch: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="running")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    error: Mapped[str | None]


class JobHeartbeat(Base):
    """How a job is doing: when it ended last, when well, and how often in a row it failed."""

    __tablename__ = "job_heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    last_success_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    last_error_at: Mapped[datetime | None]
    consecutive_failures: Mapped[int] = mapped_column(default=0)


class Leader(Base):
    """The one row that says who leads. `epoch` grows with every election: work of an older one is refused."""

    __tablename__ = "leader"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    holder: Mapped[str]
    since: Mapped[datetime | None]
