"""Where each text and box of a page should be and how it should look, told per element: what the
fit works towards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from studio.pipeline.fitting.css.probe import ElementState
from studio.pipeline.geometry import overlaps
from studio.pipeline.perception.hints import Box, Hints, Picture, Rect
from studio.pipeline.scoring.likeness.picture_maps import to_pixels
from studio.pipeline.scoring.likeness.text_verdicts import Verdict, judge_texts
from studio.pipeline.types import Comparison, DomBox, Render

Drawn = TypeVar("Drawn", Rect, Picture)
Edge = Literal["left", "top", "right", "bottom", "center", "middle", "page"]
SIDES: dict[Edge, tuple[int, ...]] = {
    "left": (0,),
    "top": (1,),
    "right": (2,),
    "bottom": (3,),
    "center": (0, 2),
    "middle": (1, 3),
    "page": (),
}
TWIN = 0.5  # intersection over union from which a box of the page is taken for the mockup's
FARTHEST = (
    120.0  # px; what is farther out of place is another thing, or a layout that no number mends
)
BOX_WEIGHT = 0.5  # a box's edges are four aims, a line's are two
PAGE_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class FitTarget:
    """One edge of an element's words (or of its box), now `error` px too far right or too low."""

    place: str
    words: bool
    edge: Edge
    error: float
    weight: float

    def at(self, state: ElementState) -> float:
        sides = state.words if self.words else state.box
        return sum(sides[side] for side in SIDES[self.edge]) / len(SIDES[self.edge])


@dataclass(frozen=True, slots=True)
class TargetLook:
    """How an element's text should look."""

    place: str
    weight: float
    size: float
    bold: bool
    color: str


@dataclass(frozen=True, slots=True)
class FitTargets:
    edges: tuple[FitTarget, ...]
    looks: tuple[TargetLook, ...]
    twins: tuple[tuple[Rect, DomBox], ...]
    ground: str

    @property
    def places(self) -> list[str]:
        named = (
            [a.place for a in self.edges]
            + [x.place for x in self.looks]
            + [box.element for _, box in self.twins]
        )
        return [place for place in dict.fromkeys((*named, "html", "body")) if place]


def collect_targets(comparison: Comparison, hints: Hints, render: Render) -> FitTargets:
    verdicts = judge_texts(comparison.matches, to_pixels(render.png))
    scale = float(np.mean([v.weight for v in verdicts])) if verdicts else 1.0
    twins = _match_boxes(list(hints.rects), render.boxes)
    pictures = _match_boxes(
        list(hints.pictures), [box for box in render.boxes if box.tag in ("img", "svg", "picture")]
    )
    edges = [
        *_collect_text_edges(verdicts, scale),
        *(
            aim
            for wanted, box in [*((r.box, b) for r, b in twins), *((p.box, b) for p, b in pictures)]
            for aim in _collect_box_edges(wanted, box, hints.width)
        ),
        FitTarget("", False, "page", float(render.height - hints.height), PAGE_WEIGHT),
    ]
    looks = tuple(_look(verdict, scale) for verdict in verdicts)
    return FitTargets(
        tuple(aim for aim in edges if abs(aim.error) <= FARTHEST),
        looks,
        tuple(twins),
        hints.background,
    )


def _collect_text_edges(verdicts: Sequence[Verdict], scale: float) -> list[FitTarget]:
    """Of each element the first line's place, and of several lines the last one's height as well."""
    lines: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        lines[verdict.match.dom.element].append(verdict)
    found = []
    for place, of_it in lines.items():
        rows = sorted(of_it, key=lambda v: v.match.dom.box.y)
        first, last = rows[0], rows[-1]
        several = last.match.dom.box.y > first.match.dom.box.bottom - 1
        edge, error = _find_nearest_edge(first)
        weight = first.weight / scale
        found.append(FitTarget(place, True, edge, error, weight))
        found.append(FitTarget(place, True, "top" if several else "middle", first.dy, weight))
        if several:
            found.append(FitTarget(place, True, "bottom", last.dy, weight))
    return found


def _find_nearest_edge(verdict: Verdict) -> tuple[Edge, float]:
    """Text of another width is right at one edge: which tells how it is aligned."""
    wanted, got = verdict.match.line.box, verdict.match.dom.box
    edges: list[tuple[Edge, float]] = [
        ("left", got.x - wanted.x),
        ("center", got.cx - wanted.cx),
        ("right", got.right - wanted.right),
    ]
    edge = min(edges, key=lambda pair: abs(pair[1]))[0]
    return edge, verdict.dx


def _collect_box_edges(wanted: Box, got: DomBox, width: int) -> list[FitTarget]:
    box, weight = got.box, BOX_WEIGHT
    aims = [
        FitTarget(got.element, False, "top", box.y - wanted.y, weight),
        FitTarget(got.element, False, "bottom", box.bottom - wanted.bottom, weight),
    ]
    if wanted.width < 0.97 * width:
        aims += [
            FitTarget(got.element, False, "left", box.x - wanted.x, weight),
            FitTarget(got.element, False, "right", box.right - wanted.right, weight),
        ]
    return aims


def _look(verdict: Verdict, scale: float) -> TargetLook:
    line, dom = verdict.match.line, verdict.match.dom
    size, by_width = line.size, dom.size / max(verdict.wide, 0.01)
    # Widths tell a size exactly where the typeface is the same; where it is another they say
    # something else.
    if abs(by_width - line.size) <= 0.06 * line.size and len(line.text) >= 4:
        size = by_width
    return TargetLook(dom.element, verdict.weight / scale, size, line.weight >= 600, line.color)


def _match_boxes(wanted: Sequence[Drawn], boxes: Sequence[DomBox]) -> list[tuple[Drawn, DomBox]]:
    """Each box of the mockup with the page's that covers it best, and that covers no other better."""
    if not wanted or not boxes:
        return []
    table = overlaps([one.box for one in wanted], [box.box for box in boxes])
    pairs = []
    for row in range(len(wanted)):
        column = int(table[row].argmax())
        if table[row, column] >= TWIN and int(table[:, column].argmax()) == row:
            pairs.append((wanted[row], boxes[column]))
    return pairs
