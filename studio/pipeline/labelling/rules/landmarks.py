"""Labels of the page's own children: header, hero, sections, sidebar, footer; and of forms."""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.labelling.rules.forms import (
    label_field_names,
    label_form_choices,
    label_like_buttons,
)
from studio.pipeline.labelling.rules.menus import (
    gather_column_menus,
    gather_header_menus,
    label_link_columns,
)
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.nodes import Node

BOLD = 600  # the weight from which text counts as bold
SIDE = 0.3  # share of the page's width up to which a column is a sidebar
HEADER = 140.0  # px; the tallest header bar
FOOTER = 420.0  # px; the tallest footer
LOW = 0.5  # share of the page's height below which columns of words are links
ASIDE_LINES = 5  # texts from which a narrow column is an aside
ASIDE_HEIGHT = 200.0  # px from which it is


def label_landmarks(page: Node, facts: PageFacts) -> Node:
    page = _label_forms(label_like_buttons(page))
    page = page.labelled("div", "page")
    if page.flow == "row":
        return replace(page, children=tuple(_find_side(child, page) for child in page.children))
    children = list(page.children)
    last = len(children) - 1
    heroes = 0
    for i, child in enumerate(children):
        if child.flow == "rule":
            continue
        if i == 0 and last > 0 and _is_header(child):
            children[i] = _label_header(child)
        elif i == last and i > 0 and _is_footer(child, page):
            footer = label_as_landmark(child, "footer", "footer")
            children[i] = gather_column_menus(footer, whole=False)
        elif not heroes and i <= 1 and _is_hero(child, facts):
            heroes += 1
            children[i] = label_as_landmark(child, "section", "hero")
        elif child.label.tag == "div":
            section = label_as_landmark(child, "section", "section")
            section = _label_asides(section, facts)
            is_low = child.box.y > LOW * page.box.height
            children[i] = label_link_columns(section) if is_low else section
    return replace(page, children=tuple(children))


def label_as_landmark(node: Node, tag: str, role: str) -> Node:
    """Return a group as the landmark; a leaf, a list or a form keeps its own label."""
    if node.flow not in ("column", "row", "stack", "grid") or node.label.tag not in ("div", "nav"):
        return node
    if node.label.tag == "nav":
        return node
    flags = frozenset({"wide"}) if node.label.role in ("cards", "columns") else frozenset()
    return replace(node, label=replace(node.label, tag=tag, role=role, flags=flags))  # type: ignore[arg-type]


def _find_side(node: Node, page: Node) -> Node:
    if node.box.width > SIDE * page.box.width:
        main = label_as_landmark(node, "main", "main")
        if main.flow == "column" and len(main.children) > 1 and _is_header(main.children[0]):
            first, *others = main.children
            return replace(main, children=(_label_header(first), *others))
        return main
    sidebar = gather_column_menus(label_as_landmark(node, "aside", "sidebar"), whole=True)
    if len(sidebar.children) < 2 or sidebar.label.tag != "aside":
        return sidebar
    top, *rest = sidebar.children
    return replace(sidebar, children=(_link_brand(top), *rest))


def _label_header(node: Node) -> Node:
    header = gather_header_menus(label_as_landmark(node, "header", "header"))
    return _link_brand(header) if header.flow == "row" else header


def _label_asides(section: Node, facts: PageFacts) -> Node:
    """Return the section with a narrow column of many lines beside its content as an aside."""
    if section.flow == "column":
        inner = tuple(_label_asides(child, facts) for child in section.children)
        return replace(section, children=inner)
    if section.flow != "row" or not 2 <= len(section.children) <= 3:
        return section
    widest = max(child.box.width for child in section.children)
    children = []
    for child in section.children:
        lines = [n for n in child.walk() if n.flow == "text"]
        is_narrow = child.box.width <= SIDE * facts.width and widest >= 2 * child.box.width
        is_aside = is_narrow and len(lines) >= ASIDE_LINES and child.box.height >= ASIDE_HEIGHT
        if is_aside and child.flow == "column" and child.label.tag in ("div", "nav"):
            child = replace(child, label=replace(child.label, tag="aside", role="sidebar"))
            child = gather_column_menus(child, whole=True)
        children.append(child)
    return replace(section, children=tuple(children))


def _is_header(node: Node) -> bool:
    return node.ink.y <= 40 and node.box.height <= HEADER and not _is_text(node)


def _is_text(node: Node) -> bool:
    return node.flow == "text"


def _is_footer(node: Node, page: Node) -> bool:
    is_at_bottom = (
        page.box.bottom - node.ink.bottom <= 140
        and node.box.height <= FOOTER
        and node.box.y > 0.4 * page.box.height
    )
    sizes = [child.style.size for child in node.walk() if child.flow == "text"]
    if not is_at_bottom or not sizes or max(sizes) > 24:
        return False
    return not _contains(node, "field")


def _is_hero(node: Node, facts: PageFacts) -> bool:
    heads = [n for n in node.walk() if n.label.role == "heading"]
    has_large_heading = any(
        facts.levels.get((h.style.size, h.style.weight >= BOLD), 9) <= 2 for h in heads
    )
    return (
        node.surface is not None
        and has_large_heading
        and node.box.width >= 0.9 * facts.width
        and node.box.y < 300
    )


def _link_brand(header: Node) -> Node:
    """Return the header with the site's name as a link, because the page's title comes below it.

    The name is a heading by its look, or the first text.
    """
    first = next((node for node in header.walk() if node.flow == "text"), None)
    if first is not None and first.label.tag == "p":
        header = _label_first_link(header, first)
    return _unmark_headings(header)


def _label_first_link(node: Node, first: Node) -> Node:
    if node.id == first.id:
        return node.labelled("a", "link")
    if node.label.role in ("button", "badge", "field", "choice"):
        return node
    return replace(node, children=tuple(_label_first_link(c, first) for c in node.children))


def _unmark_headings(header: Node) -> Node:
    if header.label.role == "heading" and header.flow == "text":
        return header.labelled("a", "link")
    return replace(header, children=tuple(_unmark_headings(child) for child in header.children))


def _label_forms(node: Node) -> Node:
    """Return the node with the smallest groups that hold nearby fields and a button as forms."""
    if not _contains(node, "field"):
        return node
    is_group = node.flow in ("column", "row") and node.label.tag in ("div", "article")
    if is_group and _contains(node, "button"):
        with_field = [child for child in node.children if _contains(child, "field")]
        whole_forms = [child for child in with_field if _contains(child, "button")]
        if not whole_forms or len(with_field) > len(whole_forms):
            return label_as_form(node)
    return replace(node, children=tuple(_label_forms(child) for child in node.children))


def label_as_form(node: Node) -> Node:
    keeps_role = node.label.role in ("card", "panel", "row", "columns", "cards")
    role = node.label.role if keeps_role else "form"
    fields = [n.box for n in node.walk() if n.label.role == "field"]
    children = tuple(
        label_form_choices(label_field_names(_mark_submit_button(child), fields))
        for child in node.children
    )
    return replace(node, label=replace(node.label, tag="form", role=role), children=children)


def _mark_submit_button(node: Node) -> Node:
    if node.label.role == "button":
        return node.labelled("button", "button", "primary")
    return replace(node, children=tuple(_mark_submit_button(child) for child in node.children))


def _contains(node: Node, role: str) -> bool:
    return any(n.label.role == role for n in node.walk())
