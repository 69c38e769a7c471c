"""Runs of jobs, how each is doing, and who leads."""

from alembic import op

from doorstep.core import ddl

revision = "0006"
down_revision = "0005"

TABLES = """
create table job_runs (
    job TEXT not null,
    due TIMESTAMP WITH TIME ZONE not null,
    trigger TEXT not null,
    leader TEXT not null,
    epoch INTEGER,
    state TEXT not null,
    started_at TIMESTAMP WITH TIME ZONE not null,
    finished_at TIMESTAMP WITH TIME ZONE,
    result JSONB,
    error TEXT,
    id UUID not null,
    CONSTRAINT pk_job_runs PRIMARY KEY (id),
    CONSTRAINT uq_job_runs_job_due UNIQUE (job, due),
    CONSTRAINT ck_job_runs_trigger_known CHECK (trigger in ('schedule', 'endpoint', 'command', 'page')),
    CONSTRAINT ck_job_runs_state_known CHECK (state in ('running', 'succeeded', 'failed', 'lost'))
);

create table job_heartbeats (
    name TEXT not null,
    at TIMESTAMP WITH TIME ZONE not null,
    last_success_at TIMESTAMP WITH TIME ZONE,
    last_error TEXT,
    last_error_at TIMESTAMP WITH TIME ZONE,
    consecutive_failures INTEGER not null,
    CONSTRAINT pk_job_heartbeats PRIMARY KEY (name)
);

create table leader (
    id INTEGER not null,
    epoch INTEGER not null,
    holder TEXT not null,
    since TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_leader PRIMARY KEY (id),
    CONSTRAINT ck_leader_one_row CHECK (id = 1)
);
insert into leader (id, epoch, holder) values (1, 0, '');
"""

INDEXES = """
create unique index uq_job_runs_running ON job_runs (job) WHERE state = 'running';
create index ix_job_runs_started ON job_runs (started_at, id);
create index ix_outgoing_emails_dead ON outgoing_emails (finished_at, id) WHERE state = 'dead';
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(INDEXES)
    for table in ("job_runs", "job_heartbeats", "leader"):
        op.execute(ddl.grant(table))


def downgrade() -> None:
    op.execute("drop index ix_outgoing_emails_dead")
    for table in ("leader", "job_heartbeats", "job_runs"):
        op.execute(f"drop table {table}")
