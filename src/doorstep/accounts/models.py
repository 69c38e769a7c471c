"""Organizations, users, memberships, workers: who belongs where."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from doorstep.core.actor import ROLES, Org
from doorstep.core.db import Base, GlobalRow, OrgRow, Stamped, only, to_org_row


class Organization(GlobalRow, Stamped, Base):
    """A tenant: one company. `settings` holds what its owner may change (colour, phone, opening words)."""

    __tablename__ = "organizations"

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    timezone: Mapped[str]
    currency: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    active: Mapped[bool] = mapped_column(default=True)

    def facts(self) -> Org:
        """Returns what pages and rules need of the organization."""
        return Org(self.id, self.slug, self.name, self.timezone, self.currency, self.locale, self.settings)


class User(GlobalRow, Stamped, Base):
    """A person who signs in with e-mail and password; may belong to several organizations."""

    __tablename__ = "users"
    __table_args__ = (Index("uq_users_email", text("lower(email)"), unique=True),)

    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str | None]
    is_operator: Mapped[bool] = mapped_column(default=False)
    password_changed_at: Mapped[datetime | None]


class Membership(OrgRow, Stamped, Base):
    """A user's place in an organization: one role."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("org_id", "user_id"),
        Index("ix_memberships_user_id", "user_id"),
        only("role", ROLES),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class Invitation(OrgRow, Stamped, Base):
    """An open invitation; the person sets the password themselves when accepting."""

    __tablename__ = "invitations"
    __table_args__ = (
        to_org_row("worker_id", "workers"),
        Index("ix_invitations_sha256", "org_id", "sha256", unique=True),
        Index("ix_invitations_worker_id", "org_id", "worker_id"),
        only("role", ROLES),
    )

    email: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    role: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    worker_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Worker(OrgRow, Stamped, Base):
    """Somebody who does orders. `weekly_hours` is e.g. `{"mon": [["08:00", "17:00"]]}` in the organization's zone."""

    __tablename__ = "workers"
    __table_args__ = (
        Index(
            "ix_workers_user_id",
            "org_id",
            "user_id",
            unique=True,
            postgresql_where=text("user_id is not null"),
        ),
    )

    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    colour: Mapped[str] = mapped_column(default="")
    skills: Mapped[list[str]] = mapped_column(default=list)
    weekly_hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    active: Mapped[bool] = mapped_column(default=True)


class TimeOff(OrgRow, Stamped, Base):
    """When a worker is away."""

    __tablename__ = "time_off"
    __table_args__ = (
        to_org_row("worker_id", "workers"),
        Index("ix_time_off_worker_id", "org_id", "worker_id"),
    )

    worker_id: Mapped[UUID]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    reason: Mapped[str] = mapped_column(default="")


class Counter(OrgRow, Base):
    """The last number given out per organization and kind, e.g. of orders."""

    __tablename__ = "counters"
    __table_args__ = (UniqueConstraint("org_id", "name"),)

    name: Mapped[str]
    value: Mapped[int] = mapped_column(default=0)


def email_is(email: str) -> Any:
    """Returns the condition that finds a user by address, whatever its case."""
    return func.lower(User.email) == email.strip().lower()
