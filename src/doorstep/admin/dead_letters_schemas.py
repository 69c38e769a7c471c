"""The shapes of dead letters at the API's edge."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from doorstep.core.http.times import Moment
from doorstep.core.queue import STATES
from doorstep.notifications.messages import MESSAGES


class EmailLetterOut(Schema):
    """A mail of the queue. `error` is what the mail server said last."""

    id = fields.UUID(required=True)
    org_id = fields.UUID(required=True)
    purpose = fields.String(required=True)
    to = fields.String(required=True)
    subject = fields.String(required=True)
    cause = fields.String(required=True, metadata={"description": "why the mail exists"})
    order_id = fields.UUID(required=True, allow_none=True)
    client_id = fields.UUID(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    attempts = fields.Integer(required=True)
    error = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)
    next_at = fields.AwareDateTime(required=True)


class EmailLetterWhole(EmailLetterOut):
    """The same with its text."""

    text = fields.String(required=True)


class ReplayBody(Schema):
    """Which of the mails that were given up; without anything all."""

    purpose = fields.String(load_default=None, validate=validate.OneOf(tuple(MESSAGES)))
    since = Moment(load_default=None)


class CountOut(Schema):
    """How many."""

    count = fields.Integer(required=True)


class NotedOut(Schema):
    """How many events said something about an address."""

    noted = fields.Integer(required=True)
