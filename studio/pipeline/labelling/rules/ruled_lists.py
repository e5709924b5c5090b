"""Lines of one look at one distance, with or without a rule below each: the features of a plan, a menu's
dishes. The layout cuts them at their rules, each line with its own; together they are a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from studio.pipeline.labelling.rules.list_nodes import make_list, take_apart
from studio.pipeline.labelling.rules.text_facts import NUMBER
from studio.pipeline.layout.nodes import Label, Node, Surface, make_group_id
from studio.pipeline.perception.hints import Border, Box, bound_boxes

FEWEST = 3  # lines of a list
LONGEST = 8  # words of a line
SIZES = 1.0  # px by which lines of one size may seem to differ
PITCH = 5.0  # px by which their distances may differ
SPACED = 1.6  # times the size, from which lines are apart and no paragraph


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, and the rule right below it."""

    text: Node
    rule: Node | None = None


def gather_line_lists(column: Node) -> Node:
    """Return a column with its runs of alike lines as lists; a rule is its line's lower border."""
    parts = [part for child in column.children for part in _take_lines(child)]
    gathered: list[Node] = []
    run: list[_Line] = []
    for part in [*parts, None]:
        if part is not None and part.flow == "rule" and run and run[-1].rule is None:
            run[-1] = _Line(run[-1].text, part)
        elif part is not None and _continues(run, part):
            run.append(_Line(part))
        else:
            gathered += _close_run(run)
            run = [_Line(part)] if part is not None and _is_line(part) else []
            if part is not None and not run:
                gathered.append(part)
    if not any(node.label.role == "list" and node not in column.children for node in gathered):
        return column
    if len(gathered) == 1 and column.surface is None:
        return replace(column, children=gathered[0].children, label=gathered[0].label)
    return replace(column, children=tuple(gathered))


def _take_lines(node: Node) -> tuple[Node, ...]:
    """Return the lines and rules of a group that holds nothing else, each for itself."""
    if node.label.role not in ("column", "list") or node.label.tag == "ol":
        return (node,)
    return tuple(
        part.labelled("p", "text") if part.label.role == "item" else part
        for part in take_apart(node, _is_line)
    )


def _is_line(node: Node) -> bool:
    if node.flow != "text" or len(node.lines) != 1 or node.marker:
        return False
    is_short = len(node.text.split()) <= LONGEST and not NUMBER.match(node.text)
    return is_short and node.label.role in ("text", "item") and node.style.family != "mono"


def _continues(run: Sequence[_Line], node: Node) -> bool:
    if not run or not _is_line(node):
        return False
    last = run[-1].text
    is_alike = (
        abs(last.style.size - node.style.size) <= SIZES
        and last.style.weight == node.style.weight
        and last.style.color == node.style.color
    )
    if not is_alike or node.box.cy - last.box.cy < SPACED * node.style.size:
        return False
    if len(run) > 1 and (run[-2].rule is None) != (run[-1].rule is None):
        return False
    pitches = [b.text.box.cy - a.text.box.cy for a, b in pairwise(run)]
    return not pitches or abs(node.box.cy - last.box.cy - pitches[-1]) <= PITCH


def _close_run(run: Sequence[_Line]) -> list[Node]:
    if len(run) < FEWEST:
        return [part for line in run for part in (line.text, line.rule) if part is not None]
    if any(line.rule is not None for line in run):
        items = _make_ruled_items(run)
    else:
        items = [replace(line.text, label=Label("p", "item")) for line in run]
    return [make_list(items)]


def _make_ruled_items(run: Sequence[_Line]) -> list[Node]:
    """Return a box for each line, from the rule above it to the one below, which is its border."""
    pitch = run[1].text.box.cy - run[0].text.box.cy
    items = []
    for i, line in enumerate(run):
        text = line.text
        above = run[i - 1].rule if i else None
        top = above.box.bottom if above is not None else text.box.cy - pitch / 2
        bottom = line.rule.box.bottom if line.rule is not None else top + pitch
        sides = [part.box for part in (text, line.rule) if part is not None]
        across = bound_boxes(sides)
        box = Box(across.x, top, across.width, bottom - top)
        surface = None
        if line.rule is not None and line.rule.surface is not None:
            color = line.rule.surface.fill or "#000000"
            surface = Surface(border=Border(max(1.0, line.rule.box.height), color, "b"))
        item = Node(make_group_id(text), "column", box, box, (text,), surface)
        items.append(item.labelled("div", "item"))
    return items
