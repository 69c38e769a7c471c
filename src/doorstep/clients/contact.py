"""How to reach a visitor: e-mail addresses and phone numbers as they are typed, made usable. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError, fields

INTERNATIONAL: Final = phonenumbers.PhoneNumberFormat.INTERNATIONAL
NATIONAL: Final = phonenumbers.PhoneNumberFormat.NATIONAL
LONGEST_EMAIL: Final = 254
LONGEST_PHONE: Final = 40
TOO_SHORT: Final = phonenumbers.ValidationResult.TOO_SHORT


class EmailAddress(fields.String):
    """An e-mail address in its normal form. Nobody is asked whether it exists: that is what the mail is for."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs)
        try:
            # `.test` (RFC 2606) is the world of the demo and of tests; nobody can receive anything there.
            return validate_email(
                typed[: LONGEST_EMAIL + 1], check_deliverability=False, test_environment=True
            ).normalized
        except EmailNotValidError:
            raise ValidationError(
                "This does not look like an email address. It has the form name@example.com."
            ) from None


def phone_number(typed: str, region: str | None) -> str:
    """Returns the number in its international form, e.g. `+1 503-555-0142`; an empty text for an empty one.

    `region` (ISO 3166, e.g. `US`) is where a number without `+` belongs. Raises ValueError, a sentence to be shown.
    """
    if not typed.strip():
        return ""
    try:
        number = phonenumbers.parse(typed[:LONGEST_PHONE], region)
    except phonenumbers.NumberParseException:
        raise ValueError(f"This does not look like a phone number. {_like(region)}") from None
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict == TOO_SHORT:
        raise ValueError(f"This number looks too short. {_like(region)}")
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f"This number does not exist. {_like(region)}")
    return phonenumbers.format_number(number, INTERNATIONAL)


def region_of(settings: Mapping[str, Any]) -> str | None:
    """Returns the region of an organization: its setting, else where its own phone number belongs, else None."""
    named = settings.get("region")
    if isinstance(named, str) and named.upper() in phonenumbers.SUPPORTED_REGIONS:
        return named.upper()
    try:
        own = phonenumbers.parse(str(settings.get("phone") or ""), None)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.region_code_for_number(own) or phonenumbers.region_code_for_country_code(own.country_code or 0)


def _like(region: str | None) -> str:
    example = phonenumbers.example_number(region) if region else None
    if example is None:
        return "Write it with the country in front, like +1 503 555 0142."
    return f"Write it like {phonenumbers.format_number(example, NATIONAL)}, or with the country in front."
