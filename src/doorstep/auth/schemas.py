"""What sign-in takes and gives, as JSON and as forms."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from doorstep.accounts.users import LONGEST_ADDRESS, LONGEST_NAME
from doorstep.auth.landing import LONGEST as LONGEST_ADDRESS_OF_PAGE
from doorstep.auth.passwords import LONGEST as LONGEST_PASSWORD
from doorstep.core.actor import OPERATE, PERMISSIONS

MISSING: Final[dict[str, str | list[Any] | dict[Any, Any]]] = {"required": "Please fill this in."}
MOST_DAYS: Final = 730
USUAL_DAYS: Final = 365


def _password(**options: Any) -> fields.String:
    # How good it is, is judged by auth/passwords; here only the bytes that will be hashed are bounded.
    options.setdefault("required", True)
    too_long = validate.Length(max=LONGEST_PASSWORD, error=f"Use at most {LONGEST_PASSWORD} characters.")
    return fields.String(validate=too_long, error_messages=MISSING, **options)


def _address(**options: Any) -> fields.String:
    options.setdefault("required", True)
    return fields.String(validate=validate.Length(1, LONGEST_ADDRESS), error_messages=MISSING, **options)


class LoginSchema(Schema):
    """Email and password; `org` is the slug of an organization, needed by members of several. `otp` is the code of
    the second factor, for accounts that have one."""

    email = _address()
    password = _password()
    otp = fields.String(validate=validate.Length(max=32))
    org = fields.String(validate=validate.Length(max=40))


class AccessSchema(Schema):
    """A bearer token, shown this once. `org` is the organization's slug; null for an operator without one."""

    access_token = fields.String(required=True)
    expires_at = fields.DateTime(required=True)
    org = fields.String(required=True, allow_none=True)
    role = fields.String(required=True, allow_none=True)


class ForgotSchema(Schema):
    """Whose password is forgotten."""

    email = _address()


class ResetSchema(Schema):
    """The secret of the link in the mail, and the new password."""

    token = fields.String(required=True, validate=validate.Length(1, 200))
    password = _password()


class ChangeSchema(Schema):
    """The present password and the new one."""

    present = _password()
    password = _password()


class OrgSchema(Schema):
    """The organization at hand."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    timezone = fields.String(required=True)
    currency = fields.String(required=True)
    locale = fields.String(required=True)


class MeSchema(Schema):
    """Who is asking, where, and what they may do. `kind` is `member` or `token`."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    org = fields.Nested(OrgSchema, required=True, allow_none=True)
    role = fields.String(required=True, allow_none=True)
    permissions = fields.List(fields.String(), required=True)
    worker_id = fields.UUID(required=True, allow_none=True)


class SessionSchema(Schema):
    """A signed-in browser or program. `current` marks the one that asks."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    device = fields.String(required=True)
    ip = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    last_seen_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True)
    current = fields.Boolean(required=True)


class EndedSchema(Schema):
    """How many sessions were ended."""

    ended = fields.Integer(required=True)


class TokenInSchema(Schema):
    """A token for a machine: what it is for, what it may do, for how many days."""

    name = fields.String(required=True, validate=validate.Length(1, LONGEST_NAME))
    scopes = fields.List(
        fields.String(validate=validate.OneOf(PERMISSIONS)),
        required=True, validate=validate.Length(1, len(PERMISSIONS)),
        metadata={"description": f"`{OPERATE}` is for the operator's tokens only, and alone there."},
    )  # fmt: skip
    expires_in_days = fields.Integer(load_default=USUAL_DAYS, strict=True, validate=validate.Range(1, MOST_DAYS))


class TokenSchema(Schema):
    """A token without its text; `prefix` is how it begins."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    prefix = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    created_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True, allow_none=True)
    last_used_at = fields.DateTime(required=True, allow_none=True)


class NewTokenSchema(TokenSchema):
    """A token just made, with its text, which is not shown again."""

    token = fields.String(required=True)


class SignInForm(Schema):
    """The sign-in page's form."""

    email = _address()
    password = _password()
    next = fields.String(load_default=None, validate=validate.Length(max=LONGEST_ADDRESS_OF_PAGE))


class ForgotForm(Schema):
    """The form that asks for a link."""

    email = _address()


class _Twice(Schema):
    password = _password()
    password_again = _password()

    @validates_schema(skip_on_field_errors=True)
    def same(self, data: dict[str, Any], **_: Any) -> None:
        """Both must be the same, since neither can be read while typing."""
        if data.get("password") != data.get("password_again"):
            raise ValidationError("These two are not the same.", "password_again")


class ResetForm(_Twice):
    """A new password by link."""


class ChangeForm(_Twice):
    """A new password with the present one."""

    present = _password()


class JoinForm(_Twice):
    """A new member: name and first password."""

    name = fields.String(required=True, validate=validate.Length(1, LONGEST_NAME), error_messages=MISSING)


class ProveForm(Schema):
    """A new member who has an account: its password, unless they are signed in."""

    password = _password(required=False, load_default="")


class ChooseForm(Schema):
    """Which organization."""

    org = fields.UUID(required=True)
    next = fields.String(load_default=None, validate=validate.Length(max=LONGEST_ADDRESS_OF_PAGE))


class SessionForm(Schema):
    """Which session."""

    session = fields.UUID(required=True)
