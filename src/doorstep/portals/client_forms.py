"""What clients send."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, fields, validate

from doorstep.clients.contact import EmailAddress
from doorstep.core.http.times import Moment

LONGEST_TEXT: Final = 2000


def words(missing: str = "") -> fields.String:
    """Returns the field of a few lines of text, required when `missing` says what to answer without it."""
    told: dict[str, Any] = {"required": missing} if missing else {}
    fits = validate.Length(max=LONGEST_TEXT, error=f"Use at most {LONGEST_TEXT} characters.")
    given: dict[str, Any] = {"required": True} if missing else {"load_default": ""}
    return fields.String(validate=fits, error_messages=told, **given)


class SignInForm(Schema):
    """Who wants a link; `company` is the slug of the company whose page led here."""

    email = EmailAddress(required=True, error_messages={"required": "Type the e-mail address you gave the company."})
    company = fields.String(load_default="", validate=validate.Length(max=60))


class AskForm(Schema):
    """A question or a note to the office."""

    text = words("Write a few words, so that the office can help.")


class MoveForm(Schema):
    """A wish for another time: one of the free ones that were shown, words, or both."""

    start = Moment(load_default=None, error_messages=dict.fromkeys(("invalid", "far"), "Choose one of the times."))
    text = words()


class CancelForm(Schema):
    """Why an order is not wanted any more."""

    text = words()


class RateForm(Schema):
    """How it was."""

    score = fields.Integer(
        required=True,
        validate=validate.Range(1, 5, error="Choose one to five stars."),
        error_messages={"required": "Choose one to five stars.", "invalid": "Choose one to five stars."},
    )
    comment = words()


class AcceptForm(Schema):
    """Yes to the quote that was read: of this version of the order, no other."""

    version = fields.Integer(required=True)
