"""What a render shows and what a comparison finds. Lengths are CSS pixels, colours '#rrggbb'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from studio.pipeline.perception.hints import Box, TextLine

# Likeness. An element that is missing at such a cost is one that a person misses.
MISSED = 0.002


@dataclass(frozen=True, slots=True)
class DomText:
    """One rendered line of one text node (or input value or placeholder); `box` is the union of its
    glyph rects.
    """

    text: str
    box: Box
    size: float
    weight: int
    family: str  # computed font-family
    color: str
    element: (
        str  # a CSS selector that finds the element again: 'main > section:nth-of-type(2) > h2'
    )


@dataclass(frozen=True, slots=True)
class DomBox:
    """An element that paints: a background, border, picture or control."""

    tag: str
    box: Box
    element: str
    fill: str | None
    border: str | None
    radius: float


@dataclass(frozen=True, slots=True)
class Render:
    """A full-page screenshot at one viewport width, and what the DOM says about it."""

    png: bytes
    width: int
    height: int  # of the full page
    texts: tuple[DomText, ...]
    boxes: tuple[DomBox, ...]
    overflow: float  # px the page is wider than its viewport; 0 when it fits


class RenderError(Exception):
    """The attempt could not be rendered (it hung, crashed or flooded); one sentence that says
    which.
    """


@dataclass(frozen=True, slots=True)
class Match:
    line: TextLine
    dom: DomText
    similarity: float  # of the words, 0–1


@dataclass(frozen=True, slots=True)
class Difference:
    """One located difference in words, worst first; `lost` is its share of the lost score."""

    kind: Literal[
        "missing", "extra", "moved", "resized", "recoloured", "reworded", "picture", "height"
    ]
    box: Box
    words: str  # "'Sign in' 14 px too low"
    lost: float
    element: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`likeness` in 0–1 (1 is identical) with its named parts, each in 0–1."""

    likeness: float
    parts: Mapping[str, float]
    matches: tuple[Match, ...]
    differences: tuple[Difference, ...]
    heatmap: bytes  # PNG, the mockup's size; empty where it was not asked for

    @property
    def missing_cost(self) -> float:
        """Return the likeness that the elements named as missing cost."""
        shares = sum(
            difference.lost for difference in self.differences if difference.kind == "missing"
        )
        return min(1.0, shares) * (1 - self.likeness)
