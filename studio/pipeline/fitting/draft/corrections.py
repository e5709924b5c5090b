"""Corrections of the draft's numbers, computed from where a traced render put each node.

They are space before and after a node, and room for its lines. An error is attributed to the place
where it arises: if two texts are both 4 px low, the second needs no correction.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from studio.pipeline.codegen.element import Nudge
from studio.pipeline.layout.font_metrics import measure_ascent
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.row_kinds import is_block_row
from studio.pipeline.types import DomBox, DomText, Render

LEAST = 0.9  # px; less is rounding, ours and that of the measured baselines
MOST = 60.0  # px; more is mostly a wrong layout, not a wrong number
WIDER = 6.0  # px added to a line whose last word wrapped
TRACE = re.compile(r"#n(\d+)")


def compute_corrections(
    tree: Node,
    render: Render,
    nudges: Mapping[int, Nudge],
    *,
    least: float = LEAST,
    most: float = MOST,
) -> dict[int, Nudge]:
    """Return the nudges that would have put every node where the mockup has it.

    Errors below `least` and above `most` px are left alone.
    """
    shown = _Shown(tree, render)
    nudges_out = _Nudges(dict(nudges), least, most)
    _correct(tree, 0.0, shown, nudges_out)
    return nudges_out.found


class _Nudges:
    """The nudges of a pass, per node."""

    def __init__(self, found: dict[int, Nudge], least: float, most: float) -> None:
        self.found, self.least, self.most = found, least, most

    def add(
        self,
        node: Node,
        *,
        before: float = 0.0,
        after: float = 0.0,
        width: float = 0.0,
        shift: float = 0.0,
    ) -> None:
        if (
            max(abs(before), abs(after), abs(width), abs(shift)) < self.least
            or max(abs(before), abs(after)) > self.most
        ):
            return
        old = self.found.get(node.id, Nudge())
        self.found[node.id] = replace(
            old,
            before=old.before + before,
            after=old.after + after,
            width=old.width + width,
            shift=old.shift + shift,
        )


@dataclass(frozen=True, slots=True)
class Offsets:
    """How many px too low a node's top and bottom are."""

    top: float
    bottom: float


class _Shown:
    """What the render shows of each node."""

    def __init__(self, tree: Node, render: Render) -> None:
        self.texts: dict[int, list[DomText]] = defaultdict(list)
        self.boxes: dict[int, DomBox] = {}
        for text in render.texts:
            match = TRACE.match(text.element)
            if match:
                self.texts[int(match[1])].append(text)
        for box in render.boxes:
            match = re.fullmatch(r"#n(\d+)", box.element)
            if match:
                self.boxes[int(match[1])] = box

    def lines(self, node: Node) -> list[DomText]:
        """Return the lines a text node was rendered as.

        Pieces of one line (links, bold words) count once.
        """
        rows: list[DomText] = []
        for text in sorted(self.texts.get(node.id, []), key=lambda t: (t.box.y, t.box.x)):
            if rows and abs(rows[-1].box.y - text.box.y) < 0.5 * text.box.height:
                continue
            rows.append(text)
        return rows

    def offsets(self, node: Node) -> Offsets | None:
        box = self.boxes.get(node.id)
        if box is not None and node.flow != "text":
            return Offsets(box.box.y - node.box.y, box.box.bottom - node.box.bottom)
        if node.flow == "text":
            return self._text_offsets(node)
        inner = [offset for child in node.children if (offset := self.offsets(child)) is not None]
        if not inner:
            return None
        if node.flow == "column":
            return Offsets(inner[0].top, inner[-1].bottom)
        return Offsets(
            min((offset.top for offset in inner), key=abs), _find_bottom_offset(node, self)
        )

    def _text_offsets(self, node: Node) -> Offsets | None:
        rows = self.lines(node)
        if not rows:
            return None
        style = node.style
        ascent = measure_ascent(style.size, style.font, style.weight, style.italic)
        first = rows[0].box.y - (node.lines[0].baseline - ascent)
        last = rows[-1].box.y - (node.lines[-1].baseline - ascent)
        return Offsets(first, last)


def _find_bottom_offset(node: Node, shown: _Shown) -> float:
    """Return the offset of a row's bottom: that of the child that reaches lowest."""
    known = [
        (child, offset) for child in node.children if (offset := shown.offsets(child)) is not None
    ]
    return max(known, key=lambda pair: pair[0].box.bottom)[1].bottom


def _correct(node: Node, above: float, shown: _Shown, nudges: _Nudges) -> None:
    """Correct what is inside `node`, whose surroundings are `above` px too low."""
    box = shown.boxes.get(node.id)
    own = shown.offsets(node) if box is not None else None
    if node.flow == "text":
        _adjust_wrap(node, shown, nudges)
        return
    if own is not None and node.flow != "stack":
        above = own.top
    if node.flow == "column":
        _correct_column(node, above, own, shown, nudges)
        return
    if node.label.role in ("button", "badge", "field", "choice"):
        return
    for child in node.children:
        offsets = shown.offsets(child)
        if node.flow == "stack" and offsets is not None and child is not node.children[0]:
            nudges.add(child, before=-(offsets.top - above))
        if offsets is not None:
            _correct(child, offsets.top, shown, nudges)


def _correct_column(
    node: Node, above: float, own: Offsets | None, shown: _Shown, nudges: _Nudges
) -> None:
    if node.label.role in ("button", "badge", "field"):
        _correct_label(node, own, shown, nudges)
        return
    last_offset = above
    for child in node.children:
        offsets = shown.offsets(child)
        if offsets is None:
            continue
        nudges.add(child, before=-(offsets.top - last_offset))
        last_offset = offsets.top if _is_whole(child) else offsets.bottom
        _correct(child, offsets.top, shown, nudges)
    if own is not None:
        nudges.add(node, after=-(own.bottom - last_offset))


def _is_whole(node: Node) -> bool:
    """Return True for a table, or a row of words and buttons.

    Nothing inside is corrected, so what is below has to compensate for it.
    """
    if node.flow == "table":
        return True
    is_block = node.label.role in ("columns", "cards") or is_block_row(node)
    return node.flow == "row" and not is_block


def _correct_label(node: Node, own: Offsets | None, shown: _Shown, nudges: _Nudges) -> None:
    """Correct the label of a button.

    It is in the button's element, so its lines carry the button's id.
    """
    text = next((n for n in node.walk() if n.flow == "text"), None)
    lines = shown.texts.get(node.id, [])
    if text is None or own is None or not lines:
        return
    style = text.style
    ascent = measure_ascent(style.size, style.font, style.weight, style.italic)
    nudges.add(text, before=-(lines[0].box.y - (text.lines[0].baseline - ascent) - own.top))


def _adjust_wrap(node: Node, shown: _Shown, nudges: _Nudges) -> None:
    rows = shown.lines(node)
    if len(node.lines) < 2 or not rows or len(rows) == len(node.lines):
        return
    nudges.add(node, width=WIDER if len(rows) > len(node.lines) else -WIDER)
