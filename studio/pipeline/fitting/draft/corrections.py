"""From where a traced render put each node to what has to change: space before and after it, room
for its lines.

An error is charged to the place where it arises: the second of two texts that are both 4 px low is
not at fault.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from studio.pipeline.codegen.element import Nudge
from studio.pipeline.layout.direction import mirror_box
from studio.pipeline.layout.font_metrics import measure_ascent
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.row_kinds import is_block_row
from studio.pipeline.types import DomBox, DomText, Render

LEAST = 0.9  # px; less is rounding, of ours and of the measured baselines
MOST = 60.0  # px; more is mostly a layout that went wrong, not a number
WIDER = 6.0  # px a line gets when a word dropped out of it
Seen = TypeVar("Seen", DomText, DomBox)
TRACE = re.compile(r"#n(\d+)")


def compute_corrections(
    tree: Node,
    render: Render,
    nudges: Mapping[int, Nudge],
    *,
    least: float = LEAST,
    most: float = MOST,
) -> dict[int, Nudge]:
    """The nudges that would have put every node where the mockup has it, as far as `render` tells.

    Errors below `least` and above `most` px are left alone.
    """
    seen = _Seen(tree, render)
    out = _Nudges(dict(nudges), least, most)
    _correct(tree, 0.0, seen, out)
    return out.found


class _Nudges:
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
    """How much too low a node's top and bottom came to stand."""

    top: float
    bottom: float


class _Seen:
    """What the render shows of each node."""

    def __init__(self, tree: Node, render: Render) -> None:
        self.texts: dict[int, list[DomText]] = defaultdict(list)
        self.boxes: dict[int, DomBox] = {}
        for text in render.texts:
            match = TRACE.match(text.element)
            if match:
                self.texts[int(match[1])].append(_as_laid_out(text, tree, render))
        for box in render.boxes:
            match = re.fullmatch(r"#n(\d+)", box.element)
            if match:
                self.boxes[int(match[1])] = _as_laid_out(box, tree, render)

    def lines(self, node: Node) -> list[DomText]:
        """The lines a text node was rendered as; pieces of one line (links, bold words) count once."""
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
        inner = [o for o in (self.offsets(child) for child in node.children) if o is not None]
        if not inner:
            return None
        if node.flow == "column":
            return Offsets(inner[0].top, inner[-1].bottom)
        return Offsets(min((o.top for o in inner), key=abs), _find_bottom_offset(node, self))

    def _text_offsets(self, node: Node) -> Offsets | None:
        rows = self.lines(node)
        if not rows:
            return None
        style = node.style
        up = measure_ascent(style.size, style.font, style.weight, style.italic)
        first = rows[0].box.y - (node.lines[0].baseline - up)
        last = rows[-1].box.y - (node.lines[-1].baseline - up)
        return Offsets(first, last)


def _as_laid_out(seen: Seen, tree: Node, render: Render) -> Seen:
    """What the render shows, mirrored where the tree is the mirror image of its page."""
    if tree.direction == "ltr":
        return seen
    return replace(seen, box=mirror_box(seen.box, render.width))


def _find_bottom_offset(node: Node, seen: _Seen) -> float:
    """The offset of a row's bottom: that of the child that reaches lowest."""
    known = [
        (child, offset) for child in node.children if (offset := seen.offsets(child)) is not None
    ]
    return max(known, key=lambda pair: pair[0].box.bottom)[1].bottom


def _correct(node: Node, above: float, seen: _Seen, out: _Nudges) -> None:
    """Corrects what is below `node`, whose own surroundings stand `above` px too low."""
    box = seen.boxes.get(node.id)
    own = seen.offsets(node) if box is not None else None
    if node.flow == "text":
        _adjust_wrap(node, seen, out)
        return
    if own is not None and node.flow != "stack":
        above = own.top
    if node.flow == "column":
        _correct_column(node, above, own, seen, out)
        return
    if node.label.role in ("button", "badge", "field", "choice"):
        return
    for child in node.children:
        offsets = seen.offsets(child)
        if node.flow == "stack" and offsets is not None and child is not node.children[0]:
            out.add(child, before=-(offsets.top - above))
        if offsets is not None:
            _correct(child, offsets.top, seen, out)


def _correct_column(
    node: Node, above: float, own: Offsets | None, seen: _Seen, out: _Nudges
) -> None:
    if node.label.role in ("button", "badge", "field"):
        _correct_label(node, own, seen, out)
        return
    last = above
    for child in node.children:
        offsets = seen.offsets(child)
        if offsets is None:
            continue
        out.add(child, before=-(offsets.top - last))
        last = offsets.top if _is_whole(child) else offsets.bottom
        _correct(child, offsets.top, seen, out)
    if own is not None:
        out.add(node, after=-(own.bottom - last))


def _is_whole(node: Node) -> bool:
    """A table, a row of words and buttons: nothing inside is corrected, so what is below has to
    make up for it.
    """
    line = (
        node.flow == "row"
        and node.label.role not in ("columns", "cards")
        and not is_block_row(node)
    )
    return node.flow == "table" or line


def _correct_label(node: Node, own: Offsets | None, seen: _Seen, out: _Nudges) -> None:
    """A button's label stands in the button's element, so its lines carry the button's id."""
    text = next((n for n in node.walk() if n.flow == "text"), None)
    lines = seen.texts.get(node.id, [])
    if text is None or own is None or not lines:
        return
    style = text.style
    up = measure_ascent(style.size, style.font, style.weight, style.italic)
    out.add(text, before=-(lines[0].box.y - (text.lines[0].baseline - up) - own.top))


def _adjust_wrap(node: Node, seen: _Seen, out: _Nudges) -> None:
    rows = seen.lines(node)
    if len(node.lines) < 2 or not rows or len(rows) == len(node.lines):
        return
    out.add(node, width=WIDER if len(rows) > len(node.lines) else -WIDER)
