"""How large the load is, and who takes part in it. Knows no Django."""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = 10  # of each team; each has several pages open, as people do


@dataclass(frozen=True)
class Plan:
    """`rate`: events a second of each live run; `seconds`: how long they write."""

    viewers: int = 1_000
    live: int = 20
    teams: int = 10
    queued: int = 100
    rate: float = 2.0
    seconds: float = 60.0
    slow_share: float = 0.05  # of the viewers, who read one message every two seconds
    drops_a_second: float = 0.01  # of the viewers, who lose their connection and come back


@dataclass(frozen=True, slots=True)
class World:
    """What was made in the studio: `sessions` of people, as cookies; runs that are written live,
    and that wait.
    """

    sessions: dict[str, list[str]]  # by the team's name
    live: dict[str, list[str]]
    queued: dict[str, list[str]]
