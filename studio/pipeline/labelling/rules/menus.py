"""Menus: short words one after the other, in a header, a sidebar or a footer, are links of a nav or list.

Such words look like any other text, so their place and their number tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.groups import label_as_link, label_as_nav
from studio.pipeline.layout.nodes import Label, Node, make_group_id
from studio.pipeline.perception.hints import bound_boxes

FEWEST = 3  # words of a menu
FEWEST_LOOSE = 4  # words of one look in a sidebar that are links wherever they stand
FEWEST_IN_HEADER = 2  # words of a header's nav
LONGEST = 4  # words of one entry
LARGEST = 24.0  # px; larger words are no entry
FEWEST_COLUMNS = 2  # columns of links side by side
FEWEST_SHORT_COLUMNS = 3  # the same of …
FEWEST_IN_COLUMN = 2  # … so few links each
DIGIT = re.compile(r"\d")
ICON = 34.0  # px; the largest icon or badge beside an entry
TALLEST = 60.0  # px; a taller row is no entry
PITCH = 4.0  # px by which the distances of entries in a column may differ
COUNT = re.compile(r"^\d{1,3}\+?$")  # what a badge beside an entry says
ROW_SIZES = 2.5  # px by which words side by side may seem to differ in size
WIDEST_GAP = 90.0  # px between two entries side by side
LINKS = "link-list"  # what a list of links is called
TITLES = ("h1", "h2", "h3", "h4", "h5", "h6")
Labeller = Callable[[Node], Node]


def gather_header_menus(header: Node) -> Node:
    """Return the header with its words as links, and those side by side as a nav.

    The longest run of words is the nav; one more is a group of links.
    """
    if header.label.role == "nav":
        return header
    plain = _unmark_titles(header)
    gathered = _gather_runs(
        plain, "row", _can_follow_in_row, label_as_nav, is_root=True, fewest=FEWEST_IN_HEADER
    )
    navs = [node for node in gathered.walk() if node.label.role == "nav"]
    longest = max(navs, key=lambda nav: len(nav.children), default=None)
    others = {nav.id for nav in navs if nav is not longest}
    return _link_words(_relabel(gathered, others, _label_as_row))


def list_navs(bar: Node, name: str = "nav") -> Node:
    """Return a bar that is a nav itself, with the navs in it as lists."""
    navs = {node.id for node in bar.walk() if node.label.role == "nav" and node is not bar}
    return _relabel(bar, navs, lambda node: _label_as_links(node, name))


def _unmark_titles(node: Node) -> Node:
    """Return the header's part with large words as text: beside others they are no titles."""
    if node.label.role == "heading":
        return node.labelled("p", "text")
    return replace(node, children=tuple(_unmark_titles(child) for child in node.children))


def _label_as_row(node: Node) -> Node:
    return node.labelled("div", "row")


def _link_words(node: Node) -> Node:
    """Return the header's part with each short text as a link."""
    if node.label.role in ("nav", "button", "badge", "field", "choice", "link"):
        return node
    if node.flow == "text":
        return label_as_link(node) if is_entry(node) else node
    if node.flow == "row" and is_iconic_entry(node) and node.surface is None:
        return label_as_link(node)
    return replace(node, children=tuple(_link_words(child) for child in node.children))


def gather_footer_menus(footer: Node) -> Node:
    """Return a footer with its runs of words, in columns and in rows, as lists of links."""
    plain = _unmark_title_rows(footer)
    listed = gather_column_menus(_link_like_columns(plain), whole=False)
    return _gather_runs(listed, "row", _can_follow_in_row, _list_links, is_root=True)


def _unmark_title_rows(footer: Node) -> Node:
    """Return a footer whose only row of like words is no row of titles: it heads nothing."""
    rows = [node for node in footer.walk() if node.flow == "row" and len(node.children) >= FEWEST]
    if len(rows) != 1 or not _are_like_words(rows[0].children):
        return footer
    return _relabel(footer, {rows[0].id}, _unmark_titles)


def _are_like_words(nodes: Sequence[Node]) -> bool:
    """Return True for titles of one look that are as short as a menu's entries."""
    are_titles = all(node.label.role == "heading" and is_entry_sized(node) for node in nodes)
    return are_titles and len({_get_look(node) for node in nodes}) == 1


def _link_like_columns(node: Node) -> Node:
    """Return a footer's part with columns of a few words each, side by side, as lists of links.

    With digits in them they are addresses or opening hours.
    """
    children = tuple(_link_like_columns(child) for child in node.children)
    if node.flow == "row":
        columns = [child for child in children if _is_short_link_column(child)]
        if len(columns) >= FEWEST_SHORT_COLUMNS:
            ids = {column.id for column in columns}
            children = tuple(_list_column(c) if c.id in ids else c for c in children)
    return replace(node, children=children)


