"""One line height per text look, as a ratio of its font size.

Paragraphs show their line height. A single line does not: the ratio that puts the gaps around the
lines of its look on the scale of spaces is the one that their author most likely wrote.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from studio.pipeline.layout.font_metrics import find_baseline_in_line
from studio.pipeline.layout.line_heights import set_line_height
from studio.pipeline.layout.nodes import Node, Style
from studio.pipeline.perception.hints import bound_boxes

# Ratios that authors write, with what each costs as a hypothesis; one unit is a gap that is wholly
# off the scale. Small text inherits its ratio, headings have one of their own.
HEADING_RATIOS = {1.0: 1.0, 1.1: 0.7, 1.15: 0.9, 1.2: 0.0, 1.25: 0.7, 1.3: 0.7, 1.4: 0.9, 1.5: 0.5}
TEXT_RATIOS = {1.2: 1.4, 1.25: 1.4, 1.3: 1.4, 1.4: 1.4, 1.5: 1.0, 1.6: 1.4, 1.75: 1.8}
USUAL_RATIOS = sorted({*HEADING_RATIOS, *TEXT_RATIOS})
BODY_RATIO = 1.5  # where no paragraph shows another
HEADING_RATIO = 1.2
HEADING = 1.35  # times the body's size: larger text is a heading
STEP = 4.0  # px of the scale of spaces
NOISE = 1.25  # px by which rounded baselines may put a gap off the scale
PITCH_NOISE = 0.5  # px by which the first and the last baseline of a paragraph are off
SWEEPS = 3

Look = tuple[str, float, int]


@dataclass(frozen=True, slots=True)
class Gap:
    """A vertical gap: `base` px, less what the line heights of looks take of it."""

    base: float
    terms: tuple[tuple[Look, float], ...]  # px of the gap per px of the look's line height

    def measure(self, leadings: Mapping[Look, float]) -> float:
        return self.base + sum(share * leadings[look] for look, share in self.terms)


def set_leading_ratios(page: Node) -> Node:
    """Return the page with a line height per look that is a ratio authors write."""
    texts = [node for node in page.walk() if node.flow == "text"]
    if not texts:
        return page
    measured = _find_measured_ratios(texts)
    body = _find_body_look(texts)
    ratios = _choose_ratios(page, texts, measured, body)
    return _apply_ratios(page, ratios)


def describe_text_look(style: Style) -> Look:
    return style.font, style.size, style.weight


def _find_body_look(texts: Sequence[Node]) -> Look:
    letters: Counter[Look] = Counter()
    for node in texts:
        letters[describe_text_look(node.style)] += len(node.text)
    return max(letters, key=lambda look: (letters[look], look))


def _find_measured_ratios(texts: Sequence[Node]) -> dict[Look, float]:
    """Return the ratios that paragraphs show."""
    pitches: dict[Look, list[float]] = defaultdict(list)
    lines: Counter[Look] = Counter()
    for node in texts:
        if len(node.lines) > 1:
            look = describe_text_look(node.style)
            pitches[look] += [node.style.leading] * (len(node.lines) - 1)
            lines[look] = max(lines[look], len(node.lines) - 1)
    return {
        look: round_ratio(median(values), look[1], PITCH_NOISE / lines[look])
        for look, values in pitches.items()
    }


def round_ratio(pitch: float, size: float, noise: float) -> float:
    """Return the usual ratio that a measured pitch allows, else the pitch as a ratio."""
    candidates = [r for r in USUAL_RATIOS if abs(r * size - pitch) <= noise]
    if candidates:
        return min(candidates, key=lambda ratio: abs(ratio * size - pitch))
    fine = round(20 * pitch / size) / 20
    return fine if abs(fine * size - pitch) <= noise else round(pitch / size, 2)


def _choose_ratios(
    page: Node, texts: Sequence[Node], measured: Mapping[Look, float], body: Look
) -> dict[Look, float]:
    """Return the cheapest ratio of every look: coordinate descent over the gaps of the page."""
    body_ratio = measured.get(body, BODY_RATIO)
    looks = sorted({describe_text_look(node.style) for node in texts})
    ratios = {
        look: measured.get(look) or (HEADING_RATIO if _is_heading(look, body) else body_ratio)
        for look in looks
    }
    # Gaps that are alike are one declaration, so one piece of evidence: ten cards are no ten.
    gaps = list({(gap.terms, round(gap.base)): gap for gap in _list_gaps(page)}.values())
    for _ in range(SWEEPS):
        before = dict(ratios)
        for look in looks:
            if look in measured:
                continue
            near = [gap for gap in gaps if any(term[0] == look for term in gap.terms)]
            prices = {**TEXT_RATIOS, (BODY_RATIO if look == body else ratios[body]): 0.0}
            if _is_heading(look, body):
                prices = HEADING_RATIOS
            ratios[look] = _find_cheapest_ratio(look, prices, near, ratios)
        if ratios == before:
            break
    return ratios


def _is_heading(look: Look, body: Look) -> bool:
    return look[1] >= HEADING * body[1]


def _find_cheapest_ratio(
    look: Look, prices: Mapping[float, float], gaps: Sequence[Gap], ratios: Mapping[Look, float]
) -> float:
    costs: dict[float, float] = {}
    for ratio, price in prices.items():
        leadings = {other: other[1] * value for other, value in ratios.items()}
        leadings[look] = look[1] * ratio
        costs[ratio] = price + sum(_price_gap(gap.measure(leadings)) for gap in gaps)
    return min(costs, key=lambda ratio: (costs[ratio], prices[ratio], ratio))


def _price_gap(gap: float) -> float:
    """Return 0 for a gap on the scale, 1 for one that is off it; a negative one is worse."""
    if gap < -NOISE:
        return 2.0
    off = abs(gap - STEP * round(gap / STEP))
    return min(1.0, (off / NOISE) ** 2)


def _list_gaps(node: Node) -> Iterator[Gap]:
    """Yield the gaps between the children of columns, and between surfaces and what they hold."""
    for inner in node.children:
        yield from _list_gaps(inner)
    if node.flow not in ("column", "row") or not node.children:
        return
    if node.flow == "column":
        for above, below in zip(node.children, node.children[1:], strict=False):
            yield from _make_gap(_find_edge(above, bottom=True), _find_edge(below, bottom=False))
    if node.surface is None or node.flow == "row":
        return
    border = node.surface.border.width if node.surface.border else 0.0
    first, last = node.children[0], node.children[-1]
    yield from _make_gap((node.box.y + border, ()), _find_edge(first, bottom=False))
    yield from _make_gap(_find_edge(last, bottom=True), (node.box.bottom - border, ()))


Edge = tuple[float, tuple[tuple[Look, float], ...]]


def _make_gap(upper: Edge, lower: Edge) -> Iterator[Gap]:
    terms: dict[Look, float] = defaultdict(float)
    for look, share in lower[1]:
        terms[look] += share
    for look, share in upper[1]:
        terms[look] -= share
    if terms:
        yield Gap(lower[0] - upper[0], tuple(sorted(terms.items())))


def _find_edge(node: Node, *, bottom: bool) -> Edge:
    """Return where the top or bottom edge of a node is, by the line height of the text at it."""
    if node.surface is not None or (node.flow != "text" and not node.children):
        return (node.box.bottom if bottom else node.box.y), ()
    if node.flow == "text":
        look = describe_text_look(node.style)
        rest = find_baseline_in_line(0.0, look[1], look[0], look[2], node.style.italic)
        top = node.lines[0].baseline - rest
        if not bottom:
            return top, ((look, -0.5),)
        return top, ((look, len(node.lines) - 0.5),)
    if bottom:
        return _find_edge(max(node.children, key=lambda c: c.box.bottom), bottom=True)
    return _find_edge(min(node.children, key=lambda c: c.box.y), bottom=False)


def _apply_ratios(node: Node, ratios: Mapping[Look, float]) -> Node:
    """Return the tree with these line heights; groups are as large as what they hold."""
    if node.flow == "text":
        leading = round(ratios[describe_text_look(node.style)] * node.style.size, 2)
        return node if leading == node.style.leading else set_line_height(node, leading)
    if not node.children:
        return node
    children = tuple(_apply_ratios(child, ratios) for child in node.children)
    box = node.box
    was_bound = node.surface is None and box == bound_boxes([c.box for c in node.children])
    if was_bound:
        box = bound_boxes([child.box for child in children])
    return replace(node, children=children, box=box)
