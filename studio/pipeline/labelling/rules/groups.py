"""Labels of groups: navs, lists, tables, cards, choices and forms, by what they hold and how it
repeats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.cuts import describe_look
from studio.pipeline.layout.list_runs import describe_item_look
from studio.pipeline.layout.nodes import Node, bound_boxes
from studio.pipeline.layout.row_kinds import is_block_row

NAV_TOP = 220.0  # px: a row of links above this is a nav
SIDEBAR = 340.0


def label_group(node: Node, facts: PageFacts) -> Node:
    if node.flow == "table":
        return _label_table(node)
    if node.flow == "stack":
        return node.labelled("div", "stack")
    if _is_choice(node):
        mark, text = node.children
        return replace(
            node.labelled("label", "choice"), children=(mark.labelled("input", "choice"), text)
        )
    if _is_nav(node, facts):
        return label_as_nav(node)
    if node.flow == "column" and _is_list(node):
        return label_as_list(node)
    if _are_cards(node):
        return label_as_cards(node)
    if _is_quote(node):
        return node.labelled("blockquote", "quote")
    if node.flow == "row":
        return node.labelled("div", "columns" if is_block_row(node) else "row")
    node = _mark_active_items(node)
    return _attach_field_labels(node.labelled("div", "panel" if node.surface else "column"))


def _mark_active_items(node: Node) -> Node:
    """The entry with a ground of its own, right above or below a nav's others, is the page one is
    on.
    """
    children = list(node.children)
    for i, nav in enumerate(children):
        if nav.label.role != "nav" or nav.flow != "column":
            continue
        for j in (i - 1, i + 1):
            if 0 <= j < len(children) and _is_active_item(children[j], nav):
                inside = (
                    (label_as_link(children[j]), *nav.children)
                    if j < i
                    else (*nav.children, label_as_link(children[j]))
                )
                boxes = [nav.box, children[j].box]
                whole = replace(
                    nav, children=inside, box=bound_boxes(boxes), ink=bound_boxes(boxes)
                )
                merged = [child for k, child in enumerate(children) if k not in (i, j)]
                return replace(node, children=(*merged[: min(i, j)], whole, *merged[min(i, j) :]))
    return node


def _is_active_item(node: Node, nav: Node) -> bool:
    texts = [n for n in node.walk() if n.flow == "text"]
    if (
        node.surface is None
        or len(texts) != 1
        or not _is_like_link(texts[0])
        or node.box.height > 60
    ):
        return False
    pitch = max(b.box.y - a.box.y for a, b in zip(nav.children, nav.children[1:], strict=False))
    apart = max(nav.box.y - node.box.bottom, node.box.y - nav.box.bottom)
    beside = abs(texts[0].ink.x - nav.children[0].ink.x) <= 12
    return beside and 0 <= apart <= pitch


def _attach_field_labels(node: Node) -> Node:
    """Short texts right above a field are its label."""
    children = list(node.children)
    for i, (text, field) in enumerate(zip(children, children[1:], strict=False)):
        near = field.box.y - text.box.bottom <= 16 and field.label.role == "field"
        if (
            near
            and text.label.role in ("text", "heading")
            and len(text.text) <= 40
            and text.box.height <= 40
        ):
            children[i] = text.labelled("label", "text")
    return replace(node, children=tuple(children))


def _label_table(node: Node) -> Node:
    rows = [child for child in node.children if child.flow != "rule"]
    body_fill = Counter(row.surface.fill if row.surface else None for row in rows[1:]).most_common(
        1
    )
    out = []
    for child in node.children:
        if child.flow == "rule":
            out.append(child)
            continue
        heads = child is rows[0] and _is_table_head(child, body_fill[0][0] if body_fill else None)
        cells = tuple(_label_cell(cell, heads) for cell in child.children)
        row = child.labelled("tr", "row", "bold") if heads else child.labelled("tr", "row")
        out.append(replace(row, children=cells))
    return replace(node.labelled("table", "table"), children=tuple(out))


def _is_table_head(row: Node, fill: str | None) -> bool:
    texts = [cell.style for cell in row.children if cell.flow == "text"]
    bold = bool(texts) and all(style.weight >= 600 for style in texts)
    return bold or (row.surface is not None and row.surface.fill != fill)


def _label_cell(cell: Node, heads: bool) -> Node:
    if cell.surface is not None and cell.flow == "column":
        texts = [child for child in cell.children if child.flow == "text"]
        heads = bool(texts) and all(text.style.weight >= 600 for text in texts)
    return cell.labelled("th" if heads else "td", "text")


def _is_choice(node: Node) -> bool:
    if node.flow != "row" or len(node.children) != 2 or node.surface is not None:
        return False
    mark, text = node.children
    small = 9 <= mark.box.height <= 30 and 9 <= mark.box.width <= 60 and mark.surface is not None
    empty = not any(n.flow in ("text", "picture") for n in mark.walk())
    return small and empty and text.flow == "text" and len(text.lines) == 1


def _is_quote(node: Node) -> bool:
    """A bar as high as the text beside it."""
    if node.flow != "row" or len(node.children) != 2 or node.surface is not None:
        return False
    bar, text = node.children
    thin = (
        bar.flow in ("shape", "rule")
        and bar.box.width <= 10
        and bar.box.height >= 0.9 * text.box.height
    )
    return thin and text.flow in ("text", "column")


def _is_like_link(node: Node) -> bool:
    if node.flow == "text":
        return (
            len(node.lines) == 1
            and len(node.text.split()) <= 4
            and node.style.size <= 24
            and not node.marker
        )
    if node.label.role in ("button", "badge"):
        return True
    texts = [n for n in node.walk() if n.flow == "text"]
    small = node.box.height <= 60
    return (
        small
        and node.flow == "row"
        and 1 <= len(texts) <= 2
        and all(_is_like_link(t) for t in texts)
    )


def _is_nav(node: Node, facts: PageFacts) -> bool:
    links = [child for child in node.children if _is_like_link(child)]
    texts = [child for child in links if child.label.role != "button"]
    if len(links) < len(node.children) or len(texts) < 2:
        return False
    if node.flow == "row":
        top = node.box.y < NAV_TOP and node.box.height <= 90 and node.surface is None
        foot = node.box.y > facts.height - 260 and all(t.label.role == "link" for t in texts)
        return (
            (top or foot) and len(links) >= (3 if top and not foot else 2) and not _is_price(texts)
        )
    aside = node.flow == "column" and node.box.width <= SIDEBAR and facts.width >= 700
    edge = node.box.x < 60 or node.box.right > facts.width - 60
    return aside and edge and len(links) >= 4 and not any(t.label.role == "heading" for t in texts)


def _is_price(texts: Sequence[Node]) -> bool:
    return any(t.flow == "text" and t.text[:1] in "$€£" for t in texts)


def label_as_nav(node: Node) -> Node:
    return replace(
        node.labelled("nav", "nav"), children=tuple(label_as_link(child) for child in node.children)
    )


def label_as_link(node: Node) -> Node:
    if node.flow == "text":
        return node.labelled("a", "link")
    if node.label.role in ("button", "badge"):
        return node
    return node.labelled("a", "link")


def _is_list(node: Node) -> bool:
    looks = [describe_item_look(child) for child in node.children]
    same = bool(looks) and looks[0] is not None and len(set(looks)) == 1
    if not same:
        return False
    marked = bool(node.children[0].marker)
    linked = all(c.flow == "text" and c.label.role == "link" for c in node.children)
    iconic = node.children[0].flow == "row"
    return (marked and len(looks) >= 1) or ((linked or iconic) and len(looks) >= 3)


def label_as_list(node: Node) -> Node:
    numbered = node.children[0].marker[:1].isdigit()
    items = tuple(
        child if child.marker else replace(child, label=replace(child.label, role="item"))
        for child in node.children
    )
    return replace(node.labelled("ol" if numbered else "ul", "list"), children=items)


def _are_cards(node: Node) -> bool:
    """Two or more siblings of one width that hold several things each and look alike."""
    if node.flow not in ("row", "grid") or len(node.children) < 2:
        return False
    first = node.children[0]
    if not first.children and first.flow != "shape":
        return False
    widths = [child.box.width for child in node.children]
    boxed = all(child.surface is not None for child in node.children)
    if boxed:
        return (
            max(widths) - min(widths) <= 6
            and min(widths) >= 80
            and first.label.role not in ("button", "field")
        )
    return len({_get_shape(child) for child in node.children}) == 1 and len(first.children) >= 2


def _get_shape(node: Node) -> tuple[object, ...]:
    return tuple(describe_look(child)[:2] for child in node.children)


def label_as_cards(node: Node) -> Node:
    cards = tuple(
        replace(
            child,
            label=replace(child.label, tag="article", role="card", flags=frozenset({"repeat"})),
        )
        if child.label.role not in ("button", "field")
        else child
        for child in node.children
    )
    return replace(node.labelled("div", "cards"), children=cards)
