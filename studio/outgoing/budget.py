"""The budget of one exchange: seconds since its start, and received bytes."""

from __future__ import annotations

import time

from django.utils.translation import gettext

from studio.outgoing.errors import TooLarge, TooSlow

LONGEST_STEP = 3600.0  # seconds, for steps without a timeout of their own


class Budget:
    """A limit for `seconds` and `most` bytes; None: no limit. The clock starts with the object."""

    def __init__(self, host: str, *, seconds: float | None = None, most: int | None = None) -> None:
        self.host = host
        self._allowed = seconds
        self._most = most
        self._received = 0
        self._ends = None if seconds is None else time.monotonic() + seconds

    def seconds(self, timeout: float | None) -> float:
        """Return how long the next step may take, at most `wanted`. Raises TooSlow."""
        patience = LONGEST_STEP if timeout is None else timeout
        if self._ends is None:
            return patience
        remaining = self._ends - time.monotonic()
        if remaining <= 0:
            raise TooSlow(
                self.host,
                gettext("{host} took longer than the {allowed:g} seconds allowed.").format(
                    host=self.host, allowed=self._allowed
                ),
            )
        return min(patience, remaining)

    def receive(self, count: int) -> None:
        """Count received bytes. Raises TooLarge."""
        self._received += count
        if self._most is not None and self._received > self._most:
            size = f"{self._most / 1e6:,.3g} MB"
            raise TooLarge(
                self.host,
                gettext("{host} sent more than the {size} allowed.").format(
                    host=self.host, size=size
                ),
            )
