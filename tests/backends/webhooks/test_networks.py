"""Addresses: which are somebody else's, and that no spelling hides one that is not."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as some

from doorstep.backends.webhooks import networks, targets
from doorstep.backends.webhooks.interface import Reason, WebhookError
from doorstep.core.settings import Settings

REFUSED = networks.NEVER + networks.PRIVATE
PUBLIC = [
    "93.184.216.34",
    "1.1.1.1",
    "172.15.255.255",
    "172.32.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "223.255.255.255",
]
PUBLIC += ["11.0.0.0", "2606:4700:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "3ffd:ffff::1"]
WIDE = {digit: digit + 0xFEE0 for digit in b"0123456789"}


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_may_be_called(text: str) -> None:
    assert networks.may_be_called(ip_address(text))


@pytest.mark.parametrize("network", REFUSED, ids=str)
def test_the_first_and_the_last_of_a_refused_network_are_refused(network: networks.Network) -> None:
    assert not networks.may_be_called(network[0])
    assert not networks.may_be_called(network[-1])


@pytest.mark.parametrize(
    "text",
    [
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:93.184.216.34", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1", "100::1", "2001::1", "2001:2::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "3fff::1",
        "5f00::1", "fc00::1", "fd12::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
        "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "168.63.129.16",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1",
        "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_a_known_trap_is_refused(text: str) -> None:
    assert not networks.may_be_called(ip_address(text))


@pytest.mark.parametrize("text", ["127.0.0.1", "10.0.0.7", "192.168.1.9", "::1", "fd12::1", "100.64.0.1"])
def test_neighbours_may_be_opened(text: str) -> None:
    assert networks.may_be_called(ip_address(text), private=True)


@pytest.mark.parametrize("network", networks.NEVER, ids=str)
def test_what_is_never_called_stays_so_when_neighbours_are_opened(network: networks.Network) -> None:
    address = network[-1]
    assert not networks.may_be_called(address, private=True) or any(address in one for one in networks.PRIVATE)


@pytest.mark.parametrize("text", ["169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254", "0.0.0.0"])
def test_a_cloud_s_secrets_stay_closed_when_neighbours_are_opened(text: str) -> None:
    assert not networks.may_be_called(ip_address(text), private=True)


@given(some.ip_addresses())
def test_what_python_does_not_call_global_is_refused(address: networks.Address) -> None:
    assert address.is_global or not networks.may_be_called(address)


def inside(network: networks.Network) -> some.SearchStrategy[networks.Address]:
    last = network.num_addresses - 1
    return some.one_of(some.just(0), some.just(last), some.integers(0, last)).map(lambda place: network[place])


def spellings(address: networks.Address) -> list[str]:
    """Returns hosts of URLs that libraries take for this address, and those that carry it within another."""
    if isinstance(address, IPv6Address):
        return [f"[{address.compressed}]", f"[{address.exploded}]", f"[{address.exploded.upper()}]"]
    number, (a, b, c, d) = int(address), address.packed
    return [
        f"{a}.{b}.{c}.{d}", f"{a}.{b}.{c}.{d}.", f"{a}.{b}.{c * 256 + d}", f"{a}.{number & 0xFFFFFF}", f"{number}",
        f"{number:#x}", f"{number:#X}", f"0{number:o}", f"{a:#x}.{b:#x}.{c:#x}.{d:#x}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a:03}.{b:03}.{c:03}.{d:03}", f"{a:#x}.{b}.{c}.0{d:o}", f"{a}.{b}.{c}.{d}".translate(WIDE),
        f"[::ffff:{address}]", f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]", f"[::{address}]",
        f"[::ffff:0:{address}]", f"[64:ff9b::{address}]", f"[64:ff9b:1::{address}]",
        f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]",
        f"[2001:0:5db8:d822:0:0:{~number >> 16 & 0xFFFF:x}:{~number & 0xFFFF:x}]",
    ]  # fmt: skip


@given(some.sampled_from(REFUSED).flatmap(inside), some.data())
def test_a_refused_address_is_refused_however_it_is_spelled(address: networks.Address, data: some.DataObject) -> None:
    url = f"http://{data.draw(some.sampled_from(spellings(address)))}/hooks"
    with pytest.raises(WebhookError) as caught:
        rules_that_list_the_host_of(url).target(url)
    assert caught.value.permanent
    assert caught.value.reason is Reason.ADDRESS or "numbers" in str(caught.value)


def rules_that_list_the_host_of(url: str) -> targets.Rules:
    """Scheme, port and host are as they should be, so that only the address can be what is wrong."""
    host = targets.read(url).host
    return targets.Rules(Settings(export_webhook_allowed_hosts=(host,), export_webhook_allow_http=True))


@given(some.sampled_from([one for one in REFUSED if one.version == 4]).flatmap(inside))
def test_an_address_of_ipv4_is_refused_within_one_of_ipv6(address: IPv4Address) -> None:
    for prefix in ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96"):
        assert not networks.may_be_called(IPv6Network(prefix)[int(address)])
