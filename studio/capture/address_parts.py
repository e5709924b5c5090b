"""What makes an address unfit, without Django: the command `likeness` checks its addresses too."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

Problem = Literal["malformed", "credentials", "port"]

LONGEST_HOST = 253  # characters of a name in the DNS (RFC 1035)
# Also what breaks or turns around the line of a log or page that names the address.
_UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\x9f\\<>\"`{}|^\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
# Browsers do not connect to these (https://fetch.spec.whatwg.org/#bad-port; 6379 is Redis's): a
# server of another protocol could take the request for commands. Our browser cannot check them,
# because it opens no connection.
_PORTS_OF_OTHERS = (
    "0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 "
    "113 115 117 119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 "
    "554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6379 "
    "6566 6665 6666 6667 6668 6669 6679 6697 10080"
)
PORTS_OF_OTHERS = frozenset(int(port) for port in _PORTS_OF_OTHERS.split())


def has_web_scheme(text: str) -> bool:
    """Return True for what begins as the address of a web page, however it goes on."""
    return text[:8].lower().startswith(("http://", "https://"))


def find_problem(address: str) -> Problem | None:
    """Return why an address of http or https cannot be used; None for one that can.

    'port': it belongs to another protocol.
    """
    if _UNSAFE.search(address):
        return "malformed"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "malformed"
    if not 0 < len(host) <= LONGEST_HOST or port == 0:
        return "malformed"
    if parts.username is not None or parts.password is not None:
        return "credentials"
    return "port" if port in PORTS_OF_OTHERS else None
