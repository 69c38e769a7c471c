"""What the office types about clients. A field left empty empties what was there."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, fields

from doorstep.clients import schemas as s
from doorstep.clients.contact import LONGEST_EMAIL, LONGEST_PHONE, EmailAddress
from doorstep.core.http.texts import Line, Note

LABELS: Final = {
    "name": "Name",
    "email": "Email",
    "phone": "Phone",
    "address": "Street address",
    "city": "City",
    "postal_code": "Postal code",
    "access_notes": "How to get in",
    "notes": "Notes for the office",
    "active": "Active client",
}
RELOAD: Final[dict[str, Any]] = dict.fromkeys(("required", "invalid"), "Load the page again and save once more.")


class ClientForm(Schema):
    """A new client."""

    name = s.name_field(required=True, error_messages={"required": "Give a name."})
    email = EmailAddress(load_default="", validate=s.upto(LONGEST_EMAIL))
    phone = Line(load_default="", validate=s.upto(LONGEST_PHONE))
    address = Line(load_default="", validate=s.upto(s.LONGEST_LINE))
    city = Line(load_default="", validate=s.upto(s.LONGEST_LINE))
    postal_code = Line(load_default="", validate=s.upto(s.LONGEST_POSTAL_CODE))
    access_notes = Note(load_default="", validate=s.upto(s.LONGEST_NOTE))
    notes = Note(load_default="", validate=s.upto(s.LONGEST_NOTE))


class EditClientForm(ClientForm):
    """A client put right, as read in `version`. An unticked `active` puts them away."""

    active = fields.Boolean(load_default=False)
    version = fields.Integer(required=True, error_messages=RELOAD)
