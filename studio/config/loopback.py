"""Names of this machine itself, as hosts in URLs and as Host headers write them."""

from __future__ import annotations

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
