"""A harvested page as perception would see it: hints made from the DOM's boxes, with noise.

It also holds the elements that the hints come from. The noise is what perception was observed to make
on lossless mockups: a pixel on ink and edges, a step of size.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from studio.pipeline.perception.hints import (
    Border,
    Box,
    Family,
    Hints,
    Picture,
    Rect,
    Shadow,
    TextLine,
)

FONTS: dict[Family, str] = {
    "sans": "Liberation Sans",
    "serif": "Liberation Serif",
    "mono": "Liberation Mono",
}
SHORTEST = 3.0  # px of ink
GONE = 0.02  # share of lines and of boxes that are missed
FAINT = 10  # of 255; a fill this near to its background is often missed


@dataclass(frozen=True)
class SimulatedPage:
    """A page's hints, and the element that each line, box and picture comes from."""

    hints: Hints
    line_elements: dict[int, int]  # text line id -> element
    elements: list[dict[str, Any]]
    boxes: list[tuple[Box, int]]  # every painted box and picture, with its element
    marked: frozenset[int]  # list items with a marker


def simulate_perception(
    fact: dict[str, Any], rng: random.Random, *, noise: bool = True
) -> SimulatedPage:
    ground = _write_hex(fact["ground"])
    texts: list[TextLine] = []
    line_elements: dict[int, int] = {}
    marked = frozenset(fact["markers"])

    def jitter(amount: float) -> float:
        return rng.gauss(0, amount) if noise else 0.0

    width = fact["width"]
    first_of: set[int] = set()
    for line in fact["lines"]:
        box = Box(
            line["left"],
            line["baseline"] - line["up"],
            line["right"] - line["left"],
            line["up"] + line["down"],
        )
        if (
            box.height < SHORTEST
            or box.x < -1
            or box.right > width + 1
            or (noise and rng.random() < GONE)
        ):
            continue
        text = " ".join(line["text"].split())
        item = _find_item(line["element"], fact["elements"], marked)
        if item is not None and item not in first_of:
            first_of.add(item)
            text, box = f"• {text}", Box(box.x - 16, box.y, box.width + 16, box.height)
        number = len(texts) + 1
        texts.append(_make_text_line(number, text, box, line, ground, jitter))
        line_elements[number] = line["element"]
    rects: list[Rect] = []
    pictures: list[Picture] = []
    boxes: list[tuple[Box, int]] = []
    for found in fact["boxes"]:
        rect = _make_rectangle(len(rects) + 1, found, fact, jitter)
        if rect is None or (noise and rng.random() < GONE):
            continue
        rects.append(rect)
        boxes.append((rect.box, found["element"]))
        if " ".join(found["placeholder"].split()):
            line = _make_placeholder(found)
            number = len(texts) + 1
            texts.append(
                _make_text_line(number, line["text"], _measure_ink(line), line, ground, jitter)
            )
            line_elements[number] = found["element"]
    for found in fact["pictures"]:
        box = Box(*found["box"])
        if box.right > width + 2 or box.x < -2:
            continue
        number = len(pictures) + 1
        pictures.append(
            Picture(
                number, box, "icon" if found["icon"] else "photo", f"assets/picture-{number}.png"
            )
        )
        boxes.append((box, found["element"]))
    hints = Hints(
        width, fact["height"], 1.0, ground, (), tuple(texts), tuple(rects), tuple(pictures), ()
    )
    return SimulatedPage(hints, line_elements, fact["elements"], boxes, marked)


def _make_text_line(
    number: int, text: str, box: Box, line: dict[str, Any], ground: str, jitter: Any
) -> TextLine:
    family = _guess_family(line["family"])
    size = round((line["size"] + jitter(0.15)) * 2) / 2
    left, top = round(box.x + jitter(0.4)), round(box.y + jitter(0.3))
    ink = Box(left, top, max(1, round(box.width + jitter(0.6))), max(1, round(box.height)))
    return TextLine(
        number,
        ink,
        text,
        0.95,
        max(6.0, size),
        700 if line["weight"] >= 600 else 400,
        family,
        FONTS[family],
        _write_hex(line["color"]),
        ground,
        line["italic"],
        line["underline"],
        round(line["baseline"] + jitter(0.25)),
        0.0,
    )


def _make_rectangle(
    number: int, found: dict[str, Any], fact: dict[str, Any], jitter: Any
) -> Rect | None:
    box = Box(*found["box"])
    if box.right > fact["width"] + 2 or box.x < -2 or box.area < 60:
        return None
    box = Box(
        round(box.x + jitter(0.2)), round(box.y + jitter(0.2)), round(box.width), round(box.height)
    )
    fill = _write_hex(found["fill"]) if found["fill"] else None
    if fill is None and found["image"]:
        fill = "#888888"
    border = None
    if found["border"]:
        border = Border(
            max(1.0, round(found["width"])), _write_hex(found["stroke"]), found["border"]
        )
    if fill is None and border is None:
        return None
    if fill == _write_hex(fact["ground"]) and border is None and not found["shadow"]:
        return None
    shadow = Shadow(0, 2, 6, "#000000", 0.2) if found["shadow"] else None
    return Rect(number, box, fill, border, min(found["radius"], box.height / 2), shadow)


def _make_placeholder(found: dict[str, Any]) -> dict[str, Any]:
    x, y, _, height = found["box"]
    size = found["size"]
    text = " ".join(found["placeholder"].split())
    left = x + max(2.0, found["pad"])
    return {
        "text": text,
        "left": left,
        "right": left + 0.5 * size * len(text),
        "baseline": y + height / 2 + 0.35 * size,
        "up": 0.72 * size,
        "down": 0.2 * size,
        "size": size,
        "weight": 400,
        "family": "sans-serif",
        "color": found["color"],
        "italic": False,
        "underline": False,
    }


def _measure_ink(line: dict[str, Any]) -> Box:
    return Box(
        line["left"],
        line["baseline"] - line["up"],
        line["right"] - line["left"],
        line["up"] + line["down"],
    )


def _find_item(element: int, elements: list[dict[str, Any]], marked: frozenset[int]) -> int | None:
    for _ in range(4):
        if element in marked:
            return element
        if element < 0 or elements[element]["display"] not in ("inline", "inline-block", "block"):
            return None
        element = elements[element]["parent"]
    return None


def _guess_family(css: str) -> Family:
    names = css.lower()
    if "mono" in names or "courier" in names or "consolas" in names:
        return "mono"
    if "sans" in names or "arial" in names or "helvetica" in names:
        return "sans"
    return "serif" if "serif" in names or "georgia" in names or "times" in names else "sans"


def _write_hex(color: list[float]) -> str:
    r, g, b, *alpha = color
    a = alpha[0] if alpha else 1.0
    return "#" + "".join(
        f"{round(255 + (c - 255) * a) if a < 1 else round(c):02x}" for c in (r, g, b)
    )
