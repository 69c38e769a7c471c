"""Clients and their links."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from doorstep.core.db import Base, OrgRow, Stamped, only, to_org_row

EMAIL_STATES = ("ok", "bounced", "complained")


class Client(OrgRow, Stamped, Base):
    """Somebody the organization works for. Found again by e-mail, whatever its case.

    `email_state` says whether mails reach the address, `email_reason` why not; `unsubscribed` are the purposes of mails
    that this client does not want.
    """

    __tablename__ = "clients"
    __table_args__ = (
        Index(
            "uq_clients_email", "org_id", text("lower(email)"), unique=True, postgresql_where=text("email is not null")
        ),
        Index("ix_clients_name", "org_id", "name", "id"),
        only("email_state", EMAIL_STATES),
    )

    name: Mapped[str]
    email: Mapped[str | None]
    email_state: Mapped[str] = mapped_column(default="ok")
    email_reason: Mapped[str] = mapped_column(default="")
    unsubscribed: Mapped[list[str]] = mapped_column(default=list)
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    access_notes: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="en")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ClientLink(OrgRow, Stamped, Base):
    """A client's way in: opens one order, or everything of this client when `order_id` is empty.

    The link in the mail works once (`used_at`); from then on the browser's signed cookie names this row, which
    can be revoked, until `session_expires_at`.
    """

    __tablename__ = "client_links"
    __table_args__ = (
        to_org_row("client_id", "clients"),
        to_org_row("order_id", "orders"),
        Index("ix_client_links_sha256", "org_id", "sha256", unique=True),
        Index("ix_client_links_client_id", "org_id", "client_id"),
    )

    client_id: Mapped[UUID]
    order_id: Mapped[UUID | None]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    session_expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
