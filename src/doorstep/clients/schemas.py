"""Client records as JSON: what comes in, what goes out."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, fields, validate

from doorstep.clients.contact import LONGEST_EMAIL, LONGEST_PHONE, EmailAddress
from doorstep.core.http.paging import PageQuery
from doorstep.core.http.texts import Line, Note

LONGEST_NAME: Final = 120
LONGEST_LINE: Final = 200
LONGEST_POSTAL_CODE: Final = 20
LONGEST_NOTE: Final = 4000


def upto(longest: int) -> validate.Length:
    """Returns the bound on the length of a text, in words."""
    return validate.Length(max=longest, error="Use at most {max} characters.")


def name_field(**options: Any) -> Line:
    """Returns the field of a client's name."""
    fits = validate.Length(1, LONGEST_NAME, error="Give a name of at most {max} characters.")
    return Line(validate=fits, **options)


class ClientPatchSchema(Schema):
    """What can be changed of a client; what is left out stays. `email` null means there is none. `notes` are the
    office's own. `version` (or `If-Match`) guards against overwriting."""

    name = name_field()
    email = EmailAddress(allow_none=True, validate=upto(LONGEST_EMAIL))
    phone = Line(validate=upto(LONGEST_PHONE))
    address = Line(validate=upto(LONGEST_LINE))
    city = Line(validate=upto(LONGEST_LINE))
    postal_code = Line(validate=upto(LONGEST_POSTAL_CODE))
    access_notes = Note(validate=upto(LONGEST_NOTE))
    notes = Note(validate=upto(LONGEST_NOTE))
    active = fields.Boolean()
    version = fields.Integer(load_default=None, allow_none=True)


class ClientInSchema(ClientPatchSchema):
    """A new client."""

    class Meta:
        """A new client is active, and nobody has seen an earlier version."""

        exclude = ("active", "version")

    name = name_field(required=True)


class ClientSchema(Schema):
    """A client."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True)
    address = fields.String(required=True)
    city = fields.String(required=True)
    postal_code = fields.String(required=True)
    access_notes = fields.String(required=True)
    notes = fields.String(required=True)
    active = fields.Boolean(required=True)
    created_at = fields.DateTime(required=True)
    version = fields.Integer(required=True)


class ClientQuery(PageQuery):
    """The query of the list: `q` is part of a name, address, number or street; with `inactive` also those put away."""

    search = fields.String(load_default="", validate=upto(LONGEST_LINE), data_key="q")
    inactive = fields.Boolean(load_default=False)


class ClientLinkSchema(Schema):
    """Whether a link was sent now; false when one was sent within the last two minutes. It is in the mail only."""

    sent = fields.Boolean(required=True)