def _is_short_link_column(node: Node) -> bool:
    if node.flow != "column" or node.surface is not None:
        return False
    entries = _list_column_entries(node)
    are_words = all(is_entry(entry) and not DIGIT.search(entry.text) for entry in entries)
    return FEWEST_IN_COLUMN <= len(entries) < FEWEST and are_words


def _list_column_entries(column: Node) -> tuple[Node, ...]:
    """Return what stands below a column's title, if it has one."""
    has_title = column.children[0].label.role == "heading"
    return column.children[1:] if has_title else column.children


def _list_column(column: Node) -> Node:
    entries = _list_column_entries(column)
    title = column.children[: len(column.children) - len(entries)]
    box = bound_boxes([entry.box for entry in entries])
    links = Node(make_group_id(entries[0]), "column", box, box, entries)
    return replace(column, children=(*title, _list_links(links)))


def gather_column_menus(node: Node, *, whole: bool) -> Node:
    """Return a sidebar or footer with its runs of words as lists of links.

    `whole`: a lone list is the nav of its sidebar.
    """
    listed = _gather_runs(node, "column", _can_follow_in_column, _list_links, is_root=True)
    listed = _link_like_entries(listed, {_get_look(n) for n in listed.walk() if _is_linked(n)})
    navs = [n for n in listed.walk() if n.label.role == "nav"]
    lists = [n for n in listed.walk() if n.label.role == "list"]
    if len(navs) > 1 and not whole:
        return _relabel(listed, {n.id for n in navs}, _list_links)
    if whole and not navs and len(lists) == 1:
        return _relabel(listed, {lists[0].id}, label_as_nav)
    return listed


def link_usual_words(sidebar: Node) -> Node:
    """Return a sidebar without lists with the words of its usual look as links."""
    looks = Counter(_get_look(node) for node in sidebar.walk() if is_entry(node))
    usual = {look for look, count in looks.most_common(1) if count >= FEWEST_LOOSE}
    return _link_like_entries(sidebar, usual)


def is_menu(node: Node) -> bool:
    """Return True for a list of links."""
    if node.label.role not in ("list", "nav") or not node.children:
        return False
    return all(child.label.tag == "a" for child in node.children)


def link_brand(header: Node, fewest: int = 2) -> Node:
    """Return the header with the site's name, its first text, as a link.

    Of fewer texts than `fewest` the first is the page's title.
    """
    texts = [node for node in header.walk() if node.flow == "text"]
    is_name = bool(texts) and texts[0].label.tag in ("p", *TITLES)
    if len(texts) < fewest or not is_name or not is_entry_sized(texts[0]):
        return header
    return _label_first_link(header, texts[0])


def _label_first_link(node: Node, first: Node) -> Node:
    if node.id == first.id:
        return node.labelled("a", "link")
    if node.label.role in ("button", "badge", "field", "choice"):
        return node
    return replace(node, children=tuple(_label_first_link(c, first) for c in node.children))


def _is_linked(node: Node) -> bool:
    return node.flow == "text" and node.label.tag == "a"


def _get_look(node: Node) -> tuple[object, ...]:
    return round(node.style.size), node.style.weight, node.style.color


def _link_like_entries(node: Node, looks: set[tuple[object, ...]]) -> Node:
    """Return the node with single words that look like its links as links too."""
    if node.flow == "text":
        is_link = is_entry(node) and node.label.tag == "p" and _get_look(node) in looks
        return label_as_link(node) if is_link else node
    entry = find_entry_text(node) if node.flow == "row" and node.label.role == "row" else None
    if entry is not None and _get_look(entry) in looks:
        return label_as_link(node)
    if node.label.role in ("button", "badge", "field", "choice"):
        return node
    return replace(node, children=tuple(_link_like_entries(c, looks) for c in node.children))


def _relabel(node: Node, ids: set[int], label: Labeller) -> Node:
    if node.id in ids:
        return label(node)
    return replace(node, children=tuple(_relabel(child, ids, label) for child in node.children))


def _list_links(node: Node) -> Node:
    return _label_as_links(node, LINKS)


def _label_as_links(node: Node, name: str) -> Node:
    """Return a run of words as a list of links; a button among them stays one."""
    label = Label("ul", "list", name=name)
    return replace(node, label=label, children=tuple(label_as_link(c) for c in node.children))


