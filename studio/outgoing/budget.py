"""What one exchange may take in all: seconds from its beginning, and bytes received."""

from __future__ import annotations

import time

from studio.outgoing.errors import TooLarge, TooSlow


class Budget:
    """`seconds` and `most` of None: no limit of this kind. The clock starts with the object."""

    def __init__(self, host: str, *, seconds: float | None = None, most: int | None = None) -> None:
        self.host = host
        self._allowed = seconds
        self._most = most
        self._received = 0
        self._ends = None if seconds is None else time.monotonic() + seconds

    def seconds(self, wanted: float | None) -> float:
        """Return the seconds that the next step may take: `wanted`, or what is left. Raises
        TooSlow.
        """
        patience = 3600.0 if wanted is None else wanted
        if self._ends is None:
            return patience
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TooSlow(
                self.host, f"{self.host} took longer than the {self._allowed:g} seconds allowed."
            )
        return min(patience, left)

    def receive(self, count: int) -> None:
        """Count received bytes. Raises TooLarge."""
        self._received += count
        if self._most is not None and self._received > self._most:
            size = f"{self._most / 1e6:,.3g} MB"
            raise TooLarge(self.host, f"{self.host} sent more than the {size} allowed.")
