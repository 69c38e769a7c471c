"""Who is slow on purpose does not hold a deliverer: everything ends with the deadline."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import active_count

import pytest

from doorstep.backends.webhooks.interface import Answer, Reason
from tests.backends.webhooks.station import Certificates, Receiver, Station, courier

SECONDS = 0.4
# Beyond the deadline a busy machine may need this much more.
GRACE = 0.6
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@contextmanager
def in_time() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < SECONDS + GRACE


def sleeps(line: socket.socket, receiver: Receiver) -> None:
    receiver.closing.wait(5)


SLOW: dict[str, Callable[[Receiver], None]] = {
    "silence": lambda receiver: setattr(receiver, "script", sleeps),
    "status": lambda receiver: receiver.dribble(b"HTTP/1.1 2", b"0"),
    "headers": lambda receiver: receiver.dribble(HEAD + b"X-Slow: ", b"z"),
    "more headers": lambda receiver: receiver.dribble(HEAD, b"X-Slow: z\r\n"),
    "continue": lambda receiver: receiver.dribble(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("slow", list(SLOW))
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_slow_head_is_not_waited_for(station: Station, slow: str, scheme: str) -> None:
    certificates = Certificates("hook.test")
    station.receiver.tls = certificates.context if scheme == "https" else None
    SLOW[slow](station.receiver)
    with in_time():
        error = station.failure(station.url(scheme=scheme), courier(station.open, certificates), timeout=SECONDS)
    assert (error.reason, error.permanent, error.answer) == (Reason.TIMEOUT, False, None)


def test_a_slow_handshake_is_not_waited_for(station: Station) -> None:
    station.receiver.script = sleeps
    with in_time():
        assert station.failure(station.url(scheme="https"), timeout=SECONDS).reason is Reason.TIMEOUT


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (HEAD + b"\r\n", b"z"),
        (HEAD + b"Content-Length: 1000000\r\n\r\n", b"z"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nz\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Slow: z\r\n"),
    ],
)
@pytest.mark.parametrize("status", [200, 500])
def test_a_slow_body_is_cut_and_what_was_said_counts(station: Station, first: bytes, drop: bytes, status: int) -> None:
    station.receiver.dribble(first.replace(b"200", str(status).encode()), drop)
    with in_time():
        answer = answered(station, status)
    assert answer.status == status
    assert set(answer.excerpt) <= {"z"}
    assert answer.ms >= SECONDS * 1000 - 50


def answered(station: Station, status: int) -> Answer:
    if status == 200:
        return station.client.deliver(station.delivery(timeout=SECONDS))
    answer = station.failure(timeout=SECONDS).answer
    assert answer is not None
    return answer


def test_a_huge_body_is_read_to_a_bound_only(station: Station) -> None:
    sent = []

    def script(line: socket.socket, _: Receiver) -> None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        line.sendall(HEAD + b"Content-Length: 1000000000\r\n\r\n")
        for _piece in range(15_000):
            sent.append(line.send(b"x" * 65536))

    station.receiver.script = script
    with in_time():
        answer = station.client.deliver(station.delivery())
    assert answer.excerpt == "x" * 1024
    assert sum(sent) < 50_000_000


def test_a_name_server_is_not_waited_for(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: station.receiver.closing.wait(2) or [])
    with in_time():
        assert station.failure(timeout=SECONDS).reason is Reason.TIMEOUT


def test_a_receiver_that_does_not_read_is_not_waited_for(station: Station) -> None:
    station.receiver.talk = sleeps_at_once  # type: ignore[method-assign]
    with in_time():
        assert station.failure(body=b"x" * 30_000_000, timeout=SECONDS).reason is Reason.TIMEOUT


def sleeps_at_once(line: socket.socket) -> None:
    with line:
        time.sleep(SECONDS + GRACE)


def test_the_settings_say_how_long(station: Station) -> None:
    station.receiver.script = sleeps
    client = courier(replace(station.open, export_webhook_timeout_seconds=1))
    began = time.monotonic()
    assert station.failure(client=client).reason is Reason.TIMEOUT
    assert 0.9 < time.monotonic() - began < 1 + GRACE


def test_no_watchdog_is_left_behind(station: Station) -> None:
    station.client.deliver(station.delivery())
    before = active_count()
    for _ in range(10):
        station.client.deliver(station.delivery())
    assert active_count() <= before + 1
