"""Signatures by the Standard Webhooks specification, by which receivers prove who sent an event.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, symmetric scheme.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Final

from doorstep.backends.webhooks.interface import Delivery

PREFIX: Final = "whsec_"
# The specification's bounds for a key.
FEWEST_BYTES: Final = 24
MOST_BYTES: Final = 64
# No full stop: it parts the id from the timestamp in what is signed.
ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")


def secret_of(key: bytes) -> str:
    """Returns a key as receivers are shown it. Raises ValueError unless it has 24 to 64 bytes."""
    _measured(key)
    return PREFIX + base64.b64encode(key).decode()


def key_of(secret: str) -> bytes:
    """Returns the key that a secret stands for. Raises ValueError, without the secret, when it is none."""
    kind, text = secret[: len(PREFIX)], secret[len(PREFIX) :]
    try:
        key = base64.b64decode(text, validate=True) if kind == PREFIX else b""
    except ValueError:
        key = b""
    return _measured(key)


def headers(delivery: Delivery) -> dict[str, str]:
    """Returns the three headers of a delivery, with one signature for each of its secrets.

    Raises ValueError for an id that could be read in two ways, and for a delivery without a usable secret.
    """
    if not ID.fullmatch(delivery.id):
        raise ValueError("a webhook's id is of letters, digits, - and _")
    if not delivery.secrets:
        raise ValueError("a webhook needs a secret")
    return {
        "webhook-id": delivery.id,
        "webhook-timestamp": str(delivery.timestamp),
        "webhook-signature": " ".join(_signature(key_of(secret), delivery) for secret in delivery.secrets),
    }


def _signature(key: bytes, delivery: Delivery) -> str:
    signed = f"{delivery.id}.{delivery.timestamp}.".encode() + delivery.body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _measured(key: bytes) -> bytes:
    if not FEWEST_BYTES <= len(key) <= MOST_BYTES:
        raise ValueError(f"a webhook's secret is {PREFIX} and {FEWEST_BYTES} to {MOST_BYTES} bytes in base64")
    return key
