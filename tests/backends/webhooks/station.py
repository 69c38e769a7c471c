"""A receiver of webhooks on a free port of this machine, which does as a test tells it; and a name server beside it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import pytest
import trustme

from doorstep.backends.webhooks import signing
from doorstep.backends.webhooks.interface import Delivery, WebhookError
from doorstep.backends.webhooks.safe_client import SafeClient
from doorstep.core.settings import Settings

HOST = "hook.test"
SECRET = signing.secret_of(b"the-receiver-s-own-key-of-32-byte")
PUBLIC = "93.184.216.34"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"

Script = Callable[[socket.socket, "Receiver"], None]


@dataclass
class Receiver:
    """The receiver's side: what came, and the script by which it answers."""

    script: Script = lambda line, _: line.sendall(OK)
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    closing: Event = field(default_factory=Event)
    tls: ssl.SSLContext | None = None

    def serve(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                line, _ = server.accept()
                self.connections += 1
                Thread(target=self.talk, args=(line,), daemon=True).start()

    def talk(self, line: socket.socket) -> None:
        with suppress(OSError), ExitStack() as stack:
            stack.enter_context(line)
            line.settimeout(10)
            if self.tls:
                line = stack.enter_context(self.tls.wrap_socket(line, server_side=True))
            self.requests.append(whole_request(line))
            self.script(line, self)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {status} So\r\nContent-Length: {len(body)}\r\n{named}\r\n".encode()
        self.script = lambda line, _: line.sendall(head + body)

    def say(self, text: bytes) -> None:
        self.script = lambda line, _: line.sendall(text)

    def dribble(self, first: bytes, drop: bytes) -> None:
        """Says the first at once, and then a drop now and then, for longer than anybody should listen."""

        def script(line: socket.socket, receiver: Receiver) -> None:
            line.sendall(first)
            for _ in range(150):
                if receiver.closing.wait(0.02):
                    return
                line.sendall(drop)

        self.script = script


def whole_request(line: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        got += more(line)
    head, _, body = got.partition(b"\r\n\r\n")
    (length,) = (int(row.split(b":")[1]) for row in head.splitlines() if row.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += more(line)
    return head + b"\r\n\r\n" + body


def more(line: socket.socket) -> bytes:
    if not (piece := line.recv(65536)):
        raise OSError("the sender has gone")
    return piece


class Station:
    """The receiver together with couriers to it. Names lead where `names` says, and any other one nowhere."""

    def __init__(self, servers: list[socket.socket]) -> None:
        self.receiver = Receiver()
        self.speaks_ipv6 = len(servers) > 1
        self.port: int = servers[0].getsockname()[1]
        self.names: dict[str, list[list[str]]] = {HOST: [["127.0.0.1"]]}
        self.asked: list[str] = []
        self.open = Settings(
            export_webhook_allowed_hosts=(HOST, "127.0.0.1", "::1", "other.test"),
            export_webhook_allow_http=True,
            export_webhook_block_private_ips=False,
        )
        self.client = courier(self.open)
        self.strict = courier(Settings())

    def url(self, path: str = "/hooks", host: str = HOST, scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def delivery(self, url: str = "", **other: Any) -> Delivery:
        usual: dict[str, Any] = {
            "id": "evt_1",
            "timestamp": 1800000000,
            "body": b'{"type":"order.completed"}',
            "secrets": (SECRET,),
        }
        return Delivery(url=url or self.url(), **usual | other)

    def failure(self, url: str = "", client: SafeClient | None = None, **other: Any) -> WebhookError:
        with pytest.raises(WebhookError) as caught:
            (client or self.client).deliver(self.delivery(url, **other))
        return caught.value

    def getaddrinfo(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        """The name server: each name has a list of answers, the last of which stays."""
        self.asked.append(host)
        answers = self.names.get(host)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(family(one), socket.SOCK_STREAM, 6, "", (one, port)) for one in found]


def courier(settings: Settings, trusted: Certificates | None = None) -> SafeClient:
    """Returns a courier that trusts one authority or none: reading those of the machine takes long."""
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trusted:
        trusted.authority.configure_trust(trust)
    return SafeClient(settings, trust)


def family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


@contextmanager
def opened(patch: pytest.MonkeyPatch) -> Iterator[Station]:
    """Opens a station on 127.0.0.1, and on ::1 where this machine has it, on the same port."""
    with ExitStack() as stack:
        servers = [stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=64))]
        with suppress(OSError):
            place = ("::1", servers[0].getsockname()[1])
            servers.append(stack.enter_context(socket.create_server(place, family=socket.AF_INET6)))
        station = Station(servers)
        threads = [Thread(target=station.receiver.serve, args=(one,), daemon=True) for one in servers]
        for thread in threads:
            thread.start()
        patch.setattr(socket, "getaddrinfo", station.getaddrinfo)
        yield station
        station.receiver.closing.set()
        for one in servers:
            one.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)


class Certificates:
    """A certificate for some names, of an authority that only those trust who are told to."""

    def __init__(self, *names: str) -> None:
        self.authority = trustme.CA()
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert(*names).configure_cert(self.context)
