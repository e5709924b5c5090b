"""Classifies IP addresses by kind of network. No DNS."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Literal

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Kind = Literal[
    "cloud metadata",
    "unspecified",
    "multicast",
    "link-local",
    "loopback",
    "shared",
    "private",
    "reserved",
]

# Instance metadata: AWS, GCP, Azure, DigitalOcean and others; ECS and EKS; Alibaba; Azure's wire
# server; Oracle (two); Google's, Scaleway's and Akamai's over IPv6.
METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:c1::a9fe:a9fe",
        "fd20:ce::254",
        "fd00:42::42",
        "fd00:a9fe:a9fe::1",
    )
)
THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")
SHARED = ipaddress.ip_network("100.64.0.0/10")  # carrier-grade NAT (RFC 6598)
PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10")
)
# Not public, which Python's `is_global` learns with its releases: documentation (RFC 9637), segment
# routing inside one network (RFC 9602), relays of 6to4 (withdrawn by RFC 7526).
NEWLY_RESERVED = tuple(
    ipaddress.ip_network(text) for text in ("3fff::/20", "5f00::/16", "192.88.99.0/24")
)
# Prefixes whose last 32 bits are an IPv4 address: NAT64 (RFC 6052, RFC 8215), IPv4-compatible
# (RFC 4291) and IPv4-translated (RFC 2765).
IPV4_AT_THE_END = tuple(
    ipaddress.IPv6Network(text)
    for text in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96")
)
# Translation inside one network (RFC 8215). Where the IPv4 address lies in it is that network's
# choice (RFC 6052 has six places), so none of it is opened with private addresses.
LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
ISATAP = (0x00005EFE, 0x02005EFE)  # the upper half of an interface identifier (RFC 5214)


def unmap(address: Address) -> Address:
    """Return the IPv4 address inside an IPv4-mapped one; other addresses unchanged."""
    return getattr(address, "ipv4_mapped", None) or address


def kind_of(address: Address) -> Kind | None:
    """Return the kind of a non-public address; None for a public one."""
    address = unmap(address)
    inner_kinds = [kind_of(inner) for inner in _embedded(address)]
    if "cloud metadata" in inner_kinds:  # closed however private the address around it is
        return "cloud metadata"
    return _own_kind(address) or next(filter(None, inner_kinds), None)


def _own_kind(address: Address) -> Kind | None:
    if address in METADATA:
        return "cloud metadata"
    if address.is_unspecified or _contains(THIS_NETWORK, address):
        return "unspecified"
    if address.is_multicast:
        return "multicast"
    if address.is_link_local:
        return "link-local"
    if address.is_loopback:
        return "loopback"
    if _contains(SHARED, address):
        return "shared"
    if any(_contains(network, address) for network in PRIVATE):
        return "private"
    if any(_contains(network, address) for network in (LOCAL_NAT64, *NEWLY_RESERVED)):
        return "reserved"
    if any(True for _ in _embedded(address)):
        return None  # the embedded address decides
    return None if address.is_global else "reserved"


def _embedded(address: Address) -> Iterator[ipaddress.IPv4Address]:
    """Yield the IPv4 addresses to which packets for this IPv6 address may be forwarded."""
    if isinstance(address, ipaddress.IPv4Address) or address.is_loopback or address.is_unspecified:
        return
    last = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if any(address in network for network in IPV4_AT_THE_END):
        yield last
    if (int(address) >> 32) & 0xFFFFFFFF in ISATAP:
        yield last


def _contains(network: Network, address: Address) -> bool:
    return address.version == network.version and address in network
