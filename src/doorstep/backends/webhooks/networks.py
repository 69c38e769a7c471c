"""Which addresses of the internet are somebody else's. Everything else is refused.

An own list, since `ipaddress.is_global` differs between versions of Python: that of 3.11 calls NAT64, 6to4 and
fec0::/10 global. Sources: IANA's special-purpose address registries for IPv4 and IPv6, and the clouds' pages about
metadata.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# This machine and its neighbours, whom a company may want to tell: EXPORT_WEBHOOK_BLOCK_PRIVATE_IPS opens these.
PRIVATE: Final[tuple[Network, ...]] = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by a carrier's customers
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
)
# Where a cloud tells a machine its secrets; nothing opens them. 169.254.169.254 lies in 169.254.0.0/16 below.
METADATA: Final[tuple[Network, ...]] = tuple(
    ip_network(text) for text in ("100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::/32", "fd20:ce::/32")
)
NEVER: Final[tuple[Network, ...]] = METADATA + tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        # Of IPv6 only 2000::/3 is given out. What lies before it can hold an address of IPv4: ::/96, ::ffff:0:0/96,
        # ::ffff:0:0:0/96, 64:ff9b::/96, 64:ff9b:1::/48. What lies behind is local or a group: fe80::/10, fec0::/10,
        # ff00::/8.
        "::/3",
        "4000::/2",
        "8000::/1",
        "2001::/23",  # protocols, among them Teredo
        "2001:db8::/32",
        "2002::/16",  # 6to4, which holds an address of IPv4
        "3ffe::/16",
        "3fff::/20",
    )
)


def may_be_called(address: Address, *, private: bool = False) -> bool:
    """Whether requests may go to an address; with `private` also to this machine and its neighbours."""
    if private and _within(address, PRIVATE):
        return not _within(address, METADATA)
    return not _within(address, NEVER) and not _within(address, PRIVATE)


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
