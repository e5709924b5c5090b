"""What perception finds in a mockup: plain, frozen, JSON-serialisable data. No pixels, no torch, no
Django.

Lengths are CSS pixels of the mockup (its device pixel ratio divided out), y grows downwards,
colours are '#rrggbb'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Family = Literal["sans", "serif", "mono", "display", "hand"]
GradientShape = Literal["linear", "ellipse", "circle"]


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def cx(self) -> float:
        return self.x + self.width / 2

    @property
    def cy(self) -> float:
        return self.y + self.height / 2

    @property
    def area(self) -> float:
        return self.width * self.height

    def union(self, other: Box) -> Box:
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Box(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def intersection(self, other: Box) -> float:
        """Shared area in square pixels; 0 when apart."""
        width = min(self.right, other.right) - max(self.x, other.x)
        height = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(0.0, width) * max(0.0, height)

    def iou(self, other: Box) -> float:
        shared = self.intersection(other)
        return shared / (self.area + other.area - shared) if shared else 0.0

    def contains(self, other: Box, slack: float = 1.0) -> bool:
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


def bound_boxes(boxes: Sequence[Box]) -> Box:
    """Return the box around boxes; there must be at least one."""
    bounds = boxes[0]
    for box in boxes[1:]:
        bounds = bounds.union(box)
    return bounds


@dataclass(frozen=True, slots=True)
class Chip:
    """A small surface right around a word within a line: code on grey, a highlighted word."""

    width: float
    radius: float
    fill: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text as OCR read it; `box` is snapped to its ink (glyph pixels), not to a CSS
    line box.
    """

    id: int
    box: Box
    text: str
    confidence: float  # 0–1, the recogniser's own
    size: float  # CSS font-size in px
    weight: int  # 100 to 900
    family: Family
    font: str  # the installed font that matched the ink best, e.g. 'Liberation Sans'
    color: str
    background: str  # colour right around the ink
    italic: bool = False
    underline: bool = False
    baseline: float = 0.0  # y of the baseline
    letter_spacing: float = 0.0  # px that the matched font needs to reach the measured width
    strike: bool = False  # a line runs through the letters
    chip: Chip | None = None


@dataclass(frozen=True, slots=True)
class Border:
    """A stroke on one or more sides; `sides` is a subset of 'trbl' in that order."""

    width: float
    color: str
    sides: str = "trbl"


@dataclass(frozen=True, slots=True)
class Shadow:
    dx: float
    dy: float
    blur: float
    color: str  # '#rrggbb' at full strength
    opacity: float


@dataclass(frozen=True, slots=True)
class Rect:
    """A drawn rectangle: a filled band, a card, a button, an input, or a thin rule (`width` or
    `height` ≤ 3).
    """

    id: int
    box: Box
    fill: str | None  # None: only a border, the ground shows through
    border: Border | None = None
    radius: float = 0.0
    shadow: Shadow | None = None
    gradient: tuple[str, str] | None = None  # first and last color
    gradient_angle: float = 180.0  # CSS degrees: 180 runs down, 90 to the right
    gradient_shape: GradientShape = "linear"
    gradient_center: tuple[float, float] = (50.0, 50.0)  # of a radial one, in percent of the box


@dataclass(frozen=True, slots=True)
class Picture:
    """A region to be cropped out of the mockup as an asset."""

    id: int
    box: Box
    kind: Literal["photo", "icon"]
    asset: str  # path in the bundle, e.g. 'assets/picture-3.png'
    radius: float = 0.0
    background: bool = (
        False  # text lies on top of it (a hero photo): it is a background, not an <img>
    )
    ground: str | None = None  # the even color around an icon


@dataclass(frozen=True, slots=True)
class Swatch:
    color: str
    share: float  # of the mockup's pixels, 0–1


@dataclass(frozen=True, slots=True)
class Section:
    """A horizontal slice of a tall page, cut where nothing is drawn or where the ground changes."""

    top: float
    bottom: float
    background: str


@dataclass(frozen=True, slots=True)
class Hints:
    width: int
    height: int
    scale: float  # device pixel ratio that was divided out
    background: str  # the page's ground colour
    palette: tuple[Swatch, ...]
    texts: tuple[TextLine, ...]
    rects: tuple[Rect, ...]
    pictures: tuple[Picture, ...]
    sections: tuple[Section, ...]
    scale_reason: str = ""  # why this ratio, in words
    # Picture pixels above, below, left and right of the page that were cut off.
    cut: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    notes: tuple[
        str, ...
    ] = ()  # sentences for people: what was left out, what kind of picture it is

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Hints:
        """The inverse of `to_json`; raises KeyError or TypeError on anything else."""
        return Hints(
            width=data["width"],
            height=data["height"],
            scale=data["scale"],
            background=data["background"],
            palette=tuple(Swatch(**s) for s in data["palette"]),
            texts=tuple(_text_line(t) for t in data["texts"]),
            rects=tuple(_read_rect(r) for r in data["rects"]),
            pictures=tuple(Picture(**{**p, "box": Box(**p["box"])}) for p in data["pictures"]),
            sections=tuple(Section(**s) for s in data["sections"]),
            scale_reason=data.get("scale_reason", ""),
            notes=tuple(data.get("notes", ())),
            cut=_read_cut(data.get("cut", ())),
        )


def _read_cut(data: Sequence[float]) -> tuple[float, float, float, float]:
    """Return all four sides; hints that were stored earlier know the first two."""
    above, below, left, right = (*data, 0.0, 0.0, 0.0, 0.0)[:4]
    return above, below, left, right


def _text_line(data: Mapping[str, Any]) -> TextLine:
    chip = Chip(**data["chip"]) if data.get("chip") else None
    return TextLine(**{**data, "box": Box(**data["box"]), "chip": chip})


def _read_rect(data: Mapping[str, Any]) -> Rect:
    return Rect(
        **{
            **data,
            "box": Box(**data["box"]),
            "border": Border(**data["border"]) if data["border"] else None,
            "shadow": Shadow(**data["shadow"]) if data["shadow"] else None,
            "gradient": tuple(data["gradient"]) if data["gradient"] else None,
            "gradient_center": tuple(data.get("gradient_center", (50.0, 50.0))),
        }
    )
