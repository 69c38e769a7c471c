"""Identifiers and secrets."""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

from uuid_utils.compat import uuid7


def new() -> UUID:
    """Returns a UUIDv7 (RFC 9562): time-ordered, so that indexes stay compact. Not a secret."""
    return uuid7()


def secret(nbytes: int = 32) -> str:
    """Returns a random URL-safe secret of `nbytes` bytes of entropy."""
    return secrets.token_urlsafe(nbytes)


def digest(secret_text: str) -> bytes:
    """Returns what is stored of a secret: its SHA-256, 32 bytes.

    A plain hash is enough because our secrets carry 256 random bits; passwords go through argon2id.
    """
    return hashlib.sha256(secret_text.encode()).digest()


def org_secret(org_id: UUID) -> str:
    """Returns a secret that says to which organization it belongs, so that a link can be looked up
    within that organization's rows only."""
    return f"{org_id.hex}.{secret()}"


def org_of_secret(text: str) -> UUID | None:
    """Returns the organization named by an `org_secret`, or None when the text is not of that form."""
    head, dot, _ = text.partition(".")
    if not dot or len(head) != 32:
        return None
    try:
        return UUID(hex=head)
    except ValueError:
        return None
