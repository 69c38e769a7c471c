"""What somebody holds to get in: sessions, API tokens, one-time links. Looked up by the SHA-256 of a secret
before it is known who is asking, so these rows are global; each names its user or organization."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from doorstep.core.db import Base, GlobalRow, Stamped, only

LINK_PURPOSES = ("password_reset", "worker_sign_in")
SESSION_KINDS = ("browser", "bearer", "link")


class LoginSession(GlobalRow, Stamped, Base):
    """A signed-in browser or API client of a user, in one organization (none: operator or not chosen yet).

    Kind `link` is a worker's browser let in by the office: good for the work in that organization only. The
    secret before the last refresh is remembered, so that its later use tells of a stolen one.
    """

    __tablename__ = "login_sessions"
    __table_args__ = (
        Index("ix_login_sessions_user_id", "user_id"),
        Index("ix_login_sessions_previous", "previous_sha256", postgresql_where=text("previous_sha256 is not null")),
        only("kind", SESSION_KINDS),
    )

    sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    previous_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    rotated_at: Mapped[datetime | None]
    kind: Mapped[str] = mapped_column(default="browser")
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    org_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    idle_minutes: Mapped[int]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None]
    ip: Mapped[str] = mapped_column(default="")
    user_agent: Mapped[str] = mapped_column(default="")


class ApiToken(GlobalRow, Stamped, Base):
    """A machine's token of an organization (none: of the operator) with a list of permissions."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index("ix_api_tokens_org_id", "org_id"),)

    sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    prefix: Mapped[str]
    org_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    scopes: Mapped[list[str]]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class UserLink(GlobalRow, Stamped, Base):
    """A link that works once for one purpose: a new password, or a worker's sign-in without one."""

    __tablename__ = "user_links"
    __table_args__ = (Index("ix_user_links_user_id", "user_id"), only("purpose", LINK_PURPOSES))

    sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    purpose: Mapped[str]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    org_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInTries(Base):
    """Wrong passwords in a row for one address, whether somebody has it or not: both are counted the same way,
    so that no answer tells which. Rows of a quiet day are dropped."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (Index("ix_sign_in_tries_last_at", "last_at"),)

    address: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]
