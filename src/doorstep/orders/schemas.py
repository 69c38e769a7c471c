"""The shapes of orders at the API's edge: what may come in, what goes out (the latter for the documentation;
answers are made by `orders/shapes.py`, and a test holds the two together)."""

from __future__ import annotations

from typing import Final

from marshmallow import Schema, fields, validate

from doorstep.core.http.paging import PageQuery
from doorstep.core.http.times import Day, Moment
from doorstep.orders.models import LONGEST_VISIT_MINUTES, PHASES, SOURCES
from doorstep.orders.status import STATUSES

LINE: Final = validate.Length(max=200)
TEXT: Final = validate.Length(max=4000)
MOST_CENTS: Final = 100_000_000


class OrderQuery(PageQuery):
    """Filters of the list; `first` and `until` are moments (ISO 8601) between which the visit starts."""

    status = fields.List(fields.String(validate=validate.OneOf(STATUSES)), load_default=list)
    worker = fields.UUID(load_default=None)
    client = fields.UUID(load_default=None)
    unassigned = fields.Boolean(load_default=False)
    first = Moment(load_default=None, data_key="from")
    until = Moment(load_default=None, data_key="to")
    search = fields.String(load_default="", validate=LINE, data_key="q")


class OrderIn(Schema):
    """A new order made by the office or another system."""

    client_id = fields.UUID(required=True)
    service_id = fields.UUID(required=True)
    extras = fields.List(fields.String(validate=LINE), load_default=list, validate=validate.Length(max=30))
    address = fields.String(load_default="", validate=LINE)
    city = fields.String(load_default="", validate=LINE)
    postal_code = fields.String(load_default="", validate=validate.Length(max=20))
    access_notes = fields.String(load_default="", validate=TEXT)
    details = fields.String(load_default="", validate=TEXT)
    wished_at = Moment(load_default=None, allow_none=True)
    wish_note = fields.String(load_default="", validate=TEXT)
    price_cents = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, MOST_CENTS))


class OrderPatch(Schema):
    """What of an order can be put right without moving it. `version` guards against overwriting."""

    version = fields.Integer(load_default=None, allow_none=True)
    address = fields.String(validate=LINE)
    city = fields.String(validate=LINE)
    postal_code = fields.String(validate=validate.Length(max=20))
    access_notes = fields.String(validate=TEXT)
    details = fields.String(validate=TEXT)
    price_cents = fields.Integer(validate=validate.Range(0, MOST_CENTS))


class Versioned(Schema):
    """The version the caller has seen; `If-Match` may carry it instead."""

    version = fields.Integer(load_default=None, allow_none=True)


class ScheduleIn(Versioned):
    """A visit: when, how long (default: the order's length), by whom (default: nobody yet)."""

    start = Moment(required=True)
    minutes = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(5, LONGEST_VISIT_MINUTES))
    worker_id = fields.UUID(load_default=None, allow_none=True)


class QuoteIn(Versioned):
    """A price offered to the client."""

    price_cents = fields.Integer(required=True, validate=validate.Range(0, MOST_CENTS))
    note = fields.String(load_default="", validate=TEXT)


class ReasonIn(Versioned):
    """Why."""

    reason = fields.String(load_default="", validate=TEXT)


class NoteIn(Schema):
    """A note; `for_client` shows it to the client."""

    text = fields.String(required=True, validate=[validate.Length(min=1), TEXT])
    for_client = fields.Boolean(load_default=False)


class FinishIn(Versioned):
    """The last words of the worker, seen by the client."""

    note = fields.String(load_default="", validate=TEXT)


class TickIn(Schema):
    """A step done or not."""

    done = fields.Boolean(required=True)


class OrderLine(Schema):
    """An order in a list."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    start = fields.AwareDateTime(required=True, allow_none=True)
    end = fields.AwareDateTime(required=True, allow_none=True)
    wished_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    client_id = fields.UUID(required=True)
    client = fields.String(required=True)
    service = fields.String(required=True)
    worker_id = fields.UUID(required=True, allow_none=True)
    worker = fields.String(required=True, allow_none=True)
    address = fields.String(required=True)
    city = fields.String(required=True)
    postal_code = fields.String(required=True)
    price_cents = fields.Integer(required=True, allow_none=True)
    price_low_cents = fields.Integer(required=True, allow_none=True)
    price_high_cents = fields.Integer(required=True, allow_none=True)
    currency = fields.String(required=True)
    duration_minutes = fields.Integer(required=True)
    version = fields.Integer(required=True)


class ExtraOut(Schema):
    """A chosen extra."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    price_cents = fields.Integer(required=True)
    minutes = fields.Integer(required=True)


class StepOut(Schema):
    """A step of the checklist."""

    id = fields.UUID(required=True)
    label = fields.String(required=True)
    phase = fields.String(required=True, allow_none=True)
    photo_required = fields.Boolean(required=True)
    required = fields.Boolean(required=True)
    done_at = fields.AwareDateTime(required=True, allow_none=True)
    done_by = fields.String(required=True, allow_none=True)


class OrderOut(OrderLine):
    """One order, whole."""

    service_id = fields.UUID(required=True)
    access_notes = fields.String(required=True)
    details = fields.String(required=True)
    wish_note = fields.String(required=True)
    quote_note = fields.String(required=True)
    reason = fields.String(required=True)
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))
    finished_at = fields.AwareDateTime(required=True, allow_none=True)
    extras = fields.List(fields.Nested(ExtraOut), required=True)
    checklist = fields.List(fields.Nested(StepOut), required=True)
    allowed = fields.List(fields.String(), required=True, metadata={"description": "statuses it can go to"})


class EventOut(Schema):
    """A line of the timeline."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    actor_kind = fields.String(required=True)
    actor = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    data = fields.Dict(required=True)


class SlotQuery(Schema):
    """A search for free times; the days are dates in the organization's zone, at most 31 of them."""

    service = fields.UUID(required=True)
    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="to")
    worker = fields.UUID(load_default=None)


class SlotOut(Schema):
    """A time at which a worker is free for the whole visit."""

    worker_id = fields.UUID(required=True)
    worker = fields.String(required=True)
    start = fields.AwareDateTime(required=True)
    end = fields.AwareDateTime(required=True)


class SlotsOut(Schema):
    """Free times, earliest first."""

    items = fields.List(fields.Nested(SlotOut), required=True)


PHASE: Final = validate.OneOf(PHASES)
