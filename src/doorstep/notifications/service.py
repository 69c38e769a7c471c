"""Putting mails into the outgoing queue. Sending is another's work; here a mail becomes a row, once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from doorstep.core import ids, tenancy
from doorstep.core.extensions import db
from doorstep.notifications.messages import Message, one_line
from doorstep.notifications.models import OutgoingEmail


def queue_email(
    message: Message,
    *,
    to: str,
    to_name: str,
    dedupe_key: str,
    cause: str,
    client_id: UUID | None = None,
    order_id: UUID | None = None,
) -> bool:
    """Returns whether the mail was put into the organization's queue now: one of the same `dedupe_key` is never
    queued twice, however often and from how many processes it is tried. `cause` says why the mail exists."""
    row = {
        "org_id": tenancy.org_id(),
        "id": ids.new(),
        "purpose": message.purpose,
        "dedupe_key": dedupe_key,
        "cause": cause,
        "client_id": client_id,
        "order_id": order_id,
        "to_address": one_line(to),
        "to_name": one_line(to_name),
        "from_name": one_line(message.from_name),
        "reply_to": one_line(message.reply_to),
        "subject": one_line(message.subject),
        "text": message.text,
        "html": message.html,
    }
    once = insert(OutgoingEmail).values(row).on_conflict_do_nothing(index_elements=["org_id", "dedupe_key"])
    return db.session.execute(once.returning(OutgoingEmail.id)).first() is not None


def is_queued(dedupe_key: str) -> bool:
    """Returns whether the organization has a mail of this key, in whatever state."""
    same = select(OutgoingEmail.id).where(OutgoingEmail.dedupe_key == dedupe_key)
    return db.session.execute(same).first() is not None


def of_order(order_id: UUID, most: int = 50) -> list[OutgoingEmail]:
    """Returns the mails about an order, the newest first."""
    statement = select(OutgoingEmail).where(OutgoingEmail.order_id == order_id)
    newest = statement.order_by(OutgoingEmail.created_at.desc(), OutgoingEmail.id.desc()).limit(most)
    return list(db.session.execute(newest).scalars())
