"""Envelopes to send, and mails as they arrived, whichever way they took."""

from __future__ import annotations

import email
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import Any

from doorstep.backends.email.interface import Envelope

ENVELOPE = Envelope(
    message_id="0198c1aa-1111-7000-8000-000000000001",
    from_address="office@doorstep.test",
    from_name="Alder Cleaning",
    to_address="ana@client.test",
    to_name="Ana Ruiz",
    reply_to="hello@alder.test",
    subject="Your visit: Friday 9:00 – 11:00",
    text="Dear Ana,\n\nsee you on Friday – 9:00.\n.\nA line that begins with a dot.\n",
    html="<!doctype html><p>Dear Ana, see you on <b>Friday</b> – 9:00.</p>\n",
    purpose="scheduled",
    org_id="0198c1aa-2222-7000-8000-000000000002",
    headers={
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<https://doorstep.test/unsubscribe/{'k' * 160}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
)


def envelope(**other: Any) -> Envelope:
    return replace(ENVELOPE, **other)


@dataclass(frozen=True)
class Arrived:
    """What the recipient's program shows. `recipients` are those of the header, `envelope_to` who really gets it."""

    envelope_to: tuple[str, ...]
    recipients: tuple[tuple[str, str], ...]
    sender: tuple[str, str]
    reply_to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]


def read(data: bytes, envelope_to: tuple[str, ...]) -> Arrived:
    """Reads the bytes of a mail as a careful program does: headers unfolded, then parsed, then decoded."""
    mail = email.message_from_string(data.decode())
    assert mail.defects == []
    assert len({name.lower() for name in mail.keys()}) == len(mail.keys()), "a header came twice"  # noqa: SIM118
    headers = {name: unfolded(value) for name, value in mail.items()}
    parts = {part.get_content_type(): content(part) for part in mail.walk() if not part.is_multipart()}
    assert list(parts) in (["text/plain"], ["text/plain", "text/html"])
    return Arrived(
        envelope_to=envelope_to,
        recipients=tuple(decoded_addresses(headers["To"])),
        sender=next(iter(decoded_addresses(headers["From"]))),
        reply_to=headers.get("Reply-To", ""),
        subject=decoded(headers["Subject"]),
        text=parts["text/plain"],
        html=parts.get("text/html", ""),
        headers=headers,
    )


def content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode(part.get_content_charset("ascii")).replace("\r\n", "\n")


def unfolded(value: str) -> str:
    return value.replace("\r\n", "").replace("\n", "").strip()


def decoded(words: str) -> str:
    return str(make_header(decode_header(words)))


def decoded_addresses(value: str) -> list[tuple[str, str]]:
    return [(decoded(name), address) for name, address in getaddresses([value])]
