"""Links to pictures: short-lived, each signed for one size of one photo of one organization. No database, no request.

The end of a link is rounded, so that a page loaded again names the same address and the browser's copy is used.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from doorstep.core import clock, current
from doorstep.core.errors import Forbidden, Gone

PURPOSE: Final = "doorstep.photo"
LONGEST_NUMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Link:
    """The address of a picture (a path) and when it ends."""

    path: str
    expires_at: datetime


def make(org_id: UUID, photo_id: UUID, size: str) -> Link:
    """Returns the link, which works for half to the whole of the set time and is the same for half of it."""
    lifetime = current.settings().photo_url_ttl_seconds
    step = max(lifetime // 2, 1)
    ends = int(clock.now().timestamp()) // step * step + lifetime
    signature = _signature(org_id, photo_id, size, ends)
    path = f"/photos/{org_id}/{photo_id}/{size}?e={ends}&s={signature}"
    return Link(path, datetime.fromtimestamp(ends, UTC))


def seconds_left(org_id: UUID, photo_id: UUID, size: str, *, ends: str, signature: str) -> int:
    """Returns for how many seconds this link goes on working.

    Raises Forbidden unless it was signed for exactly this picture and end, Gone when it is over.
    """
    number = int(ends) if ends.isascii() and ends.isdigit() and len(ends) <= LONGEST_NUMBER else -1
    right = _signature(org_id, photo_id, size, number)
    if not hmac.compare_digest(right.encode(), signature.encode()):
        raise Forbidden("This link to a photo is not complete. Open the page again that it came from.")
    left = number - int(clock.now().timestamp())
    if left <= 0:
        raise Gone("This link to a photo was good for a few minutes. Open the page again that it came from.")
    return left


def _signature(org_id: UUID, photo_id: UUID, size: str, ends: int) -> str:
    said = f"{PURPOSE}\n{org_id}\n{photo_id}\n{size}\n{ends}".encode()
    made = hmac.digest(current.settings().photo_signing_secret.encode(), said, hashlib.sha256)
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
