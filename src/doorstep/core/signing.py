"""Short signed texts. Each has a purpose and an end, so that no token can be used for another door."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from doorstep.core import clock


def sign(secret: str, purpose: str, payload: dict[str, Any], *, seconds: int) -> str:
    """Returns a URL-safe text that proves `payload` for `purpose` during the next `seconds`."""
    ends = int(clock.now().timestamp()) + seconds
    return _serializer(secret, purpose).dumps({**payload, "exp": ends})


def read(secret: str, purpose: str, text: str | None) -> dict[str, Any] | None:
    """Returns the payload of a text signed for this purpose and not yet over, else None.

    The signature is compared in constant time.
    """
    if not text or len(text) > 4096:
        return None
    try:
        payload = _serializer(secret, purpose).loads(text)
    except BadData:
        return None
    if not isinstance(payload, dict) or payload.get("exp", 0) <= clock.now().timestamp():
        return None
    return payload


@cache
def _serializer(secret: str, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret,
        salt=f"doorstep.{purpose}",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
