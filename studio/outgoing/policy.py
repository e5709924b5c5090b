"""The policy that says to which hosts and addresses connections may go."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from django.utils.translation import gettext

from studio.outgoing.addresses import Address, Kind, Network, kind_of, unmap
from studio.outgoing.errors import Denied

# Opened by OUTGOING_PRIVATE: machines in the operator's own network.
OPENED: tuple[Kind, ...] = ("loopback", "private", "shared")
# Opened only by an entry for that single address: listed networks are often wider than intended.
GUARDED: tuple[Kind, ...] = ("cloud metadata", "link-local")
NEVER: tuple[Kind, ...] = ("unspecified", "multicast")

Resolve = Callable[[str, int, float], Sequence[Address]]


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules for hosts and addresses.

    `hosts`: patterns of allowed hosts, from the setting `setting`. `private`: also allow loopback,
    private and shared addresses. `allow`: additional addresses, networks and host patterns
    (OUTGOING_ALLOW).
    """

    hosts: tuple[str, ...] = ("*",)
    setting: str = ""
    private: bool = False
    allow: tuple[str, ...] = ()

    def check_host(self, host: str) -> None:
        """Raise Denied for a host that is not in the operator's list."""
        if not matches(host, self.hosts):
            raise Denied(
                host,
                gettext(
                    "This studio does not connect to {host}: {setting} lists the allowed hosts."
                ).format(host=host, setting=self.setting),
            )

    def check_addresses(self, host: str, addresses: Sequence[Address]) -> list[Address]:
        """Return the addresses to try, in order; raise Denied if any of them is forbidden.

        One forbidden address is enough: a name with public and private addresses cannot be trusted.
        """
        for address in addresses:
            kind = self.denied_kind(host, address)
            if kind is not None:
                raise Denied(host, _refusal(host, kind))
        return [unmap(address) for address in addresses]

    def denied_kind(self, host: str, address: Address) -> Kind | None:
        """Return the kind of a forbidden address; None for an allowed one."""
        address = unmap(address)
        kind = kind_of(address)
        if kind is None or self._is_opened(host, address, kind):
            return None
        return kind

    def _is_opened(self, host: str, address: Address, kind: Kind) -> bool:
        if kind in NEVER:
            return False
        networks = [network for network in map(_network, self.allow) if network is not None]
        same_version = [network for network in networks if network.version == address.version]
        matching = [network for network in same_version if address in network]
        if kind in GUARDED:
            return any(network.num_addresses == 1 for network in matching)
        if matching or (self.private and kind in OPENED):
            return True
        names = [text for text in self.allow if _network(text) is None]
        return matches(host, names)


def matches(host: str, patterns: Sequence[str]) -> bool:
    """Return True if the host matches one of the patterns, in which `*` matches anything."""
    name = host.lower().rstrip(".")
    return any(fnmatch(name, pattern.lower()) for pattern in patterns)


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _refusal(host: str, kind: Kind) -> str:
    finding = _describe_address(host, kind)
    if kind in NEVER:
        return gettext("{finding}, where no server can be: use another address.").format(
            finding=finding
        )
    if kind in GUARDED:
        return gettext(
            "{finding}, which this studio does not connect to: use another address."
        ).format(finding=finding)
    return gettext(
        "{finding}, which this studio connects to only if its operator allows it "
        "(OUTGOING_PRIVATE, OUTGOING_ALLOW): use a public address."
    ).format(finding=finding)


def _describe_address(host: str, kind: Kind) -> str:
    if kind[0] in "aeiou":
        return gettext("{host} has an {kind} address").format(host=host, kind=gettext(kind))
    return gettext("{host} has a {kind} address").format(host=host, kind=gettext(kind))
