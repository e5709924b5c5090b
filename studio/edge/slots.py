"""Limits the open sockets and event streams per person and in total, for one process."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Hashable
from functools import cache

from django.conf import settings


class Slots:
    def __init__(self, most: int, most_each: int) -> None:
        self.most = most
        self.most_each = most_each
        self._taken: Counter[Hashable] = Counter()
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        return self._taken.total()

    def take(self, who: Hashable) -> str:
        """Take a slot; return "" or the reason there is none. Give back each taken slot once."""
        with self._lock:
            if self._taken[who] >= self.most_each:
                return f"You have {self.most_each} live pages open, the limit (PERSON_STREAMS); close one."
            if self.taken >= self.most:
                return f"{self.most} live pages are open, the limit (STREAMS); try again later."
            self._taken[who] += 1
        return ""

    def give_back(self, who: Hashable) -> None:
        with self._lock:
            self._taken[who] -= 1
            self._taken += Counter()  # removes people without slots


@cache
def streams() -> Slots:
    """Return the slots of this process's WebSockets and event streams."""
    return Slots(settings.STREAMS, settings.PERSON_STREAMS)
