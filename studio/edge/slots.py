"""Counts what is open (sockets, event streams): so many of one person, so many in all. One count a
process.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Hashable
from functools import cache

from django.conf import settings


class Slots:
    def __init__(self, most: int, most_each: int) -> None:
        self.most, self.most_each = most, most_each
        self._taken: Counter[Hashable] = Counter()
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        return self._taken.total()

    def take(self, who: Hashable) -> str:
        """'' when there was room; else why there is none, in one sentence. Each that is taken is
        given back once.
        """
        with self._lock:
            if self._taken[who] >= self.most_each:
                return f"You have {self.most_each} live pages open, as many as PERSON_STREAMS allows; close one."
            if self.taken >= self.most:
                return f"{self.most} live pages are open, as many as STREAMS allows; try again in a while."
            self._taken[who] += 1
        return ""

    def give_back(self, who: Hashable) -> None:
        with self._lock:
            self._taken[who] -= 1
            self._taken += Counter()  # drops who has none


@cache
def streams() -> Slots:
    """This process's WebSockets and server-sent event streams."""
    return Slots(settings.STREAMS, settings.PERSON_STREAMS)
