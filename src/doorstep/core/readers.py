"""How the text of a setting is read: a reader returns the value or raises ValueError with what is wrong."""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from email_validator import EmailNotValidError, validate_email

Reader = Callable[[str], Any]

WORDS: Final = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}
NAME: Final = re.compile(r"(?i:[a-z0-9]([a-z0-9-]*[a-z0-9])?)(\.(?i:[a-z0-9]([a-z0-9-]*[a-z0-9])?))*")


def flag(text: str) -> bool:
    """Returns the boolean meant by `text`; anything but a known word is an error."""
    if text.lower() not in WORDS:
        raise ValueError("must be true or false")
    return WORDS[text.lower()]


def whole(low: int, high: int) -> Reader:
    """Returns a reader of whole numbers within the bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.removeprefix("-").isdecimal() and low <= int(text) <= high):
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def one_of(*words: str) -> Reader:
    """Returns a reader of one word out of a closed list."""

    def read(text: str) -> str:
        if text.lower() not in words:
            raise ValueError("must be one of " + ", ".join(word for word in words if word))
        return text.lower()

    return read


def listed(text: str) -> tuple[str, ...]:
    """Returns the comma-separated words."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def networks(text: str) -> tuple[str, ...]:
    """Returns comma-separated networks in CIDR notation."""
    for word in listed(text):
        try:
            ipaddress.ip_network(word)
        except ValueError:
            raise ValueError(f"has {word!r}, which is not a network such as 10.0.0.0/8") from None
    return listed(text)


def hosts(text: str) -> tuple[str, ...]:
    """Returns comma-separated hosts in lower case: names (foreign ones as IDNA, `xn--...`) or addresses in their
    shortest spelling."""
    return tuple(_host(word) for word in listed(text))


def _host(word: str) -> str:
    if NAME.fullmatch(word):
        return word.lower()
    try:
        return str(ipaddress.ip_address(word.removeprefix("[").removesuffix("]")))
    except ValueError:
        raise ValueError(f"has {word!r}, which is not a host such as hooks.example.com") from None


def identifier(text: str) -> UUID:
    """Returns a UUID."""
    try:
        return UUID(text)
    except ValueError:
        raise ValueError("must be an id such as 01976f3c-8a52-7c1e-9d40-3b1f0a6e2c55") from None


def web_url(text: str) -> str:
    """Returns an http(s) address without a trailing slash."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an address such as https://doorstep.example.com")
    return text.rstrip("/")


def origins(text: str) -> tuple[str, ...]:
    """Returns comma-separated web origins (RFC 6454): scheme, host and port, nothing behind."""
    for word in listed(text):
        parts = urlsplit(word)
        if word != f"{parts.scheme}://{parts.netloc}" or parts.scheme not in ("http", "https"):
            raise ValueError(f"has {word!r}, which is not an origin such as https://app.example.com")
    return listed(text)


def mail_address(text: str) -> str:
    """Returns a bare e-mail address that every mail server can write: of ASCII, a foreign domain as IDNA."""
    try:
        form = validate_email(text, check_deliverability=False, globally_deliverable=False, test_environment=True)
        address = form.ascii_email
    except EmailNotValidError:
        address = None
    if address is None:
        raise ValueError("must be an address such as office@doorstep.example.com, without a name")
    return address


def postgres_url(text: str) -> str:
    """Returns a PostgreSQL address in SQLAlchemy's form."""
    scheme, sep, rest = text.partition("://")
    if not sep or scheme not in ("postgres", "postgresql", "postgresql+psycopg2"):
        raise ValueError("must start with postgresql:// (PostgreSQL is the only database)")
    return "postgresql+psycopg2://" + rest


def folder(text: str) -> Path:
    """Returns an absolute path."""
    return Path(text).expanduser().resolve()


def public_key(text: str) -> str:
    """Returns the text of an elliptic curve's public key: DER in base64, as SendGrid shows it."""
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("is not a public key in base64") from None
    if not isinstance(key, EllipticCurvePublicKey):
        raise ValueError("is not the public key of an elliptic curve")
    return text
