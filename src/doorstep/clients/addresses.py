"""Whether mails reach a client's address: learned from the mail server, put right by the office."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, update

from doorstep.clients.models import Client
from doorstep.core.extensions import db
from doorstep.notifications.models import OutgoingEmail


def mark(email_id: UUID, address: str, state: str, reason: str) -> bool:
    """Notes on the mail, and on the client who still has this address, why mails do not reach it.

    Returns whether there is such a mail in the organization at hand. Doing it again changes nothing.
    """
    mail = db.session.execute(select(OutgoingEmail).where(OutgoingEmail.id == email_id)).scalar_one_or_none()
    if mail is None or mail.to_address.lower() != address.lower():
        return False
    mail.last_error = f"{state}: {reason}"
    same = (Client.id == mail.client_id, func.lower(Client.email) == address.lower())
    told = update(Client).where(*same).values(email_state=state, email_reason=reason)
    db.session.execute(told.execution_options(synchronize_session=False))
    return True
