"""The targets of the fit: where each text and box of a page should be, and how it should look."""

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
TWIN = 0.5  # intersection over union from which a box of the page is matched with the mockup's
# Px; what is farther out of place is something else, or a layout that no number corrects.
FARTHEST = 120.0
BOX_WEIGHT = 0.5  # a box has four targets, a line two
PAGE_WEIGHT = 2.0  # of the page's height
FULL_WIDTH = 0.97  # share of the page's width from which a box's sides are no targets
BOLD = 600  # the weight from which text counts as bold
SAME_FONT = 0.06  # share of a size by which a size from the width may differ from the one read
LEAST_TEXT = 4  # characters from which a text's width shows its size


@dataclass(frozen=True, slots=True)
class FitTarget:
    """One edge of an element's text (or of its box), now `error` px too far right or too low."""

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
    """Everything the fit works towards at one width."""

    edges: tuple[FitTarget, ...]
    looks: tuple[TargetLook, ...]
    twins: tuple[tuple[Rect, DomBox], ...]
    ground: str

    @property
    def places(self) -> list[str]:
        edges = [edge.place for edge in self.edges]
        looks = [look.place for look in self.looks]
        boxes = [box.element for _, box in self.twins]
        named = dict.fromkeys((*edges, *looks, *boxes, "html", "body"))
        return [place for place in named if place]


def collect_targets(comparison: Comparison, hints: Hints, render: Render) -> FitTargets:
    verdicts = judge_texts(comparison.matches, to_pixels(render.png))
    scale = float(np.mean([v.weight for v in verdicts])) if verdicts else 1.0
    twins = _match_boxes(list(hints.rects), render.boxes)
    pictures = _match_boxes(
        list(hints.pictures), [box for box in render.boxes if box.tag in ("img", "svg", "picture")]
    )
    edges = _collect_text_edges(verdicts, scale)
    for rect, box in twins:
        edges += _collect_box_edges(rect.box, box, hints.width)
    for picture, box in pictures:
        edges += _collect_box_edges(picture.box, box, hints.width)
    edges.append(FitTarget("", False, "page", float(render.height - hints.height), PAGE_WEIGHT))
    looks = tuple(_look(verdict, scale) for verdict in verdicts)
    return FitTargets(
        tuple(aim for aim in edges if abs(aim.error) <= FARTHEST),
        looks,
        tuple(twins),
        hints.background,
    )


def _collect_text_edges(verdicts: Sequence[Verdict], scale: float) -> list[FitTarget]:
    """Return each element's first line as targets.

    If it has several lines, the bottom of the last one is a target too.
    """
    lines: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        lines[verdict.match.dom.element].append(verdict)
    targets = []
    for place, verdicts_of_place in lines.items():
        rows = sorted(verdicts_of_place, key=lambda v: v.match.dom.box.y)
        first, last = rows[0], rows[-1]
        has_several_lines = last.match.dom.box.y > first.match.dom.box.bottom - 1
        edge, error = _find_nearest_edge(first)
        weight = first.weight / scale
        targets.append(FitTarget(place, True, edge, error, weight))
        targets.append(
            FitTarget(place, True, "top" if has_several_lines else "middle", first.dy, weight)
        )
        if has_several_lines:
            targets.append(FitTarget(place, True, "bottom", last.dy, weight))
    return targets


def _find_nearest_edge(verdict: Verdict) -> tuple[Edge, float]:
    """Return the edge at which a text is nearest to its place, and its horizontal error.

    A text of another width is right at one edge, which shows how it is aligned.
    """
    wanted, got = verdict.match.line.box, verdict.match.dom.box
    edges: list[tuple[Edge, float]] = [
        ("left", got.x - wanted.x),
        ("center", got.cx - wanted.cx),
        ("right", got.right - wanted.right),
    ]
    edge = min(edges, key=lambda pair: abs(pair[1]))[0]
    return edge, verdict.dx


def _collect_box_edges(wanted: Box, got: DomBox, width: int) -> list[FitTarget]:
    box = got.box
    weight = BOX_WEIGHT
    aims = [
        FitTarget(got.element, False, "top", box.y - wanted.y, weight),
        FitTarget(got.element, False, "bottom", box.bottom - wanted.bottom, weight),
    ]
    if wanted.width < FULL_WIDTH * width:
        aims += [
            FitTarget(got.element, False, "left", box.x - wanted.x, weight),
            FitTarget(got.element, False, "right", box.right - wanted.right, weight),
        ]
    return aims


def _look(verdict: Verdict, scale: float) -> TargetLook:
    line = verdict.match.line
    dom = verdict.match.dom
    size = line.size
    by_width = dom.size / max(verdict.wide, 0.01)
    # With the same typeface the width gives the size exactly; with another it does not.
    if abs(by_width - line.size) <= SAME_FONT * line.size and len(line.text) >= LEAST_TEXT:
        size = by_width
    return TargetLook(dom.element, verdict.weight / scale, size, line.weight >= BOLD, line.color)


def _match_boxes(wanted: Sequence[Drawn], boxes: Sequence[DomBox]) -> list[tuple[Drawn, DomBox]]:
    """Return each box of the mockup with the page's box where each covers the other best."""
    if not wanted or not boxes:
        return []
    table = overlaps([drawn.box for drawn in wanted], [box.box for box in boxes])
    pairs = []
    for row in range(len(wanted)):
        column = int(table[row].argmax())
        if table[row, column] >= TWIN and int(table[:, column].argmax()) == row:
            pairs.append((wanted[row], boxes[column]))
    return pairs
