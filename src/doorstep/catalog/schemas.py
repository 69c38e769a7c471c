"""Services as JSON: what comes in, what goes out."""

from __future__ import annotations

from typing import Final

from marshmallow import Schema, fields, validate

from doorstep.catalog import rules
from doorstep.catalog.models import PRICE_UNITS

PRICE: Final = validate.Range(0, rules.HIGHEST_PRICE_CENTS)
DURATION: Final = validate.Range(*rules.DURATION_MINUTES)


def _label() -> fields.String:
    return fields.String(required=True, validate=validate.Length(1, rules.LABEL_LENGTH))


class ExtraSchema(Schema):
    """Something that can be added to a service. Without a key, one is made from the label."""

    key = fields.String(validate=validate.Regexp(rules.KEY))
    label = _label()
    price_cents = fields.Integer(load_default=0, strict=True, validate=PRICE)
    minutes = fields.Integer(load_default=0, strict=True, validate=validate.Range(*rules.EXTRA_MINUTES))


class StepSchema(Schema):
    """One step of the checklist that each order of the service gets."""

    label = _label()
    phase = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(["before", "after"]))
    photo_required = fields.Boolean(load_default=False)


class ServicePatchSchema(Schema):
    """What can be changed of a service; what is left out stays."""

    name = fields.String(validate=validate.Length(1, rules.NAME_LENGTH))
    description = fields.String(validate=validate.Length(max=rules.DESCRIPTION_LENGTH))
    icon = fields.String(validate=validate.OneOf(rules.ICONS))
    skill = fields.String(validate=validate.Length(max=rules.SKILL_LENGTH))
    price_cents = fields.Integer(strict=True, validate=PRICE)
    price_unit = fields.String(validate=validate.OneOf(PRICE_UNITS))
    duration_minutes = fields.Integer(strict=True, validate=DURATION)
    buffer_minutes = fields.Integer(strict=True, validate=validate.Range(*rules.BUFFER_MINUTES))
    extras = fields.List(fields.Nested(ExtraSchema), validate=validate.Length(max=rules.MOST_EXTRAS))
    checklist = fields.List(fields.Nested(StepSchema), validate=validate.Length(max=rules.MOST_STEPS))
    position = fields.Integer(strict=True, validate=validate.Range(0, 10_000))
    public = fields.Boolean()
    active = fields.Boolean()


class ServiceInSchema(ServicePatchSchema):
    """A new service."""

    name = fields.String(required=True, validate=validate.Length(1, rules.NAME_LENGTH))
    price_cents = fields.Integer(required=True, strict=True, validate=PRICE)
    duration_minutes = fields.Integer(required=True, strict=True, validate=DURATION)


class ServiceQuery(Schema):
    """Which services are listed."""

    inactive = fields.Boolean(load_default=False)


class ServiceOutSchema(Schema):
    """A service as the office sees it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    icon = fields.String(required=True)
    skill = fields.String(required=True)
    price_cents = fields.Integer(required=True)
    price_unit = fields.String(required=True)
    duration_minutes = fields.Integer(required=True)
    buffer_minutes = fields.Integer(required=True)
    extras = fields.List(fields.Nested(ExtraSchema), required=True)
    checklist = fields.List(fields.Nested(StepSchema), required=True)
    position = fields.Integer(required=True)
    public = fields.Boolean(required=True)
    active = fields.Boolean(required=True)


class EstimateOutSchema(Schema):
    """A price range in minor units, empty where the office names the price, and a duration."""

    low_cents = fields.Integer(required=True, allow_none=True)
    high_cents = fields.Integer(required=True, allow_none=True)
    minutes = fields.Integer(required=True)
    quoted = fields.Boolean(required=True)
