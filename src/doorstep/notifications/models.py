"""The outgoing email queue's rows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from doorstep.core.db import Base, Stamped, to_org_row
from doorstep.core.queue import QueueRow, queue_constraints


class OutgoingEmail(QueueRow, Stamped, Base):
    """One mail to one person, as it will be sent. `dedupe_key` makes it unique; `cause` says why it exists.

    From `stale_at` on it is not sent any more; `vendor_id` is what the vendor calls it.
    """

    __tablename__ = "outgoing_emails"
    __table_args__ = (
        UniqueConstraint("org_id", "dedupe_key"),
        to_org_row("client_id", "clients"),
        to_org_row("order_id", "orders"),
        Index("ix_outgoing_emails_order_id", "org_id", "order_id"),
        Index("ix_outgoing_emails_client_id", "org_id", "client_id", "created_at"),
        Index("ix_outgoing_emails_created_at", "org_id", "created_at", "id"),
        *queue_constraints("outgoing_emails"),
    )

    purpose: Mapped[str]
    dedupe_key: Mapped[str]
    to_address: Mapped[str]
    to_name: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(default="")
    from_name: Mapped[str] = mapped_column(default="")
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    cause: Mapped[str] = mapped_column(default="")
    stale_at: Mapped[datetime | None]
    vendor_id: Mapped[str] = mapped_column(default="")
    unsubscribe_url: Mapped[str] = mapped_column(default="")
    client_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
