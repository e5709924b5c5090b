"""The order of the queue: teams take turns, so many runs or jobs of one team do not delay the others.

No I/O.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run or a job that waits; `id` is its own."""

    id: uuid.UUID
    team: int


def order_fairly(
    waiting: Iterable[Waiting], running: Mapping[int, int], started: Mapping[int, float]
) -> list[Waiting]:
    """Return `waiting` (oldest first) in service order.

    `running` counts what each team has under way; `started`: when (seconds) a team was served last.

    A team's n-th entry comes after every other team's (n-1)-th. Within a rank the team that was
    served longest ago goes first: with one worker nothing is under way whenever it asks, and by age
    alone a team's whole pile would go before a latecomer.
    """
    served = Counter(running)
    ranked: list[tuple[int, float, int, Waiting]] = []
    for age, entry in enumerate(waiting):
        ranked.append((served[entry.team], started.get(entry.team, 0.0), age, entry))
        served[entry.team] += 1
    return [entry for *_, entry in sorted(ranked, key=lambda row: row[:3])]


def may_start(order: Iterable[Waiting], running: Mapping[int, int], most: int) -> list[Waiting]:
    """Return the entries whose team has fewer than `most` active runs."""
    return [one for one in order if running.get(one.team, 0) < most]
