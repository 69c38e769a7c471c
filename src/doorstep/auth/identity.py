"""From a secret to the person or machine behind it. Every request pays this: one small statement, no ORM."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from doorstep.core import clock, ids, tenancy
from doorstep.core.actor import OPERATE, PERMISSIONS, ROLE_PERMISSIONS, Actor, Org
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction

TOUCHED_EVERY: Final = timedelta(minutes=1)
TENANT_PERMISSIONS: Final = frozenset(PERMISSIONS) - {OPERATE}
TOKEN_PREFIX: Final = "dst_"  # noqa: S105 (says what a token begins with, is none)
# Requests already under way when a program renews its secret still bring the old one; later it is a thief's.
SETTLED_AFTER: Final = timedelta(seconds=30)

Renewed = Callable[[int], None]

# One statement both finds who is asking and tells the database their organization (see the function in migration 0001).
BY_SESSION: Final = """
    select w.*, set_config('app.org_id', case when w.role is null then '' else w.id::text end, true)
      from who_is(%s, %s) w
"""
BY_TOKEN: Final = text("""
    select t.id as token_id, t.name as token_name, t.scopes, t.last_used_at, t.org_id,
           o.id, o.slug, o.name, o.timezone, o.currency, o.locale, o.settings
      from api_tokens t
      left join organizations o on o.id = t.org_id and o.active
     where t.sha256 = :sha256 and t.revoked_at is null and (t.expires_at is null or t.expires_at > :now)
""")


def by_secret(secret: str, *, by_cookie: bool, renewed: Renewed | None = None) -> Actor | None:
    """Returns who holds the secret of a session or API token, with the session put into their organization's
    scope; None when it is unknown, over or revoked.

    `renewed` is told when the session's end was put off, and for how many minutes.
    """
    if secret.startswith(TOKEN_PREFIX):
        return None if by_cookie else _by_token(secret)
    return _by_session(secret, by_cookie, renewed)


def _one(statement: Any, **values: Any) -> Any:
    return db.session.execute(statement, values).one_or_none()


def _org(row: Any) -> Org | None:
    if row.id is None:
        return None
    return Org(row.id, row.slug, row.name, row.timezone, row.currency, row.locale, row.settings)


def _by_session(secret: str, by_cookie: bool, renewed: Renewed | None) -> Actor | None:
    row = db.session.connection().exec_driver_sql(BY_SESSION, (ids.digest(secret), clock.now())).one_or_none()
    if row is None:
        _end_if_stolen(secret)
        return None
    org = _org(row) if row.role else None
    if org is not None:
        tenancy.entered(org.id)
    if clock.now() - row.last_seen_at > TOUCHED_EVERY:
        _touch_session(row.session_id, row.idle_minutes, renewed)
    return Actor(
        kind="member",
        id=row.user_id,
        name=row.user_name,
        email=row.email,
        org=org,
        role=row.role,
        permissions=_permissions(row.role, row.is_operator and not row.by_link),
        worker_id=row.worker_id,
        session_id=row.session_id,
        by_cookie=by_cookie,
        by_link=row.by_link,
    )


def _end_if_stolen(secret: str) -> None:
    """Ends the session whose former secret this is: either its holder or whoever renewed it is not the owner."""
    now = clock.now()
    _touch(
        "update login_sessions set revoked_at = :now, revoked_reason = 'an old secret was used'"
        " where previous_sha256 = :sha256 and rotated_at < :settled and revoked_at is null",
        sha256=ids.digest(secret), now=now, settled=now - SETTLED_AFTER,
    )  # fmt: skip


def _permissions(role: str | None, is_operator: bool) -> frozenset[str]:
    held = ROLE_PERMISSIONS[role] if role else frozenset()
    return held | {OPERATE} if is_operator else held


def _by_token(secret: str) -> Actor | None:
    row = _one(BY_TOKEN, sha256=ids.digest(secret), now=clock.now())
    if row is None or (row.org_id is not None and row.id is None):
        return None
    org = _org(row)
    if org is not None:
        tenancy.enter(org.id)
    if row.last_used_at is None or clock.now() - row.last_used_at > TOUCHED_EVERY:
        _touch("update api_tokens set last_used_at = :now where id = :id", id=row.token_id, now=clock.now())
    granted = frozenset(row.scopes) & (TENANT_PERMISSIONS if org else {OPERATE})
    return Actor(kind="token", name=row.token_name, id=row.token_id, org=org, permissions=granted)


def _touch_session(session_id: UUID, idle_minutes: int, renewed: Renewed | None) -> None:
    now = clock.now()
    _touch(
        "update login_sessions set last_seen_at = :now, expires_at = :until where id = :id and revoked_at is null",
        id=session_id, now=now, until=now + timedelta(minutes=idle_minutes),
    )  # fmt: skip
    if renewed:
        renewed(idle_minutes)


def _touch(statement: str, **values: Any) -> None:
    with transaction():
        db.session.execute(text(statement), values)
