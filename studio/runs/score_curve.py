"""The likeness of a family's versions as a curve, and in words: what was kept and what was worse.
Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studio.runs.version_numbers import Version

WIDTH, HEIGHT, EDGE = 320, 96, 14
LEAST_SPAN = 0.04  # of likeness; otherwise a thousandth would look like a cliff


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    version: Version


@dataclass(frozen=True, slots=True)
class Curve:
    points: tuple[Point, ...]
    lowest: float
    highest: float

    @property
    def line(self) -> str:
        """Through what was kept, for a polyline."""
        return " ".join(
            f"{point.x:.1f},{point.y:.1f}"
            for point in self.points
            if point.version.attempt.accepted
        )


def draw_score_curve(found: Sequence[Version]) -> Curve | None:
    """None where there is nothing to compare."""
    judged = [version for version in found if version.attempt.likeness is not None]
    if len(judged) < 2:
        return None
    values = [version.attempt.likeness or 0.0 for version in judged]
    low, high = min(values), max(values)
    if high - low < LEAST_SPAN:
        low, high = max(0.0, high - LEAST_SPAN), high
    step = (WIDTH - 2 * EDGE) / (len(judged) - 1)
    points = tuple(
        Point(EDGE + i * step, EDGE + (HEIGHT - 2 * EDGE) * (high - value) / (high - low), version)
        for i, (value, version) in enumerate(zip(values, judged, strict=True))
    )
    return Curve(points, min(values), max(values))


def describe_versions(found: Sequence[Version]) -> str:
    """'v2 was kept; v3 was worse.' of one run's versions."""
    kept = next((version for version in reversed(found) if version.attempt.accepted), None)
    if kept is None or len(found) < 2:
        return ""
    dropped = [version for version in found if not version.attempt.accepted]
    worse = [v for v in dropped if (v.attempt.likeness or 0) < (kept.attempt.likeness or 0)]
    alike = [v for v in dropped if v not in worse]
    groups = (([kept], "kept"), (worse, "worse"), (alike, "no better"))
    return "; ".join(f"{_join_names(some)} {words}" for some, words in groups if some) + "."


def _join_names(found: Sequence[Version]) -> str:
    names = [f"v{version.number}" for version in found]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{joined} {'was' if len(names) == 1 else 'were'}"
