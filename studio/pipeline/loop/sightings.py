"""What a mockup was seen to hold, for people who watch a run: short, bounded, ready for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.pipeline.perception.hints import Box, Hints, TextLine


@dataclass(frozen=True, slots=True)
class Thresholds:
    most_items: int = 300  # of each kind; a dense dashboard has about 200 texts
    most_letters: int = 80  # of one text; what is drawn of it is as wide as its box anyway
    heading_part: float = 0.6  # of the page's height from its top, where its heading is sought
    brand_bottom: float = 96.0  # px; site headers of the twelve dev pages end above 90
    longest_brand: int = 24  # letters
    longest_title: int = 70  # letters: one line of the library's cards
    line_gap: float = 1.7  # line heights between two lines of one heading
    same_size: float = 0.12  # share by which sizes of one heading's lines differ as they are read


LIMITS = Thresholds()


def describe_hints(hints: Hints) -> dict[str, Any]:
    """Return the recognized texts, boxes and pictures of a mockup, in reading order."""
    most = LIMITS.most_items
    texts = sorted(hints.texts, key=lambda line: (round(line.box.y), line.box.x))
    return {
        "width": hints.width,
        "height": hints.height,
        "scale": hints.scale,
        "reason": hints.scale_reason,
        "background": hints.background,
        "title": find_page_title(hints),
        "texts": [_describe_text(line) for line in texts[:most]],
        "rects": [
            [*_round_box(rect.box), rect.fill or "", rect.radius] for rect in hints.rects[:most]
        ],
        "pictures": [_round_box(picture.box) for picture in hints.pictures[:most]],
    }


def find_page_title(hints: Hints) -> str:
    """Return the page's heading and its brand ("Sign in – Northwind"); "" without any text."""
    lines = [line for line in hints.texts if sum(map(str.isalpha, line.text)) >= 2]
    high = [line for line in lines if line.box.y < hints.height * LIMITS.heading_part]
    if not high:
        return ""
    heading = _read_heading(high)
    brand = _find_brand(high, heading)
    title = f"{heading} – {brand}" if brand else heading
    return _shorten(title)


def _read_heading(lines: list[TextLine]) -> str:
    """Return the text of the largest line and of those that continue it below."""
    first = max(lines, key=lambda line: (line.size, -line.box.y))
    words, last = [first.text.strip()], first
    for line in sorted(lines, key=lambda line: line.box.y):
        below = 0 < line.box.y - last.box.y < first.size * LIMITS.line_gap
        alike = abs(line.size - first.size) <= first.size * LIMITS.same_size
        overlaps = line.box.x < last.box.right and line.box.right > last.box.x
        if below and alike and overlaps:
            words.append(line.text.strip())
            last = line
    return " ".join(words)


def _find_brand(lines: list[TextLine], heading: str) -> str:
    """Return the first short text of the page's header; "" where it has none or is the heading."""
    header = [line for line in lines if line.box.bottom < LIMITS.brand_bottom]
    first = min(header, key=lambda line: line.box.x, default=None)
    if first is None or len(first.text) > LIMITS.longest_brand:
        return ""
    brand = first.text.strip()
    return "" if brand.casefold() in heading.casefold() else brand


def _shorten(title: str) -> str:
    if len(title) <= LIMITS.longest_title:
        return title
    return title[: LIMITS.longest_title].rsplit(" ", 1)[0] + " …"


def _describe_text(line: TextLine) -> list[Any]:
    text = line.text[: LIMITS.most_letters]
    return [*_round_box(line.box), text, round(line.size, 1), line.color, line.weight]


def _round_box(box: Box) -> list[float]:
    return [round(side, 1) for side in (box.x, box.y, box.width, box.height)]
