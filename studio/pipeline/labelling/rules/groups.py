"""Labels of groups: navs, lists, tables, cards, choices and forms.

They follow from what a group holds and how that repeats.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.detail_lists import gather_terms
from studio.pipeline.labelling.rules.forms import LARGEST_LABEL
from studio.pipeline.labelling.rules.icon_lists import gather_icon_lists
from studio.pipeline.labelling.rules.media import gather_media
from studio.pipeline.labelling.rules.open_fields import (
    gather_underlined_fields,
    label_field_in_pill,
    label_filled_field,
    unmark_active_entry,
)
from studio.pipeline.labelling.rules.row_tables import gather_row_tables
from studio.pipeline.labelling.rules.ruled_lists import gather_line_lists
from studio.pipeline.labelling.rules.segments import label_segments
from studio.pipeline.labelling.rules.text_facts import NUMBER, PageFacts
from studio.pipeline.layout.color_classes import is_colorful
from studio.pipeline.layout.cuts import describe_look
from studio.pipeline.layout.list_runs import describe_item_look
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.row_kinds import is_block_row
from studio.pipeline.perception.hints import bound_boxes

BOLD = 600  # the weight from which text counts as bold
TALLEST_LINK = 60.0  # px
NAV_TOP = 220.0  # px; a row of links above this is a nav
SIDEBAR = 340.0
FEWEST_ITEMS = 3  # alike lines, or icons with a line each, of a list without marks
LIST_PITCH = 1.7  # times the size of plain lines, from which they are a list's
FARTHEST_LABEL = 32.0  # px between a tick box and its words; further off, it selects a row
FEWEST_PARTS = 3  # of a card, from which a band at its top may be its title
BAND = 0.97  # share of a card's width from which it is a band
TALLEST_BANDS = 160.0  # px from the card's top within which its bands lie
AMOUNT = re.compile(r"\d")  # a price or a date is no title
ARROW_WORDS = 5  # words before an arrow that says they lead on
LARGEST_ARROW = 20.0  # px
ARROW_GAP = 14.0  # px between the words and the arrow
QUOTED = 40  # letters from which a text beside a bar is a quote


def label_group(node: Node, facts: PageFacts) -> Node:
    if node.flow == "table":
        return _label_table(node)
    node = _label_row_tables(gather_row_tables(node))
    if node.flow == "table":
        return node
    if node.flow == "stack":
        return node.labelled("div", "stack")
    if node.flow == "column":
        node = unmark_active_entry(node)
    if _is_choice(node):
        mark, text = node.children
        return replace(
            node.labelled("label", "choice"), children=(mark.labelled("input", "choice"), text)
        )
    if _is_nav(node, facts):
        return label_as_nav(node)
    if node.flow == "column" and _is_list(node):
        return label_as_list(node)
    node = label_filled_field(label_field_in_pill(node))
    if node.label.role == "field":
        return node
    if node.flow == "column":
        node = _gather_parts(node)
        if node.flow == "row" or node.label.role == "list":
            return node
    segments = label_segments(node)
    if segments is not node:
        return segments
    if _are_cards(node):
        return label_as_cards(node)
    if _leads_on_by_arrow(node):
        return label_as_link(node)
    if _is_quote(node):
        return node.labelled("blockquote", "quote")
    if node.flow == "row":
        return node.labelled("div", "columns" if is_block_row(node) else "row")
    node = _unmark_bands(_mark_active_items(node))
    return _attach_field_labels(node.labelled("div", "panel" if node.surface else "column"))


def _gather_parts(column: Node) -> Node:
    """Return the column with what its children are together: media, lists and fields.

    A column that is nothing else becomes that: a list, or a row.
    """
    gathered = gather_terms(gather_icon_lists(gather_media(column)))
    if gathered.flow == "row" or gathered.label.role == "list":
        return gathered
    return gather_line_lists(gather_underlined_fields(gathered))


def _mark_active_items(node: Node) -> Node:
    """Return the node with the active entry of a nav joined to the nav.

    An entry with its own background right above or below a nav's others is the current page.
    """
    children = list(node.children)
    for i, nav in enumerate(children):
        if nav.label.role != "nav" or nav.flow != "column":
            continue
        for j in (i - 1, i + 1):
            if 0 <= j < len(children) and _is_active_item(children[j], nav):
                first, last = min(i, j), max(i, j)
                joined = _join_active_item(nav, children[j], comes_first=j < i)
                return replace(node, children=(*children[:first], joined, *children[last + 1 :]))
    return node


def _unmark_bands(card: Node) -> Node:
    """Return a card with the bands that it begins with as titles: as wide as the card, with more below
    them, they are no buttons.
    """
    if card.surface is None or len(card.children) < FEWEST_PARTS:
        return card
    children = list(card.children)
    for i, child in enumerate(children[: len(children) - FEWEST_PARTS + 1]):
        is_wide = child.box.width >= BAND * card.box.width
        if child.label.role != "button" or not is_wide or child.box.y - card.box.y > TALLEST_BANDS:
            break
        children[i] = _label_band(child)
    return replace(card, children=tuple(children))


def _label_band(band: Node) -> Node:
    """Return a band with its words as a title, or as text where they are an amount."""
    texts = tuple(
        part.labelled("h6", "heading")
        if part.flow == "text" and not AMOUNT.search(part.text)
        else part
        for part in band.children
    )
    return replace(band.labelled("div", "panel"), children=texts)


def _join_active_item(nav: Node, item: Node, *, comes_first: bool) -> Node:
    link = label_as_link(item)
    entries = (link, *nav.children) if comes_first else (*nav.children, link)
    box = bound_boxes([nav.box, item.box])
    return replace(nav, children=entries, box=box, ink=box)


def _is_active_item(node: Node, nav: Node) -> bool:
    texts = [n for n in node.walk() if n.flow == "text"]
    if node.surface is None or len(texts) != 1:
        return False
    if not _is_like_link(texts[0]) or node.box.height > TALLEST_LINK:
        return False
    pitch = max(b.box.y - a.box.y for a, b in zip(nav.children, nav.children[1:], strict=False))
    distance = max(nav.box.y - node.box.bottom, node.box.y - nav.box.bottom)
    is_aligned = abs(texts[0].ink.x - nav.children[0].ink.x) <= 12
    return is_aligned and 0 <= distance <= pitch


def _attach_field_labels(node: Node) -> Node:
    """Return the node with short texts right above a field as the field's labels."""
    children = list(node.children)
    for i, (text, field) in enumerate(zip(children, children[1:], strict=False)):
        is_near = field.box.y - text.box.bottom <= 16 and field.label.role == "field"
        is_short = len(text.text) <= 40 and text.box.height <= 40
        is_said = text.flow == "text" and text.label.role in ("text", "heading")
        if is_near and is_short and is_said and text.style.size <= LARGEST_LABEL:
            children[i] = text.labelled("label", "text")
    return replace(node, children=tuple(children))


