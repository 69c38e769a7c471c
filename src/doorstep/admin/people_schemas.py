"""Members, invitations and workers as JSON: what comes in, what goes out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from doorstep.accounts.hours import DAYS
from doorstep.accounts.users import LONGEST_ADDRESS, LONGEST_NAME
from doorstep.core.actor import ROLES
from doorstep.core.http.paging import PageQuery
from doorstep.core.http.times import Moment


def _name(**options: Any) -> fields.String:
    return fields.String(validate=validate.Length(1, LONGEST_NAME), **options)


def _role(**options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(ROLES), **options)


class MemberSchema(Schema):
    """A member. `id` names the membership, `user_id` the person."""

    id = fields.UUID(required=True)
    user_id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True)
    active = fields.Boolean(required=True)
    joined_at = fields.DateTime(required=True)


class RoleSchema(Schema):
    """Another role."""

    role = _role(required=True)


class InviteSchema(Schema):
    """Whom to invite, as what."""

    email = fields.String(required=True, validate=validate.Length(3, LONGEST_ADDRESS))
    name = fields.String(load_default="", validate=validate.Length(max=LONGEST_NAME))
    role = _role(required=True)


class InvitationSchema(Schema):
    """An open invitation. Its link is in the mail only."""

    id = fields.UUID(required=True)
    email = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True)


def _hours() -> fields.Dict:
    span = fields.List(fields.String(), validate=validate.Length(equal=2))
    said = 'Spans of a day in the organization\'s zone, e.g. [["08:00", "12:00"]]; days off are left out.'
    return fields.Dict(
        keys=fields.String(validate=validate.OneOf(DAYS)),
        values=fields.List(span, validate=validate.Length(max=4)),
        metadata={"description": said},
    )


class WorkerPatchSchema(Schema):
    """What can be changed of a worker; what is left out stays."""

    name = _name()
    phone = fields.String(validate=validate.Length(max=40))
    colour = fields.String(validate=validate.Length(max=20))
    skills = fields.List(fields.String(validate=validate.Length(1, 40)), validate=validate.Length(max=40))
    weekly_hours = _hours()
    active = fields.Boolean()


class WorkerInSchema(WorkerPatchSchema):
    """A new worker. With `email` they are invited to sign in."""

    name = _name(required=True)
    email = fields.String(validate=validate.Length(3, LONGEST_ADDRESS))


class WorkerSchema(Schema):
    """A worker. Without `user_id` they cannot sign in (yet)."""

    id = fields.UUID(required=True)
    user_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    phone = fields.String(required=True)
    colour = fields.String(required=True)
    skills = fields.List(fields.String(), required=True)
    weekly_hours = _hours()
    active = fields.Boolean(required=True)


class WorkerQuery(PageQuery):
    """The query of the list of workers."""

    inactive = fields.Boolean(load_default=False)


class TimeOffInSchema(Schema):
    """From when to when a worker is away; times with a zone."""

    start = Moment(required=True)
    end = Moment(required=True)
    reason = fields.String(load_default="", validate=validate.Length(max=200))


class TimeOffSchema(Schema):
    """When a worker is away."""

    id = fields.UUID(required=True)
    start = fields.DateTime(required=True)
    end = fields.DateTime(required=True)
    reason = fields.String(required=True)


class WorkerLinkSchema(Schema):
    """A link that signs the worker in once. It is not shown again. `qr_svg` is the same as a picture."""

    url = fields.String(required=True)
    qr_svg = fields.String(required=True)
    minutes = fields.Integer(required=True)
