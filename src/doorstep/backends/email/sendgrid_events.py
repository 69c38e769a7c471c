"""What SendGrid tells of mails later on: read only when its signature is right. No database, no request.

Source: Twilio SendGrid, "Event Webhook Reference" and "Getting Started with the Event Webhook Security Features":
ECDSA over SHA-256 of the timestamp followed by the body as it came.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

SIGNATURE: Final = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP: Final = "X-Twilio-Email-Event-Webhook-Timestamp"
HEADERS: Final = (SIGNATURE, TIMESTAMP)
LONGEST_REASON: Final = 300
# "blocked" is a bounce that says something about the moment, not about the address.
FOR_GOOD: Final = {"bounce": "bounced", "dropped": "bounced", "spamreport": "complained"}
DROPPED_FOR_GOOD: Final = ("bounced address", "invalid", "spam reporting address")


@dataclass(frozen=True, slots=True)
class Trouble:
    """An address that mails do not reach, or do not please: `bounced` or `complained`, and which mail showed it."""

    org_id: UUID
    email_id: UUID
    address: str
    state: str
    reason: str


def is_signed(public_key: str, signature: str, timestamp: str, body: bytes) -> bool:
    """Returns whether the body came from who holds the private key; `signature` and `timestamp` are the headers'."""
    key = cast(EllipticCurvePublicKey, load_der_public_key(base64.b64decode(public_key)))
    try:
        signed = base64.b64decode(signature, validate=True)
        key.verify(signed, timestamp.encode() + body, ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error):
        return False
    return True


def troubles(body: bytes) -> Iterator[Trouble]:
    """Yields the events that say something about an address; others, and what is not of this form, are passed over."""
    try:
        events = orjson.loads(body)
    except ValueError:
        return
    for event in events if isinstance(events, list) else ():
        if isinstance(event, dict) and (state := _state(event)):
            yield from _trouble(event, state)


def _state(event: Mapping[str, Any]) -> str:
    kind, reason = str(event.get("event")), str(event.get("reason", "")).lower()
    if kind == "bounce" and event.get("type") == "blocked":
        return ""
    if kind == "dropped" and not reason.startswith(DROPPED_FOR_GOOD):
        return ""
    if kind == "dropped" and reason.startswith("spam"):
        return "complained"
    return FOR_GOOD.get(kind, "")


def _trouble(event: Mapping[str, Any], state: str) -> Iterator[Trouble]:
    try:
        org_id, email_id = UUID(str(event.get("org_id"))), UUID(str(event.get("email_id")))
    except ValueError:
        return  # a mail that was not ours
    reason = " ".join(str(event.get("reason") or "marked as spam").split())[:LONGEST_REASON]
    yield Trouble(org_id, email_id, str(event.get("email", "")), state, reason)
