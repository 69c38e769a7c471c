"""What is typed and ticked while the work is done, by the worker or by the office for them."""

from __future__ import annotations

from typing import Final

from marshmallow import Schema, fields, validate

TEXT: Final = validate.Length(max=4000, error="This is longer than {max} characters.")
MOST_STEPS: Final = validate.Length(max=200)


class NoteForm(Schema):
    """A note; `for_client` shows it to the client too."""

    text = fields.String(load_default="", validate=TEXT)
    for_client = fields.Boolean(load_default=False)


class PostponeForm(Schema):
    """Why it cannot be finished today."""

    reason = fields.String(load_default="", validate=TEXT)


class TickForm(Schema):
    """One step `item` that is `done` (1) or not (0); or all the `shown` steps of a page with the `done` ones."""

    item = fields.UUID(load_default=None)
    shown = fields.List(fields.UUID(), load_default=list, validate=MOST_STEPS)
    done = fields.List(fields.String(validate=validate.Length(max=36)), load_default=list, validate=MOST_STEPS)
