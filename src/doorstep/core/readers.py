"""How the text of a setting is read: a reader returns the value or raises ValueError with what is wrong."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

Reader = Callable[[str], Any]

WORDS: Final = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}


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


def postgres_url(text: str) -> str:
    """Returns a PostgreSQL address in SQLAlchemy's form."""
    scheme, sep, rest = text.partition("://")
    if not sep or scheme not in ("postgres", "postgresql", "postgresql+psycopg2"):
        raise ValueError("must start with postgresql:// (PostgreSQL is the only database)")
    return "postgresql+psycopg2://" + rest


def folder(text: str) -> Path:
    """Returns an absolute path."""
    return Path(text).expanduser().resolve()
