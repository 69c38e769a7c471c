"""Addresses and words as they may stand in a mail, whatever somebody typed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from email_validator import EmailNotValidError, validate_email

from doorstep.backends.email.interface import Envelope, MailRefused, ServerTrouble

LONGEST_WORDS: Final = 200
SIGNS_OF_A_HEADER: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")

# Written by us or by servers on the way; a second one would make the mail mean different things to different readers.
RESERVED: Final = frozenset(
    {
        "bcc", "cc", "content-transfer-encoding", "content-type", "date", "dkim-signature", "from", "message-id",
        "mime-version", "received", "reply-to", "return-path", "sender", "subject", "to", "x-sg-eid", "x-sg-id",
    }
)  # fmt: skip


def one_line(words: str) -> str:
    """Returns the words without line breaks and other signs that cannot be seen, which could begin a header of their
    own (RFC 5322, 2.2) or turn the reading direction."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


def name(words: str) -> str:
    """Returns a person's name or a subject on one line of at most 200 characters."""
    return one_line(words)[:LONGEST_WORDS].rstrip()


def recipient(envelope: Envelope) -> str:
    """Returns the address as servers write it: the domain of letters beyond ASCII as IDNA (RFC 5891), only the part
    before it may hold such letters (RFC 6531). Raises MailRefused for what cannot be an address."""
    try:
        return _written(envelope.to_address)
    except EmailNotValidError as error:
        raise MailRefused(f"the recipient's address cannot be one: {one_line(str(error))}") from error


def sender(envelope: Envelope) -> str:
    """Returns the address that the mail comes from. Raises ServerTrouble when it cannot be one: that is a matter of
    the settings, so the mail can wait until they are right."""
    try:
        return _written(envelope.from_address)
    except EmailNotValidError as error:
        raise ServerTrouble("the address in EMAIL_FROM cannot be one") from error


def reply_to(envelope: Envelope) -> str:
    """Returns where answers go, or an empty text: a mistyped address of the office is no reason to keep its clients
    from their mails."""
    try:
        return _written(envelope.reply_to)
    except EmailNotValidError:
        return ""


def message_id(envelope: Envelope) -> str:
    """Returns the Message-ID (RFC 5322, 3.6.4): the same for the same row, in the domain that mails come from."""
    return f"<{envelope.message_id}@{sender(envelope).rpartition('@')[2]}>"


def more_headers(envelope: Envelope) -> Mapping[str, str]:
    """Returns the further headers with values on one line. Raises MailRefused for a name that is none or is ours."""
    seen = set(RESERVED)
    for header in (given.lower() for given in envelope.headers):
        if not header or header in seen or not SIGNS_OF_A_HEADER.issuperset(header):
            raise MailRefused(f"a mail cannot have the further header {header!r}")
        seen.add(header)
    return {header: one_line(value) for header, value in envelope.headers.items()}


def _written(address: str) -> str:
    """Only the form is judged (`.test` has a good one, RFC 2606); whether there is such a domain the server knows."""
    found = validate_email(address, check_deliverability=False, globally_deliverable=False, test_environment=True)
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"
