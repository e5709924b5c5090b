"""Who is next: teams take turns, so one that sends a hundred runs does not make another wait for
them. Pure.
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
    """`waiting` (oldest first) in the order of service; `running`: how many runs each team has
    under way.

    A team's n-th run stands in the row behind every other team's (n-1)-th; within a row the older
    goes first.
    """
    served = Counter(running)
    rows: list[tuple[int, int, Waiting]] = []
    for age, one in enumerate(waiting):
        rows.append((served[one.team], age, one))
        served[one.team] += 1
    return [one for _, _, one in sorted(rows, key=lambda row: row[:2])]


def may_start(order: Iterable[Waiting], running: Mapping[int, int], most: int) -> list[Waiting]:
    """Those whose team has fewer than `most` runs under way."""
    return [one for one in order if running.get(one.team, 0) < most]
