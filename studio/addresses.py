"""Addresses that somebody typed and this machine is to send requests to: which hosts are allowed, and which never."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from fnmatch import fnmatch

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def matches(host: str, patterns: Sequence[str]) -> bool:
    """`*` stands for any part."""
    return any(fnmatch(host.lower(), one.lower()) for one in patterns)


def forbidden(host: str) -> Address | None:
    """Where `host` leads now, if nothing of ours has any business there (cloud metadata, multicast); else None."""
    return next((a for a in _addresses(host) if a.is_link_local or a.is_multicast or a.is_unspecified), None)


def _addresses(host: str) -> list[Address]:
    """None where the name leads nowhere, which asking there will say."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    plain = [ipaddress.ip_address(str(one[4][0]).split("%")[0]) for one in found]
    return [getattr(one, "ipv4_mapped", None) or one for one in plain]
