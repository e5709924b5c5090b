"""The order of the queue: teams take turns, so many runs of one team do not delay the others.

No I/O.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    run: uuid.UUID
    team: int


def order_fairly(waiting: Iterable[Waiting], running: Mapping[int, int]) -> list[Waiting]:
    """Return `waiting` (oldest first) in service order; `running` counts each team's active runs.

    A team's n-th run comes after every other team's (n-1)-th; within a rank the older goes first.
    """
    served = Counter(running)
    ranked: list[tuple[int, int, Waiting]] = []
    for age, entry in enumerate(waiting):
        ranked.append((served[entry.team], age, entry))
        served[entry.team] += 1
    return [entry for _, _, entry in sorted(ranked, key=lambda row: row[:2])]


def may_start(order: Iterable[Waiting], running: Mapping[int, int], most: int) -> list[Waiting]:
    """Return the entries whose team has fewer than `most` active runs."""
    return [one for one in order if running.get(one.team, 0) < most]
