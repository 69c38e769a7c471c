"""Sessions of people: start, renew, list, end. The secret goes to the browser or program; its SHA-256 stays here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from doorstep.auth.devices import Device
from doorstep.auth.models import LoginSession
from doorstep.core import clock, current, ids
from doorstep.core.actor import Actor
from doorstep.core.errors import Forbidden, NotFound, Unauthorized
from doorstep.core.extensions import db
from doorstep.core.http.paging import by_time, split
from doorstep.core.transaction import save

LONGEST_AGENT: Final = 400
NEWEST_FIRST: Final = by_time(LoginSession.created_at, LoginSession.id)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just started or renewed; the only moment at which its secret is known."""

    id: UUID
    secret: str
    expires_at: datetime
    minutes: int


def start(user_id: UUID, org_id: UUID | None, role: str | None, device: Device, *, kind: str = "browser") -> Opened:
    """Returns a new session, always with a new secret. It ends after as much silence as the role allows."""
    secret, now, minutes = ids.secret(), clock.now(), _minutes(role)
    row = save(LoginSession(
        sha256=ids.digest(secret), kind=kind, user_id=user_id, org_id=org_id, last_seen_at=now, idle_minutes=minutes,
        expires_at=now + timedelta(minutes=minutes), ip=device.ip, user_agent=device.user_agent[:LONGEST_AGENT],
    ))  # fmt: skip
    return Opened(row.id, secret, row.expires_at, minutes)


def renew(who: Actor, secret: str) -> Opened:
    """Returns the bearer's session with another secret. Of several at the same moment one wins, the others raise
    Unauthorized: the row is found by the old secret, which the first one has replaced.

    Raises Forbidden for a browser's session.
    """
    mine = select(LoginSession).where(
        LoginSession.sha256 == ids.digest(secret), LoginSession.user_id == who.id, LoginSession.revoked_at.is_(None)
    )
    row = db.session.execute(mine.with_for_update()).scalar_one_or_none()
    if row is None:
        raise Unauthorized("This token was renewed already.", headers={"WWW-Authenticate": "Bearer"})
    if row.kind != "bearer":
        raise Forbidden("Only a program's session can be renewed.")
    fresh, now = ids.secret(), clock.now()
    row.previous_sha256, row.sha256, row.rotated_at = row.sha256, ids.digest(fresh), now
    row.last_seen_at, row.expires_at = now, now + timedelta(minutes=row.idle_minutes)
    return Opened(save(row).id, fresh, row.expires_at, row.idle_minutes)


def rows(who: Actor, limit: int = 50, cursor: str | None = None) -> tuple[list[LoginSession], str | None]:
    """Returns a page of the person's good sessions, newest first, and the cursor of the next page."""
    statement = select(LoginSession).where(*_of(who), LoginSession.expires_at > clock.now())
    found = db.session.execute(NEWEST_FIRST.page(statement, limit, cursor)).scalars().all()
    shown, following = split(found, limit, lambda row: (row.created_at, row.id))
    return list(shown), following


def end(who: Actor, session_id: UUID) -> None:
    """Ends one of the person's sessions. Raises NotFound for one that is over, and for a stranger's alike."""
    if not _revoke("signed out", *_of(who), LoginSession.id == session_id):
        raise NotFound("There is no such session.")


def end_others(who: Actor) -> int:
    """Returns how many of the person's sessions were ended: all but the one at hand."""
    return _revoke("signed out elsewhere", *_of(who), LoginSession.id != who.session_id)


def end_all(user_id: UUID, reason: str, *, keep: UUID | None = None) -> int:
    """Returns how many sessions of the user were ended, in every organization; `keep` names one that stays."""
    spared = [LoginSession.id != keep] if keep else []
    return _revoke(reason, LoginSession.user_id == user_id, *spared)


def end_in(org_id: UUID, user_id: UUID, reason: str) -> int:
    """Returns how many sessions of the user in this organization were ended."""
    return _revoke(reason, LoginSession.user_id == user_id, LoginSession.org_id == org_id)


def end_secret(secret: str, reason: str) -> None:
    """Ends the session that a browser holds, if it is one."""
    _revoke(reason, LoginSession.sha256 == ids.digest(secret))


def _minutes(role: str | None) -> int:
    settings = current.settings()
    return settings.worker_session_ttl_minutes if role == "worker" else settings.auth_session_ttl_minutes


def _of(who: Actor) -> list[ColumnElement[bool]]:
    mine = [LoginSession.user_id == who.id, LoginSession.revoked_at.is_(None)]
    # A link was handed over by the office: what it opened sees nothing of the person's life elsewhere.
    return [*mine, LoginSession.org_id == who.home.id] if who.by_link else mine


def _revoke(reason: str, *conditions: ColumnElement[bool]) -> int:
    statement = update(LoginSession).where(LoginSession.revoked_at.is_(None), *conditions)
    done: Any = db.session.execute(statement.values(revoked_at=clock.now(), revoked_reason=reason))
    return int(done.rowcount)
