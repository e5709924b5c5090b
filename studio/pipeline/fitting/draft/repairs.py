"""Regions of a draft that broke in its own render, and a form of them that cannot break.

A region is broken if it came out much higher than in the mockup, if its parts overlap that do not
overlap there, or if a picture has another size. Its parts then stand one by one where the mockup
has them; on narrow screens they follow each other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from studio.pipeline.layout.nodes import Label, Node, Tag
from studio.pipeline.perception.hints import Box, bound_boxes
from studio.pipeline.types import Render

TOO_HIGH = 0.2  # share of its height by which a region may be off
LEAST = 32.0  # px; a smaller error of height is a number for the fit
RESIZED = 0.1  # share of its width by which a picture may be off
LEAST_RESIZED = 6.0  # px
COVERED = 0.3  # share of the smaller of two siblings that may be covered
TALLEST = 900.0  # px; a larger region is no region, it is the page
MOST_PARTS = 40  # of a region that is taken apart
NO_PARTS = ("button", "badge", "field", "choice")  # nodes that are written as one element
IN_CONTEXT = ("td", "th", "tr", "li")  # tags that need a parent of their own kind
TRACE = re.compile(r"#n(\d+)")


def repair_regions(tree: Node, render: Render) -> Node:
    """Return the tree with its broken regions taken apart; the same tree where none broke."""
    if tree.direction == "rtl":  # a render is not mirrored as its tree is
        return tree
    broken = find_broken_regions(tree, render)
    return _take_apart(tree, broken) if broken else tree


def find_broken_regions(tree: Node, render: Render) -> set[int]:
    """Return the ids of the smallest broken regions; `render` is of the traced draft."""
    seen: dict[int, list[Box]] = {}
    for text in render.texts:
        match = TRACE.match(text.element)
        if match:
            seen.setdefault(int(match[1]), []).append(text.box)
    for box in render.boxes:
        match = TRACE.fullmatch(box.element)
        if match:
            seen.setdefault(int(match[1]), []).append(box.box)
    broken: set[int] = set()
    _visit(tree, tree, seen, broken)
    return broken


def _visit(node: Node, page: Node, seen: dict[int, list[Box]], broken: set[int]) -> Box | None:
    """Return where the render has a node; add it to `broken` if it broke and nothing inside did."""
    before = len(broken)
    boxes = list(seen.get(node.id, []))
    inner: list[tuple[Node, Box]] = []
    for child in node.children:
        box = _visit(child, page, seen, broken)
        if box is not None:
            inner.append((child, box))
            boxes.append(box)
    if not boxes:
        return None
    is_region = bool(node.children) and node.label.role not in NO_PARTS and node is not page
    if is_region and len(broken) == before and node.box.height <= TALLEST and _is_broken(inner):
        broken.add(node.id)
    return bound_boxes(boxes)


def _is_broken(inner: Sequence[tuple[Node, Box]]) -> bool:
    if any(_is_off(child, box) for child, box in inner):
        return True
    for i, (child, box) in enumerate(inner):
        for other, other_box in inner[i + 1 :]:
            if _is_covered(box, other_box) and not _is_covered(child.ink, other.ink):
                return True
    return False


def _is_off(node: Node, box: Box) -> bool:
    if node.flow == "picture":
        return abs(box.width - node.box.width) > max(LEAST_RESIZED, RESIZED * node.box.width)
    height = node.ink.height
    return abs(box.height - height) > max(LEAST, TOO_HIGH * height)


def _is_covered(one: Box, other: Box) -> bool:
    smaller = min(one.area, other.area)
    return smaller > 0 and one.intersection(other) > COVERED * smaller


def _take_apart(node: Node, broken: Collection[int]) -> Node:
    if node.id in broken:
        parts = _list_parts(node)
        if 1 < len(parts) <= MOST_PARTS:
            label = Label("div", "stack")
            return replace(node, flow="stack", children=parts, tracks=(), columns=0, label=label)
    return replace(node, children=tuple(_take_apart(child, broken) for child in node.children))


def _list_parts(node: Node) -> tuple[Node, ...]:
    """Return what is seen in a region, in reading order: words, pictures, boxes with what they hold."""
    parts: list[Node] = []
    queue = list(node.children)
    while queue:
        part = queue.pop(0)
        is_whole = part.surface is not None or not part.children or part.label.role in NO_PARTS
        if is_whole:
            parts.append(_free_from_parent(part))
        else:
            queue = [*part.children, *queue]
    return tuple(parts)


def _free_from_parent(part: Node) -> Node:
    if part.label.tag not in IN_CONTEXT:
        return part
    tag: Tag = "p" if part.flow == "text" else "div"
    return replace(part, label=replace(part.label, tag=tag))
