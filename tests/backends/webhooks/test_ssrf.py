"""A stranger's URL does not borrow our place in the network. The receiver of these tests stands for what lies behind
it, a database or a cloud's metadata: not even a connection may reach it."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from doorstep.backends.webhooks import targets
from doorstep.backends.webhooks.interface import Reason, WebhookError
from doorstep.backends.webhooks.safe_client import MOST_TRIED, SafeClient
from doorstep.core.settings import Settings
from tests.backends.webhooks.station import PUBLIC, Station, courier

# All of them, given to a common client, reach a server on this machine or are known to reach one in some network.
HOSTS = [
    "127.0.0.1", "127.1", "127.0.1", "127.0.0.2", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0.0.1",
    "0x7f.0x0.0x0.0x1", "017700000001", "0177.0.0.1", "0177.0.0.01", "127.0.0.1.", "0", "0.0.0.0", "0x0", "00000.1",
    "\uff11\uff12\uff17.\uff10.\uff10.\uff11", "127。0。0。1", "①②⑦.⓪.⓪.①", "127.000.000.001", "4294967295",
    "42949672961",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::FFFF:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
    "[2001:0:5db8:d822::80ff:fffe]", "[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]",
    "[ff02::1]", "[100::1]", "169.254.169.254", "0xa9fea9fe", "2852039166", "169.254.43518", "[::ffff:a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]", "100.64.0.1", "100.100.100.200", "10.0.0.1", "172.16.0.1", "192.168.0.1", "192.0.0.192",
    "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1",
    "user@127.0.0.1", "hook.test@127.0.0.1", "hook.test:443@127.0.0.1", "hook.test#@127.0.0.1", "127.0.0.1\\@hook.test",
    "localhost", "LOCALHOST", "localhost.", "a.localhost", "ⓛocalhost", "ip6-loopback", "metadata.google.internal",
    "hook.test",
]  # fmt: skip
NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "a.localhost": ["127.0.0.1"],
    "ip6-loopback": ["::1"],
    "metadata.google.internal": ["169.254.169.254"],
}


@pytest.fixture
def names(station: Station) -> Station:
    station.names |= {name: [found] for name, found in NAMES.items()}
    return station


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nothing_reaches_this_machine(names: Station, host: str, scheme: str) -> None:
    url = f"{scheme}://{host}:{names.port}/"
    error = names.failure(url, client_that_lists_the_host_of(url))
    assert error.reason in (Reason.ADDRESS, Reason.URL)
    assert names.receiver.connections == 0


@pytest.mark.parametrize("host", HOSTS)
def test_by_the_usual_settings_neither(names: Station, host: str) -> None:
    assert names.failure(f"https://{host}/", names.strict).reason in (Reason.ADDRESS, Reason.URL)


def client_that_lists_the_host_of(url: str) -> SafeClient:
    """Scheme, port and host are as they should be, so that only the address can be what is wrong."""
    try:
        host = targets.read(url).host
    except WebhookError:
        host = "none.test"
    return courier(Settings(export_webhook_allowed_hosts=(host,), export_webhook_allow_http=True))


def test_the_receiver_could_have_been_reached(station: Station) -> None:
    """Otherwise the tests above would prove nothing."""
    for host in ("127.0.0.1", "hook.test"):
        assert station.client.deliver(station.delivery(station.url(host=host))).status == 200
    assert station.receiver.connections == 2


@pytest.mark.parametrize("more", ["127.0.0.1", "10.0.0.1", "::1", "fe80::1%lo", "64:ff9b::7f00:1", "169.254.169.254"])
@pytest.mark.parametrize("first", [True, False])
def test_one_address_that_is_not_public_spoils_all(station: Station, more: str, first: bool) -> None:
    station.names["hook.test"] = [[more, PUBLIC] if first else [PUBLIC, more]]
    error = station.failure("https://hook.test/", station.strict)
    assert (error.reason, error.permanent) == (Reason.ADDRESS, False)
    assert station.receiver.connections == 0


class Wires:
    """Notes to which places connections are opened, and leads those to the public address to the receiver instead."""

    def __init__(self, patch: pytest.MonkeyPatch, lead_to: tuple[str, int] | None = None) -> None:
        self.opened: list[Any] = []
        reach = socket.socket.connect

        def connect(line: socket.socket, place: Any) -> None:
            self.opened.append(place)
            if lead_to is None:
                raise ConnectionRefusedError("nobody is there")
            reach(line, lead_to)

        patch.setattr(socket.socket, "connect", connect)


def test_a_name_that_changes_its_mind_is_asked_once(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: public when it is examined, private when it is called."""
    station.names["hook.test"] = [[PUBLIC], ["127.0.0.1"]]
    wires = Wires(monkeypatch)
    assert station.failure("https://hook.test/", station.strict).reason is Reason.UNREACHABLE
    assert wires.opened == [(PUBLIC, 443)]
    assert station.asked == ["hook.test"]
    assert station.failure("https://hook.test/", station.strict).reason is Reason.ADDRESS
    assert wires.opened == [(PUBLIC, 443)]
    assert station.receiver.connections == 0


def test_who_turns_out_to_be_at_the_other_end_is_looked_at(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    station.names["hook.test"] = [[PUBLIC]]
    wires = Wires(monkeypatch, lead_to=("127.0.0.1", station.port))
    assert station.failure("https://hook.test/", station.strict).reason is Reason.ADDRESS
    assert wires.opened == [(PUBLIC, 443)]
    assert station.receiver.requests == []


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"])
def test_no_proxy_of_the_environment_is_used(station: Station, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, f"http://127.0.0.1:{station.port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    station.names["hook.test"] = [[PUBLIC]]
    wires = Wires(monkeypatch)
    station.failure("https://hook.test/", courier(Settings()))
    assert wires.opened == [(PUBLIC, 443)]
    assert station.receiver.connections == 0


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirection_is_told_and_not_followed(station: Station, status: int) -> None:
    station.names["other.test"] = [["127.0.0.1"]]
    station.receiver.answer(status, Location=station.url("/T0K3N", host="other.test"))
    error = station.failure()
    assert (error.reason, error.permanent) == (Reason.REDIRECT, False)
    assert error.answer is not None
    assert error.answer.status == status
    assert len(station.receiver.requests) == station.receiver.connections == 1
    assert "T0K3N" not in str(error)


def test_a_dead_address_does_not_hide_a_living_one(station: Station) -> None:
    station.names["hook.test"] = [["127.0.0.3", "127.0.0.1"]]
    assert station.client.deliver(station.delivery()).status == 200


def test_only_a_few_of_many_addresses_are_tried(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    station.names["hook.test"] = [[f"93.184.216.{last}" for last in range(1, 30)]]
    wires = Wires(monkeypatch)
    assert station.failure("https://hook.test/", station.strict).reason is Reason.UNREACHABLE
    assert len(wires.opened) == MOST_TRIED
