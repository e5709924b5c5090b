"""What a render shows and what a comparison finds; lengths in CSS px, colors as '#rrggbb'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from studio.pipeline.perception.hints import Box, TextLine


@dataclass(frozen=True, slots=True)
class DomText:
    """One rendered line of one text node (or input value or placeholder).

    `box` is the union of its glyph rectangles.
    """

    text: str
    box: Box
    size: float
    weight: int
    family: str  # computed font-family
    color: str
    # A CSS selector that finds the element again, such as 'main > section:nth-of-type(2) > h2'.
    element: str


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
    """The attempt could not be rendered (it hung, crashed or flooded); one sentence says why."""


@dataclass(frozen=True, slots=True)
class Match:
    """A text line of the mockup and the rendered line that matches it."""

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
    heatmap: bytes  # PNG, the mockup's size; empty if not requested
