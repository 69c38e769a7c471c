"""Putting mails into the outgoing queue. Sending is another's work; here a mail becomes a row, once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert

from doorstep.backends.email import addresses
from doorstep.core import clock, ids, tenancy
from doorstep.core.extensions import db
from doorstep.notifications.messages import MESSAGES, Message
from doorstep.notifications.models import OutgoingEmail


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one person, before it is queued. `cause` says why it exists, `stale_at` from when on it is not true
    any more (by default what its purpose says)."""

    message: Message
    org_id: UUID
    to: str
    to_name: str
    dedupe_key: str
    cause: str
    client_id: UUID | None = None
    order_id: UUID | None = None
    stale_at: datetime | None = None

    def row(self) -> dict[str, Any]:
        """Returns its columns."""
        message, lasts = self.message, MESSAGES[self.message.purpose].stale_after
        return {
            "org_id": self.org_id,
            "id": ids.new(),
            "purpose": message.purpose,
            "dedupe_key": self.dedupe_key,
            "cause": self.cause,
            "client_id": self.client_id,
            "order_id": self.order_id,
            "to_address": addresses.one_line(self.to),
            "to_name": addresses.name(self.to_name),
            "from_name": addresses.name(message.from_name),
            "reply_to": addresses.one_line(message.reply_to),
            "subject": addresses.name(message.subject),
            "text": message.text,
            "html": message.html,
            "unsubscribe_url": message.unsubscribe_url,
            "stale_at": self.stale_at or (clock.now() + lasts if lasts else None),
        }


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
    queued twice, however often and from how many processes it is tried."""
    mail = Mail(
        message=message,
        org_id=tenancy.org_id(),
        to=to,
        to_name=to_name,
        dedupe_key=dedupe_key,
        cause=cause,
        client_id=client_id,
        order_id=order_id,
    )
    return queue_emails([mail]) == 1


def queue_emails(mails: Sequence[Mail]) -> int:
    """Returns how many of the mails were queued now, by one statement; the others were queued before."""
    if not mails:
        return 0
    once = insert(OutgoingEmail).values([mail.row() for mail in mails])
    once = once.on_conflict_do_nothing(index_elements=["org_id", "dedupe_key"])
    return len(db.session.execute(once.returning(OutgoingEmail.id)).all())


def is_queued(dedupe_key: str) -> bool:
    """Returns whether the organization has a mail of this key, in whatever state."""
    same = select(OutgoingEmail.id).where(OutgoingEmail.dedupe_key == dedupe_key)
    return db.session.execute(same).first() is not None


def withdraw(order_id: UUID, purposes: Collection[str], why: str) -> int:
    """Returns how many mails about the order were cancelled because they are not true any more; those that are being
    sent or were sent stay. Their keys are free again, for it may become true once more."""
    return _cancel(why, OutgoingEmail.order_id == order_id, OutgoingEmail.purpose.in_(purposes))


def withdraw_from(client_id: UUID, purpose: str, why: str) -> int:
    """Returns how many mails of the purpose to the client were cancelled."""
    return _cancel(why, OutgoingEmail.client_id == client_id, OutgoingEmail.purpose == purpose)


def _cancel(why: str, *conditions: ColumnElement[bool]) -> int:
    freed = OutgoingEmail.dedupe_key + "~" + cast(OutgoingEmail.id, Text)
    ended = (
        update(OutgoingEmail)
        .where(OutgoingEmail.org_id == tenancy.org_id(), OutgoingEmail.state == "due", *conditions)
        .values(state="cancelled", finished_at=func.now(), last_error=why, dedupe_key=freed)
        .returning(OutgoingEmail.id)
        .execution_options(synchronize_session=False)
    )
    return len(db.session.execute(ended).all())
