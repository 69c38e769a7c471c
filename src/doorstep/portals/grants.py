"""What a client's browser holds: a signed cookie that names the links opened in it, the newest first.

The cookie proves nothing but that we wrote it. Whether a link still gives anything is asked of its row each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import Response, current_app, request

from doorstep.clients.models import ClientLink
from doorstep.core import signing
from doorstep.core.settings import Settings

PURPOSE: Final = "client-grants"
MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Grant:
    """One opened link: its organization, its row, and its order unless it opens all of the client's."""

    org_id: UUID
    link_id: UUID
    order_id: UUID | None

    def told(self) -> list[str | None]:
        """Returns the grant as it stands in the cookie."""
        return [self.org_id.hex, self.link_id.hex, self.order_id.hex if self.order_id else None]


def cookie_name() -> str:
    """Returns the cookie's name; `__Host-` where https is sure."""
    return "__Host-doorstep_client" if _settings().is_prod else "doorstep_client"


def held() -> list[Grant]:
    """Returns what this browser holds, the newest first; nothing for a cookie that is not ours or too old."""
    payload = signing.read(_settings().client_portal_secret, PURPOSE, request.cookies.get(cookie_name()))
    return [_grant(entry) for entry in payload["grants"]] if payload else []


def add(response: Response, link: ClientLink) -> None:
    """Lets the browser hold the link too; the oldest of more than eight is dropped."""
    new = Grant(link.org_id, link.id, link.order_id)
    _write(response, [new, *(grant for grant in held() if grant.link_id != link.id)][:MOST])


def drop(response: Response) -> None:
    """Takes everything from the browser."""
    response.delete_cookie(cookie_name(), path="/", secure=_settings().is_prod, httponly=True, samesite="Lax")


def _grant(entry: Sequence[Any]) -> Grant:
    org, link, order = entry
    return Grant(UUID(hex=org), UUID(hex=link), UUID(hex=order) if order else None)


def _write(response: Response, grants: Sequence[Grant]) -> None:
    settings = _settings()
    seconds = settings.client_session_ttl_minutes * 60
    payload = {"grants": [grant.told() for grant in grants]}
    signed = signing.sign(settings.client_portal_secret, PURPOSE, payload, seconds=seconds)
    response.set_cookie(
        cookie_name(), signed, max_age=seconds, path="/", secure=settings.is_prod, httponly=True, samesite="Lax"
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["doorstep.settings"]
    return settings
