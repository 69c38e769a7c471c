"""Webhooks to addresses that strangers chose, without lending them our place in the network (SSRF).

The host is looked up once. If any of its addresses is not public, nothing is sent; otherwise the connection goes to one
of those very addresses, so that a second answer of its name server (DNS rebinding) is never asked for. TLS and the
header Host still speak of the name. http.client is used bare: it knows no proxies, no redirections and no `.netrc`, and
writes nothing of the answer to the log.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, LineTooLong
from ipaddress import ip_address
from typing import Final

from doorstep.backends.webhooks import answers, lookup, signing
from doorstep.backends.webhooks.deadline import Deadline, Watchdog
from doorstep.backends.webhooks.interface import Answer, Delivery, Reason, WebhookError
from doorstep.backends.webhooks.networks import Address
from doorstep.backends.webhooks.targets import Rules, Target
from doorstep.core.settings import Settings

AGENT: Final = "Doorstep-Webhooks/1"
# Of many addresses only the first are tried, each with its share of the time.
MOST_TRIED: Final = 3
SAYINGS: Final = {
    Reason.TIMEOUT: "did not answer in time",
    Reason.TLS: "has a certificate that is not to be trusted, or no TLS",
    Reason.TOO_LARGE: "answers with a head that is too large",
    Reason.UNREACHABLE: "cannot be reached, or hung up",
    Reason.NOT_HTTP: "answers in something that is not HTTP",
}


def make(settings: Settings) -> SafeClient:
    """Returns the courier by the rules of the settings."""
    # Reading the authorities takes longer than a delivery, so it is done once.
    return SafeClient(settings, ssl.create_default_context())


class SafeClient:
    """One connection for each delivery. Many threads may share one client. `trust`: whose certificates count."""

    def __init__(self, settings: Settings, trust: ssl.SSLContext) -> None:
        self._rules = Rules(settings)
        self._timeout = settings.export_webhook_timeout_seconds
        self._trust = trust

    def check(self, url: str) -> None:
        self._rules.target(url)

    def deliver(self, delivery: Delivery) -> Answer:
        target = self._rules.target(delivery.url)
        headers = _headers(target, delivery)
        deadline = Deadline(self._timeout if delivery.timeout is None else delivery.timeout)
        with _told(target.host, deadline), ExitStack() as stack:
            line = stack.enter_context(closing(self._line(target, deadline)))
            stack.enter_context(Watchdog(line, deadline))
            if target.is_encrypted:
                line = stack.enter_context(self._trust.wrap_socket(line, server_hostname=target.host))
            response = stack.enter_context(_asked(line, target, delivery.body, headers))
            answer = answers.read(response, deadline)
        return answers.judged(answer, target.host)

    def _line(self, target: Target, deadline: Deadline) -> socket.socket:
        found = lookup.addresses(target, deadline)
        if not all(self._rules.may_be_called(address) for address in found):
            raise _not_public(target)
        tried = found[:MOST_TRIED]
        for more, address in zip(range(len(tried), 1, -1), tried, strict=False):
            with suppress(OSError):
                return _connected(target, address, deadline.left() / more, deadline)
        return _connected(target, tried[-1], deadline.left(), deadline)


def _connected(target: Target, address: Address, seconds: float, deadline: Deadline) -> socket.socket:
    """Returns a connection to exactly that address. From then on each wait may last to the deadline."""
    line = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
    try:
        line.settimeout(seconds)
        line.connect((str(address), target.port))
        if ip_address(line.getpeername()[0]) != address:
            raise _not_public(target)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.settimeout(deadline.left())
    except BaseException:
        line.close()
        raise
    return line


def _not_public(target: Target) -> WebhookError:
    """Trying again can help: names are moved, and some name servers say 0.0.0.0 for a while."""
    message = f"{target.host} leads to an address that is not public"
    return WebhookError(message, permanent=False, reason=Reason.ADDRESS)


def _headers(target: Target, delivery: Delivery) -> dict[str, str]:
    return {
        "Host": target.authority,
        "User-Agent": AGENT,
        "Content-Type": "application/json",
        # Nothing is unpacked, so nothing can swell.
        "Accept-Encoding": "identity",
        "Connection": "close",
        **signing.headers(delivery),
    }


@contextmanager
def _asked(line: socket.socket, target: Target, body: bytes, headers: dict[str, str]) -> Iterator[HTTPResponse]:
    """Gives the head of the answer; its body can be read within the block. Given a line, http.client opens none."""
    with closing(HTTPConnection(target.host, target.port)) as connection:
        connection.sock = line
        connection.request("POST", target.path, body=body, headers=headers)
        with connection.getresponse() as response:
            yield response


@contextmanager
def _told(host: str, deadline: Deadline) -> Iterator[None]:
    """Turns what goes wrong on the way into our own error, without the words of the receiver."""
    try:
        yield
    except (OSError, HTTPException) as error:
        reason = Reason.TIMEOUT if deadline.is_over else _reason(error)
        raise WebhookError(f"{host} {SAYINGS[reason]}", permanent=False, reason=reason) from None


def _reason(error: Exception) -> Reason:
    match error:
        case TimeoutError():
            return Reason.TIMEOUT
        case ssl.SSLError():
            return Reason.TLS
        case OSError():
            return Reason.UNREACHABLE
        case LineTooLong():
            return Reason.TOO_LARGE
    # Of more than a hundred header lines http.client says so by its general error.
    return Reason.TOO_LARGE if type(error) is HTTPException else Reason.NOT_HTTP
