"""From a secret to the person or machine behind it. Every request pays this: two small statements, no ORM."""

from __future__ import annotations

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

BY_SESSION: Final = text("""
    select s.id as session_id, s.last_seen_at, s.idle_minutes,
           u.id as user_id, u.name as user_name, u.email, u.is_operator,
           o.id, o.slug, o.name, o.timezone, o.currency, o.locale, o.settings
      from login_sessions s
      join users u on u.id = s.user_id
      left join organizations o on o.id = s.org_id and o.active
     where s.sha256 = :sha256 and s.revoked_at is null and s.expires_at > :now
""")
MEMBERSHIP: Final = text("""
    select m.role, w.id as worker_id
      from memberships m
      left join workers w on w.org_id = m.org_id and w.user_id = m.user_id and w.active
     where m.org_id = :org and m.user_id = :user and m.active
""")
BY_TOKEN: Final = text("""
    select t.id as token_id, t.name as token_name, t.scopes, t.last_used_at, t.org_id,
           o.id, o.slug, o.name, o.timezone, o.currency, o.locale, o.settings
      from api_tokens t
      left join organizations o on o.id = t.org_id and o.active
     where t.sha256 = :sha256 and t.revoked_at is null and (t.expires_at is null or t.expires_at > :now)
""")


def by_secret(secret: str, *, by_cookie: bool) -> Actor | None:
    """Returns who holds the secret of a session or API token, with the session put into their organization's
    scope; None when it is unknown, over or revoked."""
    if secret.startswith(TOKEN_PREFIX):
        return None if by_cookie else _by_token(secret)
    return _by_session(secret, by_cookie)


def _one(statement: Any, **values: Any) -> Any:
    return db.session.execute(statement, values).one_or_none()


def _org(row: Any) -> Org | None:
    if row.id is None:
        return None
    return Org(row.id, row.slug, row.name, row.timezone, row.currency, row.locale, row.settings)


def _by_session(secret: str, by_cookie: bool) -> Actor | None:
    row = _one(BY_SESSION, sha256=ids.digest(secret), now=clock.now())
    if row is None:
        return None
    org = _org(row)
    role, worker_id = _place(org, row.user_id)
    if role is None:
        org = None
    if clock.now() - row.last_seen_at > TOUCHED_EVERY:
        _touch_session(row.session_id, row.idle_minutes)
    return Actor(
        kind="member",
        id=row.user_id,
        name=row.user_name,
        email=row.email,
        org=org,
        role=role,
        permissions=_permissions(role, row.is_operator),
        worker_id=worker_id,
        session_id=row.session_id,
        by_cookie=by_cookie,
    )


def _permissions(role: str | None, is_operator: bool) -> frozenset[str]:
    held = ROLE_PERMISSIONS[role] if role else frozenset()
    return held | {OPERATE} if is_operator else held


def _place(org: Org | None, user_id: UUID) -> tuple[str | None, UUID | None]:
    if org is None:
        return None, None
    tenancy.enter(org.id)
    row = _one(MEMBERSHIP, org=org.id, user=user_id)
    if row is None:
        tenancy.leave()
        return None, None
    return row.role, row.worker_id


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


def _touch_session(session_id: UUID, idle_minutes: int) -> None:
    now = clock.now()
    _touch(
        "update login_sessions set last_seen_at = :now, expires_at = :until where id = :id and revoked_at is null",
        id=session_id, now=now, until=now + timedelta(minutes=idle_minutes),
    )  # fmt: skip


def _touch(statement: str, **values: Any) -> None:
    with transaction():
        db.session.execute(text(statement), values)
