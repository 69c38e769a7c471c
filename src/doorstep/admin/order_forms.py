"""What the office types about orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from doorstep.clients.contact import LONGEST_PHONE, EmailAddress
from doorstep.core import typed
from doorstep.core.actor import Org
from doorstep.core.errors import invalid
from doorstep.core.http.inputs import TimeOfDay
from doorstep.orders.models import LONGEST_VISIT_MINUTES
from doorstep.orders.schemas import MOST_CENTS

LINE: Final = validate.Length(max=200, error="Use at most {max} characters.")
TEXT: Final = validate.Length(max=4000, error="Use at most {max} characters.")
MOST: Final = validate.Length(max=200)
CHOOSE_TIME: Final = "Choose a day and a time."


class OfferedSlot(fields.String):
    """One of the free times that were shown: `<worker id>/<ISO 8601 start>`. Gives (worker id, start)."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        worker, _, start = super()._deserialize(value, attr, data, **kwargs).partition("/")
        try:
            at = datetime.fromisoformat(start)
            found = UUID(worker), at
        except ValueError:
            raise ValidationError("Choose one of the times.") from None
        if at.tzinfo is None:
            raise ValidationError("Choose one of the times.")
        return found


class Seen(Schema):
    """The version of the order that was read, and the page to go back to."""

    version = fields.Integer(load_default=None)
    back = fields.String(load_default="", validate=MOST)


class ScheduleForm(Seen):
    """A visit: one of the offered `slot`s, or day, time and worker."""

    slot = OfferedSlot(load_default=None)
    worker = fields.UUID(load_default=None, error_messages={"invalid_uuid": "Choose a worker from the list."})
    day = fields.Date(load_default=None, error_messages={"invalid": "Choose a day."})
    time = TimeOfDay(load_default=None, error_messages={"invalid": "Type a time such as 9:00."})
    minutes = fields.Integer(
        load_default=None,
        validate=validate.Range(5, LONGEST_VISIT_MINUTES, error="Between {min} and {max} minutes."),
        error_messages={"invalid": "Type a number of minutes."},
    )


class QuoteForm(Seen):
    """A price and words to go with it."""

    price = fields.String(required=True, validate=LINE, error_messages={"required": "Type the price."})
    note = fields.String(load_default="", validate=TEXT)


class ReasonForm(Seen):
    """Why."""

    reason = fields.String(load_default="", validate=TEXT)


class WordsForm(Seen):
    """A note or an answer."""

    text = fields.String(load_default="", validate=TEXT)
    for_client = fields.Boolean(load_default=False)


class EditForm(Seen):
    """Place, words and price put right. An empty price leaves it open."""

    address = fields.String(load_default="", validate=LINE)
    city = fields.String(load_default="", validate=LINE)
    postal_code = fields.String(load_default="", validate=validate.Length(max=20, error="At most {max} characters."))
    access_notes = fields.String(load_default="", validate=TEXT)
    details = fields.String(load_default="", validate=TEXT)
    price = fields.String(load_default="", validate=LINE)


class NewOrderForm(Seen):
    """An order that the office takes down: for a known `client`, or for one whose name is typed."""

    client = fields.UUID(load_default=None)
    name = fields.String(load_default="", validate=LINE)
    email = EmailAddress(load_default="")
    phone = fields.String(load_default="", validate=validate.Length(max=LONGEST_PHONE, error="At most {max} letters."))
    service = fields.UUID(required=True, error_messages={"required": "Choose a service."})
    extras = fields.List(fields.String(validate=LINE), load_default=list, validate=MOST)
    address = fields.String(load_default="", validate=LINE)
    city = fields.String(load_default="", validate=LINE)
    postal_code = fields.String(load_default="", validate=validate.Length(max=20, error="At most {max} characters."))
    access_notes = fields.String(load_default="", validate=TEXT)
    details = fields.String(load_default="", validate=TEXT)
    price = fields.String(load_default="", validate=LINE)
    worker = fields.UUID(load_default=None)
    day = fields.Date(load_default=None, error_messages={"invalid": "Choose a day."})
    time = TimeOfDay(load_default=None, error_messages={"invalid": "Type a time such as 9:00."})


def visit_of(values: Mapping[str, Any], org: Org) -> tuple[datetime, UUID | None]:
    """Returns the start and the worker that a form names. Raises Invalid at the field that is missing or wrong."""
    if values.get("slot"):
        worker_id, start = values["slot"]
        return start, worker_id
    for name in ("day", "time"):
        if values[name] is None:
            raise invalid(name, CHOOSE_TIME)
    try:
        return typed.moment(values["day"], values["time"], org.zone), values["worker"]
    except ValueError as error:
        raise invalid("time", str(error)) from None


def price_of(text: str, currency: str) -> int | None:
    """Returns the typed price in minor units; None for an empty text. Raises Invalid at the field `price`."""
    if not text.strip():
        return None
    try:
        cents = typed.cents(text, currency)
    except ValueError as error:
        raise invalid("price", str(error)) from None
    if cents > MOST_CENTS:
        raise invalid("price", "This is more than we can take down.")
    return cents