def _gather_runs(
    node: Node,
    flow: str,
    can_follow: Callable[[Sequence[Node], Node], bool],
    label: Labeller,
    *,
    is_root: bool = False,
    fewest: int = FEWEST,
) -> Node:
    if node.label.role == "list" and all(is_entry(child) for child in node.children):
        return label(node)
    if node.label.role in ("nav", "list", "button", "badge", "field", "choice"):
        return node
    children = [
        _gather_runs(child, flow, can_follow, label, fewest=fewest) for child in node.children
    ]
    if node.flow != flow:
        return replace(node, children=tuple(children))
    gathered: list[Node] = []
    run: list[Node] = []
    for child in [*children, None]:
        can_be = child is not None and _can_be_entry(child, flow, run)
        if child is not None and can_be and (not run or can_follow(run, child)):
            run.append(child)
            continue
        gathered += _close_run(run, flow, label, fewest)
        run = [child] if child is not None and can_be else []
        if child is not None and not run:
            gathered.append(child)
    is_whole = len(gathered) == 1 and gathered[0].id < 0 and gathered[0].flow != "text"
    if is_whole and node.surface is None and not is_root:
        return label(replace(node, children=gathered[0].children))
    return replace(node, children=tuple(gathered))


def _can_be_entry(node: Node, flow: str, run: Sequence[Node]) -> bool:
    """Return True if a node may be a menu's entry.

    In a row a painted one is the active entry or the button after the others; it begins no menu.
    """
    if flow == "row" and node.surface is not None and not run:
        return False
    return find_entry_text(node) is not None


def _close_run(run: Sequence[Node], flow: str, label: Labeller, fewest: int) -> list[Node]:
    if len(run) < fewest:
        return list(run)
    box = bound_boxes([node.box for node in run])
    group = Node(make_group_id(run[0]), "row" if flow == "row" else "column", box, box, tuple(run))
    return [label(group)]


def is_entry_sized(node: Node) -> bool:
    """Return True for a line of few words."""
    return len(node.lines) == 1 and len(node.text.split()) <= LONGEST


def is_entry(node: Node) -> bool:
    """Return True for a word or two that may be a menu's entry."""
    if node.flow != "text" or len(node.lines) != 1 or node.marker:
        return False
    is_short = len(node.text.split()) <= LONGEST and node.style.size < LARGEST
    return is_short and any(c.isalpha() for c in node.text) and node.label.role != "heading"


def is_iconic_entry(node: Node) -> bool:
    """Return True for a word with small icons or a count beside it that may be a menu's entry."""
    return node.flow != "text" and find_entry_text(node) is not None


def find_entry_text(node: Node) -> Node | None:
    """Return the words of a menu's entry: of a text, or of a row of one beside icons or a count."""
    if node.flow == "text":
        return node if is_entry(node) else None
    if node.flow not in ("row", "column") or node.box.height > TALLEST:
        return None
    if node.label.role not in ("row", "link", "columns", "panel", "column", "button"):
        return None
    leaves = [n for n in node.walk() if not n.children]
    texts = [n for n in leaves if n.flow == "text" and not COUNT.match(n.text)]
    others = [n for n in leaves if n.flow != "text"]
    are_small = all(max(n.box.width, n.box.height) <= ICON for n in others)
    holds_more = bool(others) or node.surface is not None
    if len(texts) != 1 or not is_entry(texts[0]) or not are_small or not holds_more:
        return None
    return texts[0]


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
    """Return True for words below a title: one by one, or as a list already."""
    if node.flow != "column" or node.surface is not None or len(node.children) < 2:
        return False
    entries = node.children[1:]
    if len(entries) == 1 and entries[0].label.role == "list":
        entries = entries[0].children
    return len(entries) >= FEWEST and all(is_entry(child) for child in entries)


def _can_follow_in_row(run: Sequence[Node], node: Node) -> bool:
    is_near = node.box.x - run[-1].box.right <= WIDEST_GAP
    last, text = find_entry_text(run[-1]), find_entry_text(node)
    assert last is not None
    assert text is not None
    return is_near and abs(last.style.size - text.style.size) <= ROW_SIZES


def _can_follow_in_column(run: Sequence[Node], node: Node) -> bool:
    last, text = find_entry_text(run[-1]), find_entry_text(node)
    assert last is not None
    assert text is not None
    if abs(last.style.size - text.style.size) > 1:
        return False
    is_painted = node.surface is not None or run[-1].surface is not None
    if last.style.weight != text.style.weight and not is_painted:
        return False
    is_flush = (
        abs(text.box.x - last.box.x) <= PITCH
        or abs(node.box.x - run[-1].box.x) <= PITCH
        or abs(text.box.cx - last.box.cx) <= PITCH
    )
    if len(run) > 1 and not is_painted:
        before = find_entry_text(run[-2])
        assert before is not None
        pitch = text.box.cy - last.box.cy
        return abs(pitch - (last.box.cy - before.box.cy)) <= PITCH
    return is_flush
