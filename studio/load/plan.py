"""The size of the load test and its participants. No Django."""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = 10  # per team; each has several pages open


@dataclass(frozen=True)
class Plan:
    """The size of a load test.

    `rate`: events per second of each live run; `seconds`: how long they are written.
    """

    viewers: int = 1_000
    live: int = 20
    teams: int = 10
    queued: int = 100
    rate: float = 2.0
    seconds: float = 60.0
    slow_share: float = 0.05  # of the viewers; they read one message every two seconds
    drops_a_second: float = 0.01  # share of the viewers that lose their connection and reconnect


@dataclass(frozen=True, slots=True)
class World:
    """The participants: sessions of people, live runs and queued runs."""

    sessions: dict[str, list[str]]  # by team name
    live: dict[str, list[str]]
    queued: dict[str, list[str]]
