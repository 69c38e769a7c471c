"""From a secret to the person or machine behind it. Every request pays this: one small statement, no ORM."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from doorstep.core import clock, ids, sql, tenancy
from doorstep.core.actor import OPERATE, PERMISSIONS, ROLE_PERMISSIONS, Actor, Org
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction

TOUCHED_EVERY: Final = timedelta(minutes=1)
TENANT_PERMISSIONS: Final = frozenset(PERMISSIONS) - {OPERATE}
TOKEN_PREFIX: Final = "dst_"  # noqa: S105 (says what a token begins with, is none)
# Requests already under way when a program renews its secret still bring the old one; later it is a thief's.
SETTLED_AFTER: Final = timedelta(seconds=30)

Renewed = Callable[[int], None]

# Nobody's rows are in scope yet: the function sees all and gives away one (see migration 0001).
# As one value, for the driver describes each column of each answer.
BY_SESSION: Final = "select to_json(w) as who from who_is(%(sha256)s, %(now)s) w"
BY_TOKEN: Final = """
    select t.id as token_id, t.name as token_name, t.scopes, t.last_used_at, t.org_id,
           o.id, o.slug, o.name, o.timezone, o.currency, o.locale, o.settings
      from api_tokens t
      left join organizations o on o.id = t.org_id and o.active
     where t.sha256 = %(sha256)s and t.revoked_at is null and (t.expires_at is null or t.expires_at > %(now)s)
"""  # noqa: S105 (a statement)


def by_secret(secret: str, *, by_cookie: bool, renewed: Renewed | None = None) -> Actor | None:
    """Returns who holds the secret of a session or API token, with the session put into their organization's
    scope; None when it is unknown, over or revoked.

    `renewed` is told when the session's end was put off, and for how many minutes.
    """
    if secret.startswith(TOKEN_PREFIX):
        return None if by_cookie else _by_token(secret)
    return _by_session(secret, by_cookie, renewed)


def org_of(row: Mapping[str, Any]) -> Org | None:
    """Returns the organization in a row of its columns; None where they are empty."""
    if row["id"] is None:
        return None
    return Org(
        row["id"], row["slug"], row["name"], row["timezone"], row["currency"], row["locale"], row["settings"]
    )  # fmt: skip


def _by_session(secret: str, by_cookie: bool, renewed: Renewed | None) -> Actor | None:
    found = sql.row(BY_SESSION, {"sha256": ids.digest(secret), "now": clock.now()})
    if found is None:
        _end_if_stolen(secret)
        return None
    who = found["who"]
    org = org_of({**who, "id": UUID(who["id"])}) if who["role"] else None
    if org is not None:
        tenancy.enter(org.id)
    session_id = UUID(who["session_id"])
    if clock.now() - datetime.fromisoformat(who["last_seen_at"]) > TOUCHED_EVERY:
        _touch_session(session_id, who["idle_minutes"], renewed)
    return Actor(
        kind="member",
        id=UUID(who["user_id"]),
        name=who["user_name"],
        email=who["email"],
        org=org,
        role=who["role"],
        permissions=_permissions(who["role"], who["is_operator"] and not who["by_link"]),
        worker_id=UUID(who["worker_id"]) if who["worker_id"] else None,
        session_id=session_id,
        by_cookie=by_cookie,
        by_link=who["by_link"],
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
    row = sql.row(BY_TOKEN, {"sha256": ids.digest(secret), "now": clock.now()})
    if row is None or (row["org_id"] is not None and row["id"] is None):
        return None
    org = org_of(row)
    if org is not None:
        tenancy.enter(org.id)
    if row["last_used_at"] is None or clock.now() - row["last_used_at"] > TOUCHED_EVERY:
        _touch("update api_tokens set last_used_at = :now where id = :id", id=row["token_id"], now=clock.now())
    granted = frozenset(row["scopes"]) & (TENANT_PERMISSIONS if org else {OPERATE})
    return Actor(kind="token", name=row["token_name"], id=row["token_id"], org=org, permissions=granted)


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
