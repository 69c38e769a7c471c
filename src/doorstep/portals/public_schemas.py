"""What visitors send and see: the request as a form and as JSON, the company, its times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from doorstep.catalog.rules import MOST_EXTRAS
from doorstep.catalog.schemas import EstimateOutSchema, ExtraSchema
from doorstep.clients.contact import LONGEST_EMAIL, LONGEST_PHONE, EmailAddress
from doorstep.core.http.texts import Line, Note
from doorstep.core.http.times import Day, Moment

ANY_TIME: Final = "any"
NOTE_LENGTH: Final = 1000
TOKEN: Final = validate.Regexp(r"[A-Za-z0-9_-]{20,64}", error="Load the page again and send it once more.")


class WishedAt(Moment):
    """One of the offered starts, or the word `any`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if value == ANY_TIME:
            return None
        return super()._deserialize(value, attr, data, **kwargs)


def _length(longest: int, shortest: int = 0) -> validate.Length:
    words = f"At most {longest} characters." if not shortest else f"{shortest} to {longest} characters."
    return validate.Length(shortest, longest, error=words)


def _needed(words: str) -> dict[str, Any]:
    return dict.fromkeys(("required", "null", "invalid", "invalid_uuid", "invalid_awareness"), words)


class EstimateInSchema(Schema):
    """A choice to be priced."""

    service = fields.UUID(required=True, error_messages=_needed("Choose what you need."))
    extras = fields.List(
        fields.String(validate=_length(40)), load_default=list, validate=validate.Length(max=MOST_EXTRAS)
    )


class RequestSchema(EstimateInSchema):
    """A request for a visit. Without `wished_at` (or with null) any time suits; a price in it would be ignored."""

    address = Line(required=True, validate=_length(200, 1), error_messages=_needed("Where is it? Street and number."))
    city = Line(required=True, validate=_length(100, 1), error_messages=_needed("Which city or town?"))
    postal_code = Line(load_default="", validate=_length(20))
    access_notes = Note(load_default="", validate=_length(NOTE_LENGTH))
    wished_at = Moment(load_default=None, allow_none=True)
    wish_note = Note(load_default="", validate=_length(NOTE_LENGTH))
    name = Line(required=True, validate=_length(100, 1), error_messages=_needed("Who should we ask for?"))
    email = EmailAddress(
        required=True, validate=_length(LONGEST_EMAIL), error_messages=_needed("We send the link to your order here.")
    )
    phone = Line(load_default="", validate=_length(LONGEST_PHONE))
    details = Note(load_default="", validate=_length(NOTE_LENGTH))


class OrderRequestSchema(RequestSchema):
    """A request for a visit, by a program."""

    captcha_token = fields.String(load_only=True, validate=validate.Length(max=4000))

    @post_load
    def without_captcha(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Until captchas are checked, the token is taken and left."""
        data.pop("captcha_token", None)
        return data


class RequestFormSchema(RequestSchema):
    """A request for a visit, by the page. Extras are `<service>/<key>`: the page shows those of every service, and the
    ones of other services than the chosen are left out here. `website` is a field that people do not see."""

    class Meta:
        """Buttons and the day's own choice are not part of the request."""

        unknown = EXCLUDE

    token = fields.String(
        required=True, validate=TOKEN, error_messages=_needed("Load the page again and send it once more.")
    )
    extras = fields.List(fields.String(validate=_length(80)), load_default=list, validate=validate.Length(max=200))
    wished_at = WishedAt(required=True, error_messages=_needed("Choose a time, or say that any time works."))
    website = fields.String(load_default="", validate=validate.Length(max=0, error="Leave this field empty."))

    @post_load
    def of_the_chosen_service(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Keeps the extras of the chosen service, as its keys."""
        data.pop("website")
        data["extras"] = chosen_extras(data["extras"], data["service"])
        return data


class TimesQuerySchema(Schema):
    """Which times are asked for; `from` and `to` are days of the company, both included."""

    service = fields.UUID(required=True)
    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="to")
    extras = fields.List(
        fields.String(validate=_length(40)), load_default=list, validate=validate.Length(max=MOST_EXTRAS)
    )


class PublicServiceSchema(Schema):
    """A service as visitors see it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    price_cents = fields.Integer(required=True)
    price_unit = fields.String(required=True)
    duration_minutes = fields.Integer(required=True)
    extras = fields.List(fields.Nested(ExtraSchema), required=True)


class CompanySchema(Schema):
    """A company as visitors see it."""

    slug = fields.String(required=True)
    name = fields.String(required=True)
    phone = fields.String(required=True)
    about = fields.String(required=True)
    timezone = fields.String(required=True)
    currency = fields.String(required=True)
    services = fields.List(fields.Nested(PublicServiceSchema), required=True)


class TimeSchema(Schema):
    """A time at which somebody is free for the whole visit."""

    start = fields.AwareDateTime(required=True)
    end = fields.AwareDateTime(required=True)


class TimesSchema(Schema):
    """The free times in the range, in UTC; `timezone` is the company's."""

    items = fields.List(fields.Nested(TimeSchema), required=True)
    timezone = fields.String(required=True)


class EstimateWordsSchema(EstimateOutSchema):
    """An estimate, also in words."""

    price = fields.String(required=True)
    time = fields.String(required=True)


class ReceivedSchema(Schema):
    """The answer to a request. The link to the order goes to the e-mail address only."""

    number = fields.Integer(required=True)
    status = fields.String(required=True)
    estimate = fields.Nested(EstimateWordsSchema, required=True)


def chosen_extras(values: list[str], service_id: object) -> list[str]:
    """Returns the keys among `<service>/<key>` values that belong to the service."""
    pairs = (value.partition("/") for value in values)
    return [key for owner, _, key in pairs if owner == str(service_id)]
