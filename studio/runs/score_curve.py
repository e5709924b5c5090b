"""The likeness of a family's versions as a curve and as a sentence. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from studio.runs.version_numbers import Version

WIDTH, HEIGHT, EDGE = 320, 96, 14
LEAST_SPAN = 0.04  # of likeness; on a finer scale tiny differences would look large


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
        """Return the accepted points as the points of an SVG polyline."""
        return " ".join(
            f"{point.x:.1f},{point.y:.1f}"
            for point in self.points
            if point.version.attempt.accepted
        )


def draw_score_curve(versions: Sequence[Version]) -> Curve | None:
    """Return the curve; None with fewer than two scored versions."""
    judged = [version for version in versions if version.attempt.likeness is not None]
    if len(judged) < 2:
        return None
    values = [version.attempt.likeness or 0.0 for version in judged]
    high = max(values)
    low = min(values)
    if high - low < LEAST_SPAN:
        low = max(0.0, high - LEAST_SPAN)
    step = (WIDTH - 2 * EDGE) / (len(judged) - 1)
    points = tuple(
        Point(EDGE + i * step, EDGE + (HEIGHT - 2 * EDGE) * (high - value) / (high - low), version)
        for i, (value, version) in enumerate(zip(values, judged, strict=True))
    )
    return Curve(points, min(values), max(values))


def describe_versions(versions: Sequence[Version]) -> str:
    """Describe one run's versions, for example "v2 was kept; v3 was worse"."""
    kept = next((version for version in reversed(versions) if version.attempt.accepted), None)
    if kept is None or len(versions) < 2:
        return ""
    dropped = [version for version in versions if not version.attempt.accepted]
    worse = [v for v in dropped if (v.attempt.likeness or 0) < (kept.attempt.likeness or 0)]
    alike = [v for v in dropped if v not in worse]
    sentences = [gettext("{versions} was kept").format(versions=_join_names([kept]))]
    if worse:
        words = ngettext("{versions} was worse", "{versions} were worse", len(worse))
        sentences.append(words.format(versions=_join_names(worse)))
    if alike:
        words = ngettext("{versions} was no better", "{versions} were no better", len(alike))
        sentences.append(words.format(versions=_join_names(alike)))
    return gettext("{sentences}.").format(sentences=gettext("; ").join(sentences))


def _join_names(versions: Sequence[Version]) -> str:
    names = [f"v{version.number}" for version in versions]
    if len(names) == 1:
        return names[0]
    return gettext("{names} and {last}").format(
        names=gettext(", ").join(names[:-1]), last=names[-1]
    )
