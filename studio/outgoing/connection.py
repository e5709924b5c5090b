"""Makes TCP connections to checked addresses; each name is resolved only once."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Sequence

from django.utils.translation import gettext

from studio.outgoing.addresses import Address
from studio.outgoing.budget import Budget
from studio.outgoing.errors import Unreachable
from studio.outgoing.policy import Policy, Resolve

# For each address of a name; local networks answer in milliseconds, distant ones within 1 s.
CONNECT_SECONDS = 10.0


def connect(
    policy: Policy, host: str, port: int, budget: Budget, resolve: Resolve | None = None
) -> socket.socket:
    """Return a connected socket.

    Raises Denied before any connection, else Unreachable or TooSlow.
    """
    last: OSError | None = None
    for address in find_addresses(policy, host, port, budget, resolve):
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(budget.seconds(CONNECT_SECONDS))
            connection.connect((str(address), port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
        except OSError as error:
            connection.close()
            last = error
    raise Unreachable(host, gettext("{host} cannot be reached.").format(host=host)) from last


def find_addresses(
    policy: Policy, host: str, port: int, budget: Budget, resolve: Resolve | None = None
) -> list[Address]:
    """Return the host's allowed addresses. Raises Denied, Unreachable or TooSlow."""
    policy.check_host(host)
    addresses = (resolve or resolve_name)(host, port, budget.seconds(CONNECT_SECONDS))
    if not addresses:
        unknown = socket.gaierror(socket.EAI_NONAME, "unknown host")
        raise Unreachable(
            host, gettext("There is no host named {host}.").format(host=host)
        ) from unknown
    return policy.check_addresses(host, addresses)


def resolve_name(host: str, port: int, seconds: float) -> list[Address]:
    """Return the addresses of a name; none if it is unknown or resolving takes over `seconds`.

    Runs in a thread, because `getaddrinfo` has no timeout and the owner of a name controls its name
    server.
    """
    answers: queue.SimpleQueue[Sequence[Address]] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_look_up(host, port)), daemon=True).start()
    try:
        return list(answers.get(timeout=seconds))
    except queue.Empty:
        return []


def _look_up(host: str, port: int) -> list[Address]:
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, OverflowError, ValueError):
        return []
    texts = [str(entry[4][0]).partition("%")[0] for entry in entries]
    return [ipaddress.ip_address(text) for text in dict.fromkeys(texts)]
