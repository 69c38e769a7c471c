"""What is typed about the team, and what each role may do in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, fields, validate

from doorstep.accounts.users import LONGEST_ADDRESS, LONGEST_NAME
from doorstep.core.actor import DISPATCH, FINANCE, MANAGE, ROLE_PERMISSIONS, ROLES, VIEW, WORK
from doorstep.core.http.texts import Line

LABELS: Final = {"email": "Email", "name": "Name", "role": "Role"}
CAN: Final[Mapping[str, str]] = {
    VIEW: "sees everything in the office",
    DISPATCH: "plans orders, answers requests, looks after clients",
    FINANCE: "looks after invoices and payments",
    MANAGE: "changes services, workers and the team",
    WORK: "sees and does their own visits on the phone",
}
BESIDES: Final[Mapping[str, str]] = {"owner": "makes others owners"}
CHOOSE: Final[dict[str, Any]] = dict.fromkeys(("required", "invalid"), "Choose a role.")


def _role() -> fields.String:
    known = validate.OneOf(ROLES, error="Choose one of the roles.")
    return fields.String(required=True, validate=known, error_messages=CHOOSE)


class InviteForm(Schema):
    """Whom to invite, as what."""

    email = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_ADDRESS, error="Use at most {max} characters."),
        error_messages={"required": "Where should the invitation go?"},
    )
    name = Line(load_default="", validate=validate.Length(max=LONGEST_NAME, error="Use at most {max} letters."))
    role = _role()


class RoleForm(Schema):
    """Another role."""

    role = _role()


def in_words(role: str) -> str:
    """Returns what the role may do, as a sentence."""
    held = [words for permission, words in CAN.items() if permission in ROLE_PERMISSIONS[role]]
    said = [*held, BESIDES[role]] if role in BESIDES else held
    first = said[0][0].upper() + said[0][1:]
    return "; ".join([first, *said[1:]]) + "."
