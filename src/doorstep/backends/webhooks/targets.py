"""What a webhook's URL says, read strictly: one spelling for each place, and no place that the settings forbid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

import idna

from doorstep.backends.webhooks import networks
from doorstep.backends.webhooks.interface import Reason, WebhookError
from doorstep.core.settings import Settings

PORTS: Final = {"https": 443, "http": 80}
LONGEST_URL: Final = 2048
LONGEST_HOST: Final = 253
LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# By the URL standard (url.spec.whatwg.org, "ends in a number") such a host is an address of IPv4, read as by inet_aton.
NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
BRACKETS: Final = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[^:]*)?")
KEPT: Final = "!$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `address` is there when the URL names one instead of a host. `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str
    address: networks.Address | None

    @property
    def is_encrypted(self) -> bool:
        """Whether TLS is spoken."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """The host, with the port where it is not the scheme's own, as the header Host has it."""
        host = f"[{self.host}]" if isinstance(self.address, IPv6Address) else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


class Rules:
    """What the settings allow."""

    def __init__(self, settings: Settings) -> None:
        self._hosts = frozenset(settings.export_webhook_allowed_hosts)
        self._any_scheme = settings.export_webhook_allow_http
        self._private = not settings.export_webhook_block_private_ips

    def target(self, url: str) -> Target:
        """Returns where a URL leads. Raises WebhookError when nothing may ever be sent there."""
        target = read(url)
        self._allowed(target)
        if target.address is not None and not self.may_be_called(target.address):
            raise refused(f"{target.host} is not a public address", Reason.ADDRESS)
        return target

    def may_be_called(self, address: networks.Address) -> bool:
        """Whether a request may go to an address, be it named by the URL or found for its host."""
        return networks.may_be_called(address, private=self._private)

    def _allowed(self, target: Target) -> None:
        if self._hosts and target.host not in self._hosts:
            raise refused(f"{target.host} is not among the hosts that this installation sends to", Reason.URL)
        if target.host in self._hosts and self._any_scheme:
            return
        if not target.is_encrypted:
            raise refused("the address must begin with https://", Reason.URL)
        if target.port != PORTS["https"]:
            raise refused("the address must have no port but 443", Reason.URL)


def refused(message: str, reason: Reason) -> WebhookError:
    """Returns the error about an address that stays refused until somebody writes another."""
    return WebhookError(message, permanent=True, reason=reason)


def read(url: str) -> Target:
    """Returns what a URL says. Raises WebhookError when it is not the plain address of a web server."""
    parts = _parts(url)
    host = _bracketed(parts) if "[" in parts.netloc else _name(parts.hostname or "")
    address = _literal(host)
    path = quote(parts.path or "/", safe=KEPT) + (f"?{quote(parts.query, safe=KEPT)}" if parts.query else "")
    return Target(parts.scheme, host, _port(parts), path, address)


def _parts(url: str) -> SplitResult:
    # Browsers read a backslash as a slash, and urlsplit leaves out line breaks: none of both belongs here.
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url or "\\" in url:
        raise refused("the address must be a URL, without spaces and backslashes", Reason.URL)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise refused("the address is not a URL", Reason.URL) from None
    if parts.scheme not in PORTS:
        raise refused("the address must begin with https://", Reason.URL)
    if "@" in parts.netloc:
        raise refused("the address must have no name and password before the host", Reason.URL)
    return parts


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise refused("the address has a port that is none", Reason.URL)
    return PORTS[parts.scheme] if port is None else port


def _bracketed(parts: SplitResult) -> str:
    """Returns an address of IPv6 in its shortest spelling; one with a zone is of a single machine's network only."""
    whole = BRACKETS.fullmatch(parts.netloc)
    try:
        return str(IPv6Address(whole[1] if whole else ""))
    except ValueError:
        raise refused("the address has a host in brackets that is none", Reason.URL) from None


def _name(host: str) -> str:
    """Returns a host of ASCII in lower case: a foreign one by IDNA (RFC 5891), mapped as browsers do (UTS 46)."""
    try:
        name = host.lower() if host.isascii() else idna.encode(host, uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, UnicodeError):
        name = ""
    name = name.removesuffix(".")
    if len(name) > LONGEST_HOST or not all(LABEL.fullmatch(label) for label in name.split(".")):
        raise refused("the address has no host that can be looked up", Reason.URL)
    return name


def _literal(host: str) -> networks.Address | None:
    """Returns the address that a host spells. Of IPv4 only the usual spelling is taken: four decimal numbers."""
    if ":" not in host and not NUMBER.fullmatch(host.rsplit(".", 1)[-1]):
        return None
    try:
        return ip_address(host) if ":" in host else IPv4Address(host)
    except ValueError:
        raise refused("the address has a host of numbers that is not one of four decimal ones", Reason.URL) from None
