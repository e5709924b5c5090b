"""Menus: short words one after the other, in a header, a sidebar or a footer, are links of a nav or list.

Such words look like any other text, so their place and their number tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.groups import label_as_link, label_as_list, label_as_nav
from studio.pipeline.layout.nodes import Node, bound_boxes

FEWEST = 3  # words of a menu
LONGEST = 4  # words of one entry
LARGEST = 24.0  # px; larger words are no entry
FEWEST_COLUMNS = 2  # columns of links side by side
ICON = 32.0  # px; the largest icon beside an entry
PITCH = 4.0  # px by which the distances of entries in a column may differ
WIDEST_GAP = 90.0  # px between two entries side by side
Label = Callable[[Node], Node]


def gather_header_menus(header: Node) -> Node:
    """Return the header with its runs of words side by side as navs, and the name before as a link."""
    if header.label.role == "nav":
        return header
    return _gather_runs(header, "row", _can_follow_in_row, label_as_nav, is_root=True)


def gather_column_menus(node: Node, *, whole: bool) -> Node:
    """Return a sidebar or footer with its runs of words as lists of links.

    `whole`: a lone list is the nav of its sidebar.
    """
    listed = _gather_runs(node, "column", _can_follow_in_column, _list_links, is_root=True)
    listed = _link_like_entries(listed, {_get_look(n) for n in listed.walk() if _is_linked(n)})
    navs = [n for n in listed.walk() if n.label.role == "nav"]
    lists = [n for n in listed.walk() if n.label.role == "list"]
    if len(navs) > 1:
        return _relabel(listed, {n.id for n in navs}, _list_links)
    if whole and not navs and len(lists) == 1:
        return _relabel(listed, {lists[0].id}, label_as_nav)
    return listed


def _is_linked(node: Node) -> bool:
    return node.flow == "text" and node.label.tag == "a"


def _get_look(node: Node) -> tuple[object, ...]:
    return round(node.style.size), node.style.weight, node.style.color


def _link_like_entries(node: Node, looks: set[tuple[object, ...]]) -> Node:
    """Return the node with single words that look like its links as links too."""
    if node.flow == "text":
        is_link = is_entry(node) and node.label.tag == "p" and _get_look(node) in looks
        return label_as_link(node) if is_link else node
    if node.label.role in ("button", "badge", "field", "choice"):
        return node
    return replace(node, children=tuple(_link_like_entries(c, looks) for c in node.children))


def _relabel(node: Node, ids: set[int], label: Label) -> Node:
    if node.id in ids:
        return label(node)
    return replace(node, children=tuple(_relabel(child, ids, label) for child in node.children))


def _list_links(node: Node) -> Node:
    linked = tuple(label_as_link(child) for child in node.children)
    return label_as_list(replace(node, children=linked))


def _gather_runs(
    node: Node,
    flow: str,
    can_follow: Callable[[Sequence[Node], Node], bool],
    label: Label,
    *,
    is_root: bool = False,
) -> Node:
    if node.label.role in ("nav", "list", "button", "badge", "field", "choice"):
        return node
    children = [_gather_runs(child, flow, can_follow, label) for child in node.children]
    if node.flow != flow:
        return replace(node, children=tuple(children))
    gathered: list[Node] = []
    run: list[Node] = []
    for child in [*children, None]:
        can_be = child is not None and (
            is_entry(child) or (flow == "column" and is_iconic_entry(child))
        )
        if child is not None and can_be and (not run or can_follow(run, child)):
            run.append(child)
            continue
        gathered += _close_run(run, flow, label)
        run = [child] if child is not None and can_be else []
        if child is not None and not run:
            gathered.append(child)
    is_whole = len(gathered) == 1 and gathered[0].id < 0 and gathered[0].flow != "text"
    if is_whole and node.surface is None and not is_root:
        return label(replace(node, children=gathered[0].children))
    return replace(node, children=tuple(gathered))


def _close_run(run: Sequence[Node], flow: str, label: Label) -> list[Node]:
    if len(run) < FEWEST:
        return list(run)
    box = bound_boxes([node.box for node in run])
    # The words keep their ids; the group that is made here has the negative of the first one's.
    group = Node(-run[0].id, "row" if flow == "row" else "column", box, box, tuple(run))
    return [label(group)]


def is_entry(node: Node) -> bool:
    """Return True for a word or two that may be a menu's entry."""
    if node.flow != "text" or len(node.lines) != 1 or node.marker:
        return False
    is_short = len(node.text.split()) <= LONGEST and node.style.size < LARGEST
    return is_short and any(c.isalpha() for c in node.text) and node.label.role != "heading"


def is_iconic_entry(node: Node) -> bool:
    """Return True for a word with small icons beside it that may be a menu's entry."""
    if node.flow != "row" or node.label.role not in ("row", "link") or len(node.children) > 3:
        return False
    texts = [child for child in node.children if child.flow == "text"]
    icons = [child for child in node.children if child.flow == "picture"]
    are_small = all(max(icon.box.width, icon.box.height) <= ICON for icon in icons)
    return len(texts) == 1 and is_entry(texts[0]) and bool(icons) and are_small


def label_link_columns(node: Node) -> Node:
    """Return the node with columns of words under titles, side by side, as lists of links."""
    if node.flow == "row":
        columns = [child for child in node.children if _is_link_column(child)]
        if len(columns) >= FEWEST_COLUMNS:
            ids = {column.id for column in columns}
            children = tuple(
                gather_column_menus(child, whole=False) if child.id in ids else child
                for child in node.children
            )
            return replace(node, children=children)
    return replace(node, children=tuple(label_link_columns(child) for child in node.children))


def _is_link_column(node: Node) -> bool:
    if node.flow != "column" or node.surface is not None or len(node.children) < FEWEST + 1:
        return False
    return all(is_entry(child) for child in node.children[1:])


def _can_follow_in_row(run: Sequence[Node], node: Node) -> bool:
    last = run[-1]
    is_near = node.box.x - last.box.right <= WIDEST_GAP
    return is_near and abs(last.style.size - node.style.size) <= 1


def _can_follow_in_column(run: Sequence[Node], node: Node) -> bool:
    if node.flow != run[-1].flow:
        return False
    if node.flow == "row":
        return abs(node.box.x - run[-1].box.x) <= 2 * PITCH + ICON / 2
    last = run[-1]
    if abs(last.style.size - node.style.size) > 1 or last.style.weight != node.style.weight:
        return False
    pitch = node.box.y - last.box.y
    if len(run) > 1:
        return abs(pitch - (last.box.y - run[-2].box.y)) <= PITCH
    return abs(node.box.x - last.box.x) <= PITCH