def _label_row_tables(node: Node) -> Node:
    """Return the node with a label on the tables that were made of its rows."""
    if node.flow == "table":
        return _label_table(node)
    made = [child for child in node.children if child.flow == "table" and child.id < 0]
    if not made:
        return node
    children = tuple(_label_table(child) if child in made else child for child in node.children)
    return replace(node, children=children)


def _label_table(node: Node) -> Node:
    rows = [child for child in node.children if child.flow != "rule"]
    fills = {_get_row_fill(row) for row in rows[1:]}
    children = []
    for child in node.children:
        if child.flow == "rule":
            children.append(child)
            continue
        is_head = child is rows[0] and _is_table_head(child, rows[1:], fills)
        cells = tuple(_label_cell(cell, is_head) for cell in child.children)
        row = child.labelled("tr", "row", "bold") if is_head else child.labelled("tr", "row")
        children.append(replace(row, children=cells))
    return replace(node.labelled("table", "table"), children=tuple(children))


def _get_row_fill(row: Node) -> str | None:
    """Return the fill of a row, or the one of all its cells."""
    if row.surface is not None:
        return row.surface.fill
    fills = {cell.surface.fill if cell.surface is not None else None for cell in row.children}
    return fills.pop() if len(fills) == 1 else None


def _is_table_head(row: Node, others: Sequence[Node], fills: Collection[str | None]) -> bool:
    """Return True for a row that is bold, or of another fill or look than all others."""
    texts = [cell.style for cell in row.children if cell.flow == "text"]
    is_bold = bool(texts) and all(style.weight >= BOLD for style in texts)
    fill = _get_row_fill(row)
    if is_bold or (fill is not None and bool(others) and fill not in fills):
        return True
    looks = {(style.size, style.weight, style.color) for style in texts}
    below = [cell.style for other in others for cell in other.children if cell.flow == "text"]
    is_set_apart = not any((s.size, s.weight, s.color) in looks for s in below)
    return len(texts) == len(row.children) and bool(below) and is_set_apart


def _label_cell(cell: Node, is_head: bool) -> Node:
    if cell.label.role in ("badge", "button"):
        return cell  # it stands in a cell and is none
    if cell.surface is not None and cell.flow == "column":
        texts = [child for child in cell.children if child.flow == "text"]
        is_head = is_head or (bool(texts) and all(text.style.weight >= BOLD for text in texts))
        if is_head:
            cell = replace(cell, children=tuple(_unmark_links(child) for child in cell.children))
    if cell.label.role == "link" and not is_head:
        return cell.labelled("td", "text", "clickable")
    if cell.flow != "text" and cell.surface is None:
        return cell  # a group keeps its label; it stands in the cell
    if cell.label.role in ("button", "badge", "picture", "icon"):
        return cell
    return cell.labelled("th" if is_head else "td", "text")


def _is_choice(node: Node) -> bool:
    if node.flow != "row" or len(node.children) != 2 or node.surface is not None:
        return False
    mark, text = node.children
    is_small = 9 <= mark.box.height <= 30 and 9 <= mark.box.width <= 60 and mark.surface is not None
    is_empty = not any(n.flow in ("text", "picture") for n in mark.walk())
    is_said = text.flow == "text" and len(text.lines) == 1 and not NUMBER.match(text.text)
    is_near = text.ink.x - mark.box.right <= FARTHEST_LABEL
    return is_small and is_empty and is_said and is_near


