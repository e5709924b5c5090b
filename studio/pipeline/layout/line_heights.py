"""One line height per text look: single lines take the pitch that paragraphs of their look were
measured with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import replace
from statistics import median

from studio.pipeline.layout.font_metrics import find_baseline_in_line
from studio.pipeline.layout.nodes import Node, Style


def share_line_heights(nodes: list[Node]) -> list[Node]:
    pitches: dict[Hashable, list[float]] = defaultdict(list)
    for node in nodes:
        if len(node.lines) > 1:
            pitches[_describe_look(node.style)].extend([node.style.leading] * (len(node.lines) - 1))
    known = {look: median(values) for look, values in pitches.items()}
    return [_apply_line_heights(node, known) if len(node.lines) == 1 else node for node in nodes]


def _describe_look(style: Style) -> Hashable:
    return style.font, style.size, style.weight


def _apply_line_heights(node: Node, known: dict[Hashable, float]) -> Node:
    style = node.style
    leading = known.get(_describe_look(style), style.leading)
    return set_line_height(node, leading) if leading != style.leading else node


def set_line_height(node: Node, leading: float) -> Node:
    """The node with another line height and its first baseline where it was."""
    style, line = node.style, node.lines[0]
    drop = find_baseline_in_line(leading, style.size, style.font, style.weight, style.italic)
    lines = tuple(
        replace(
            each, runs=tuple(replace(r, style=replace(r.style, leading=leading)) for r in each.runs)
        )
        for each in node.lines
    )
    box = replace(node.box, y=line.baseline - drop, height=leading * len(node.lines))
    return replace(node, lines=lines, box=box)
