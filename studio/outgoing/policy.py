"""Which hosts and addresses a connection may go to, as the operator's settings say."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from studio.outgoing.addresses import Address, Kind, Network, kind_of, unmap
from studio.outgoing.errors import Denied

# What OUTGOING_PRIVATE opens: machines that the operator's own network reaches.
OPENED: tuple[Kind, ...] = ("loopback", "private", "shared")
# What only an entry for that very address opens: a listed network is often wider than meant.
GUARDED: tuple[Kind, ...] = ("cloud metadata", "link-local")
NEVER: tuple[Kind, ...] = ("unspecified", "multicast")

Resolve = Callable[[str, int, float], Sequence[Address]]


@dataclass(frozen=True, slots=True)
class Policy:
    """`hosts`: patterns of the hosts that may be asked, from the setting `setting`.

    `private`: loopback, private and shared addresses too. `allow`: addresses, networks and host
    patterns that are opened one by one (OUTGOING_ALLOW).
    """

    hosts: tuple[str, ...] = ("*",)
    setting: str = ""
    private: bool = False
    allow: tuple[str, ...] = ()

    def check_host(self, host: str) -> None:
        """Raise Denied for a host that the operator's list leaves out."""
        if not matches(host, self.hosts):
            raise Denied(
                host,
                f"This studio does not connect to {host}: {self.setting} lists the hosts it connects to.",
            )

    def check_addresses(self, host: str, addresses: Sequence[Address]) -> list[Address]:
        """Return the addresses to try, in their order; raise Denied when any of them is not
        allowed.

        One that is not allowed is enough: a name that leads both outside and inside is not to be
        trusted.
        """
        for address in addresses:
            kind = self.denied_kind(host, address)
            if kind is not None:
                raise Denied(host, _refusal(host, kind))
        return [unmap(address) for address in addresses]

    def denied_kind(self, host: str, address: Address) -> Kind | None:
        """Return the kind of address that is not allowed here, None when it is allowed."""
        address = unmap(address)
        kind = kind_of(address)
        if kind is None or self._is_opened(host, address, kind):
            return None
        return kind

    def _is_opened(self, host: str, address: Address, kind: Kind) -> bool:
        if kind in NEVER:
            return False
        networks = [network for network in map(_network, self.allow) if network is not None]
        holding = [one for one in networks if one.version == address.version and address in one]
        if kind in GUARDED:
            return any(network.num_addresses == 1 for network in holding)
        if holding or (self.private and kind in OPENED):
            return True
        names = [text for text in self.allow if _network(text) is None]
        return matches(host, names)


def matches(host: str, patterns: Sequence[str]) -> bool:
    """Say whether the host fits one of the patterns; `*` stands for any part."""
    name = host.lower().rstrip(".")
    return any(fnmatch(name, pattern.lower()) for pattern in patterns)


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _refusal(host: str, kind: Kind) -> str:
    leads = f"{host} leads to {_article(kind)} {kind} address"
    if kind in NEVER:
        return f"{leads}, where no server can be: give another address."
    if kind in GUARDED:
        return f"{leads}, which this studio does not connect to: give another address."
    return (
        f"{leads}, which this studio connects to only where its operator allows it "
        "(OUTGOING_PRIVATE, OUTGOING_ALLOW): give a public address."
    )


def _article(kind: str) -> str:
    return "an" if kind[0] in "aeiou" else "a"
