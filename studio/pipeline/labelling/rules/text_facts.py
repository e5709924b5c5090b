"""What a page's texts have in common: the body size and colour, and which looks are headings of
which level.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from studio.pipeline.layout.color_classes import is_colorful
from studio.pipeline.layout.nodes import Node, Style

HEADING = 1.17  # times the body size
LONGEST = 110  # letters in a heading
LEAD = 1.6  # times the body size: up to here a long sentence is a lead paragraph


@dataclass(frozen=True, slots=True)
class PageFacts:
    width: float
    height: float
    body: float  # font size of most text
    ink: str  # colour of most text
    levels: dict[tuple[float, bool], int]  # (size, bold) → heading level


def collect_page_facts(page: Node) -> PageFacts:
    texts = [node for node in page.walk() if node.flow == "text"]
    sizes: dict[float, float] = defaultdict(float)
    inks: dict[str, float] = defaultdict(float)
    for node in texts:
        weight = float(len(node.text)) * (2.0 if len(node.lines) > 1 else 1.0)
        sizes[node.style.size] += weight
        inks[node.style.color] += weight
    body = _find_body_size(sizes)
    ink = max(inks, key=lambda c: (inks[c], c), default="#000000")
    looks = {(n.style.size, n.style.weight >= 600) for n in texts if may_be_heading(n, body)}
    order = sorted(looks, reverse=True)
    levels = {key: min(i + 1, 6) for i, key in enumerate(order)}
    return PageFacts(page.box.width, page.box.height, body, ink, levels)


def _find_body_size(sizes: dict[float, float]) -> float:
    """The size most letters have, between 11 and 22 px where there is any."""
    usual = {size: count for size, count in sizes.items() if 11 <= size <= 22} or sizes
    return max(usual, key=lambda size: (usual[size], -size), default=16.0)


def may_be_heading(node: Node, body: float) -> bool:
    """Whether a text stands out as headings do: larger, or bold and not smaller."""
    style = node.style
    if len(node.text) > LONGEST or len(node.lines) > 3 or not any(c.isalpha() for c in node.text):
        return False
    if (
        style.size < LEAD * body
        and len(node.text.split()) >= 8
        and node.text.rstrip().endswith((".", "!", "?"))
    ):
        return False  # a lead: whole sentences, a little larger than the rest
    larger = style.size >= HEADING * body and style.size >= 15
    return larger or (style.weight >= 600 and style.size >= body * 1.08 and style.size >= 15)


def is_link(style: Style, facts: PageFacts) -> bool:
    return style.underline or (is_colorful(style.color) and style.color != facts.ink)
