"""The shapes of the system's work at the API's edge."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from doorstep.core.http.paging import PageQuery
from doorstep.jobs.models import STATES, TRIGGERS


class DryRunQuery(Schema):
    """Whether only to say what would be done."""

    dry_run = fields.Boolean(load_default=False)


class RunsQuery(PageQuery):
    """Which runs."""

    job = fields.String(load_default=None, validate=validate.Length(max=60))


class RunOut(Schema):
    """One run of a job. A dry run has no `run_id`: nothing was written."""

    job = fields.String(required=True)
    run_id = fields.UUID(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf([*STATES, "dry_run"]))
    result = fields.Dict(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    due = fields.AwareDateTime(required=True)
    trigger = fields.String(required=True, validate=validate.OneOf([*TRIGGERS, "dry run"]))
    leader = fields.String(required=True)
    started_at = fields.AwareDateTime(required=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)


class LeaderOut(Schema):
    """Who runs the schedule; `alive` says whether somebody holds the lock just now."""

    holder = fields.String(required=True)
    since = fields.AwareDateTime(required=True, allow_none=True)
    epoch = fields.Integer(required=True)
    alive = fields.Boolean(required=True)


class JobOut(Schema):
    """How a job is doing. `late` means: no good run for more than two intervals."""

    name = fields.String(required=True)
    purpose = fields.String(required=True)
    schedule = fields.String(required=True)
    seconds = fields.Integer(required=True, metadata={"description": "time limit of a run"})
    last_heartbeat = fields.AwareDateTime(required=True, allow_none=True)
    last_success_at = fields.AwareDateTime(required=True, allow_none=True)
    last_error = fields.String(required=True, allow_none=True)
    last_error_at = fields.AwareDateTime(required=True, allow_none=True)
    consecutive_failures = fields.Integer(required=True)
    next_run_at = fields.AwareDateTime(required=True)
    running = fields.Nested(RunOut, required=True, allow_none=True)
    late = fields.Boolean(required=True)


class StatusOut(Schema):
    """The system's work at a glance."""

    leader = fields.Nested(LeaderOut, required=True)
    jobs = fields.List(fields.Nested(JobOut), required=True)