def _leads_on_by_arrow(node: Node) -> bool:
    """Return True for a few colored words with an arrow right after them."""
    if node.flow != "row" or node.surface is not None or len(node.children) != 2:
        return False
    text, arrow = node.children
    if text.flow != "text" or arrow.flow != "picture" or len(text.lines) != 1:
        return False
    is_short = len(text.text.split()) <= ARROW_WORDS and is_colorful(text.style.color)
    is_small = max(arrow.box.width, arrow.box.height) <= LARGEST_ARROW
    return is_short and is_small and arrow.box.x - text.ink.right <= ARROW_GAP


def _is_quote(node: Node) -> bool:
    """Return True for a row of a text and a bar as high as the text."""
    if node.flow != "row" or len(node.children) != 2 or node.surface is not None:
        return False
    bar, text = node.children
    is_bar = (
        bar.flow in ("shape", "rule")
        and bar.box.width <= 10
        and bar.box.height >= 0.9 * text.box.height
    )
    words = sum(len(n.text) for n in text.walk() if n.flow == "text")
    return is_bar and text.flow in ("text", "column") and words >= QUOTED


def _is_like_link(node: Node) -> bool:
    if node.flow == "text":
        return (
            len(node.lines) == 1
            and len(node.text.split()) <= 4
            and node.style.size <= 24
            and not node.marker
            and not NUMBER.match(node.text)
        )
    if node.label.role in ("button", "badge"):
        return True
    texts = [n for n in node.walk() if n.flow == "text"]
    is_small_row = node.flow == "row" and node.box.height <= TALLEST_LINK
    return is_small_row and 1 <= len(texts) <= 2 and all(_is_like_link(text) for text in texts)


def _is_nav(node: Node, facts: PageFacts) -> bool:
    links = [child for child in node.children if _is_like_link(child)]
    texts = [child for child in links if child.label.role != "button"]
    if len(links) < len(node.children) or len(texts) < 2:
        return False
    if node.flow == "row":
        is_at_top = node.box.y < NAV_TOP and node.box.height <= 90 and node.surface is None
        is_at_foot = node.box.y > facts.height - 260 and all(
            text.label.role == "link" for text in texts
        )
        fewest = 3 if is_at_top and not is_at_foot else 2
        return (is_at_top or is_at_foot) and len(links) >= fewest and not _is_price(texts)
    is_narrow = node.flow == "column" and node.box.width <= SIDEBAR and facts.width >= 700
    is_at_edge = node.box.x < 60 or node.box.right > facts.width - 60
    has_heading = any(text.label.role == "heading" for text in texts)
    return is_narrow and is_at_edge and len(links) >= 4 and not has_heading


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
    children = tuple(_unmark_links(child) for child in node.children)
    return replace(node.labelled("a", "link"), children=children)


def _unmark_links(node: Node) -> Node:
    """Return a part of a link without links and headings of its own."""
    if node.flow == "text" and node.label.role in ("link", "heading"):
        return node.labelled("p", "text")
    return replace(node, children=tuple(_unmark_links(child) for child in node.children))


def _is_list(node: Node) -> bool:
    looks = [describe_item_look(child) for child in node.children]
    are_same = bool(looks) and looks[0] is not None and len(set(looks)) == 1
    if not are_same:
        return False
    are_marked = bool(node.children[0].marker)
    are_words = all(_is_word(child) for child in node.children) and _are_apart(node.children)
    have_icons = node.children[0].flow == "row"
    return are_marked or ((are_words or have_icons) and len(looks) >= FEWEST_ITEMS)


def _are_apart(items: Sequence[Node]) -> bool:
    """Return True for links, and for lines further apart than those of a paragraph or an address."""
    if all(item.label.role == "link" for item in items):
        return True
    pitches = [b.box.cy - a.box.cy for a, b in zip(items, items[1:], strict=False)]
    return all(pitch >= LIST_PITCH * items[0].style.size for pitch in pitches)


def _is_word(node: Node) -> bool:
    """Return True for a line of a few words that is no title and no code."""
    is_plain = node.label.role in ("link", "text") and node.style.family != "mono"
    return node.flow == "text" and is_plain and not NUMBER.match(node.text)


def label_as_list(node: Node) -> Node:
    numbered = node.children[0].marker[:1].isdigit()
    items = tuple(
        child if child.marker else replace(child, label=replace(child.label, role="item"))
        for child in node.children
    )
    return replace(node.labelled("ol" if numbered else "ul", "list"), children=items)


def _are_cards(node: Node) -> bool:
    """Return True for two or more similar siblings of one width that hold several things each."""
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
    cards = tuple(_label_card(child) for child in node.children)
    return replace(node.labelled("div", "cards"), children=cards)


def _label_card(node: Node) -> Node:
    if node.label.role in ("button", "field"):
        return node
    label = replace(node.label, tag="article", role="card", flags=frozenset({"repeat"}))
    return replace(node, label=label)
