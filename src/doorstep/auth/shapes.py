"""Rows as the plain values that JSON and pages show. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from doorstep.auth.devices import is_phone, name_of
from doorstep.auth.models import ApiToken, LoginSession
from doorstep.auth.sessions import Opened
from doorstep.core.actor import PERMISSIONS, Actor, Org


def access(opened: Opened, org: Org | None, role: str | None) -> dict[str, Any]:
    """Returns a bearer token as `AccessSchema` says."""
    return {
        "access_token": opened.secret,
        "expires_at": opened.expires_at,
        "org": org.slug if org else None,
        "role": role,
    }


def me(who: Actor) -> dict[str, Any]:
    """Returns the actor as `MeSchema` says."""
    return {
        "id": who.id, "kind": who.kind, "name": who.name, "email": who.email, "org": _org(who.org), "role": who.role,
        "permissions": [permission for permission in PERMISSIONS if permission in who.permissions],
        "worker_id": who.worker_id,
    }  # fmt: skip


def session(row: LoginSession, current: UUID | None) -> dict[str, Any]:
    """Returns a session as `SessionSchema` says."""
    return {
        "id": row.id, "kind": row.kind, "device": name_of(row.user_agent), "ip": row.ip, "created_at": row.created_at,
        "last_seen_at": row.last_seen_at, "expires_at": row.expires_at, "current": row.id == current,
    }  # fmt: skip


def session_line(row: LoginSession, current: UUID | None) -> dict[str, Any]:
    """Returns a session as the page of devices shows it."""
    return {
        "id": row.id, "device": name_of(row.user_agent), "phone": is_phone(row.user_agent),
        "place": row.ip or "Unknown address", "last_seen": row.last_seen_at, "current": row.id == current,
    }  # fmt: skip


def token(row: ApiToken) -> dict[str, Any]:
    """Returns a token as `TokenSchema` says."""
    return {
        "id": row.id, "name": row.name, "prefix": row.prefix, "scopes": row.scopes, "created_at": row.created_at,
        "expires_at": row.expires_at, "last_used_at": row.last_used_at,
    }  # fmt: skip


def listed(items: Sequence[dict[str, Any]], following: str | None) -> dict[str, Any]:
    """Returns a page of a list."""
    return {"items": list(items), "next_cursor": following}


def _org(org: Org | None) -> dict[str, Any] | None:
    if org is None:
        return None
    return {
        "id": org.id, "slug": org.slug, "name": org.name, "timezone": org.timezone, "currency": org.currency,
        "locale": org.locale,
    }  # fmt: skip
