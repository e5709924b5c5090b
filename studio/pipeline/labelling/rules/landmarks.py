"""Labels of the page's own children: header, hero, sections, sidebar, footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.asides import fold_sidebar, label_asides, label_sidebar
from studio.pipeline.labelling.rules.footers import is_footer, label_footer, make_footer
from studio.pipeline.labelling.rules.form_groups import (
    label_boxes_below_labels,
    label_fields_beside_buttons,
    label_forms,
    label_search_forms,
)
from studio.pipeline.labelling.rules.forms import label_like_buttons
from studio.pipeline.labelling.rules.menus import (
    gather_header_menus,
    is_menu,
    label_link_columns,
    link_brand,
    list_navs,
)
from studio.pipeline.labelling.rules.page_numbers import label_page_numbers
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.nodes import Label, Node, make_group_id
from studio.pipeline.perception.hints import bound_boxes

BOLD = 600  # the weight from which text counts as bold
SIDE = 0.3  # share of the page's width up to which a column is a sidebar
SIDE_HEIGHT = 400.0  # px from which it is
BAR_LINKS = 2  # links from which a header's bar is a nav
MENU_TOP, MENU = 260.0, 110.0  # px; the lowest top and the largest height of a bar below a header
MENU_LINKS = 3  # links from which it is a nav
TOP = 40.0  # px; a header's ink starts this close to the page's top
HEADER = 140.0  # px; the tallest header bar
OPENING = 0.7  # share of the page's height up to which its first band is a header with a bar
LOW = 0.5  # share of the page's height below which columns of words are links


def label_landmarks(page: Node, facts: PageFacts) -> Node:
    page = label_like_buttons(label_page_numbers(page))
    fielded = label_fields_beside_buttons(label_boxes_below_labels(page))
    page = label_search_forms(label_forms(fielded))
    page = page.labelled("div", "page")
    if page.flow == "row":
        return _label_sides(page, page)
    return replace(page, children=tuple(_label_bands(page.children, page, facts)))


def _label_bands(bands: Sequence[Node], page: Node, facts: PageFacts) -> list[Node]:
    """Return the bands of the page, one below the other, with their labels."""
    children = label_footer(bands, page)
    content = [i for i, child in enumerate(children) if child.flow not in ("rule", "shape")]
    heroes = 0
    for place, i in enumerate(content):
        child = children[i]
        if child.label.role == "footer":
            continue
        if place == 0 and _has_sidebar(child, page):
            children[i] = _label_sides(child.labelled("div", "columns"), page)
        elif place == 0 and len(content) > 1 and _is_header(child):
            children[i] = _label_header(child)
        elif not heroes and i <= 1 and _is_hero(child, facts):
            heroes += 1
            hero = label_as_landmark(child, "section", "hero")
            children[i] = _label_bar(hero, page) if place == 0 else _label_menu(hero)
        elif child.label.tag == "div":
            section = label_as_landmark(child, "section", "section")
            section = label_asides(section, facts)
            section = _label_bar(section, page) if place == 0 else section
            section = _label_menu(section) if place == 1 else section
            is_low = child.box.y > LOW * page.box.height
            children[i] = label_link_columns(section) if is_low else section
    return _join_bars(children, content)


def _join_bars(children: Sequence[Node], content: Sequence[int]) -> list[Node]:
    """Return the bands with two bars at the page's top, of contacts and of the menu, as one header."""
    if len(content) < 3:  # two bars and what they head
        return list(children)
    first, second = (children[i] for i in content[:2])
    is_menu_bar = second.flow == "row" and second.box.height <= HEADER
    if first.label.role != "header" or first.flow != "row" or not is_menu_bar:
        return list(children)
    if second.ink.bottom > MENU_TOP or not any(n.label.role == "nav" for n in second.walk()):
        return list(children)
    bars = (first.labelled("div", "row"), link_brand(second).labelled("div", "row"))
    box = bound_boxes([first.box, second.box])
    ink = bound_boxes([first.ink, second.ink])
    header = Node(make_group_id(first), "column", box, ink, bars).labelled("header", "header")
    return [*children[: content[0]], header, *children[content[1] + 1 :]]


def _label_bar(band: Node, page: Node) -> Node:
    """Return the page's first band with the bar at its top: the whole band is the header then.

    A band as high as the page is none; its bar is.
    """
    if band.flow != "column" or len(band.children) < 2 or not _is_header(band.children[0]):
        return band
    first, *others = band.children
    header = _label_header(first)
    if first.flow != "row" or not _holds_links(header):
        return band
    if band.surface is None or band.box.height > OPENING * page.box.height:
        return replace(band, children=(header, *others))
    bar = replace(header, label=Label("nav", "row"))
    label = replace(band.label, tag="header")
    return replace(band, children=(bar, *others), label=label)


def _label_menu(band: Node) -> Node:
    """Return the band below the header with the row of links that it begins with as a nav."""
    first, *others = band.children if band.flow == "column" else (band,)
    if first.flow != "row" or first.box.y > MENU_TOP or first.box.height > MENU:
        return band
    menu = gather_header_menus(first)
    if not any(is_menu(node) and len(node.children) >= MENU_LINKS for node in menu.walk()):
        return band
    return replace(band, children=(menu, *others)) if band.flow == "column" else menu


def label_as_landmark(node: Node, tag: str, role: str) -> Node:
    """Return a group as the landmark; a leaf, a list or a form keeps its own label."""
    if node.flow not in ("column", "row", "stack", "grid") or node.label.tag not in ("div", "nav"):
        return node
    if node.label.tag == "nav":
        return node
    flags = frozenset({"wide"}) if node.label.role in ("cards", "columns") else frozenset()
    return replace(node, label=replace(node.label, tag=tag, role=role, flags=flags))  # type: ignore[arg-type]


def _has_sidebar(node: Node, page: Node) -> bool:
    """Return True for a row of a sidebar at the page's edge, as high as a window, and its content."""
    if node.flow != "row" or len(node.children) != 2 or node.surface is not None:
        return False
    side = min(node.children, key=lambda child: child.box.width)
    is_at_edge = side.box.x <= 4 or side.box.right >= page.box.width - 4
    is_narrow = side.box.width <= SIDE * page.box.width
    if side.box.height < SIDE_HEIGHT:
        return False
    words = sum(n.flow == "text" for n in side.walk())
    return is_at_edge and is_narrow and side.surface is not None and side.box.y <= TOP and words > 2


def _label_sides(row: Node, page: Node) -> Node:
    return replace(row, children=tuple(_label_side(child, page) for child in row.children))


def _label_side(node: Node, page: Node) -> Node:
    if node.box.width > SIDE * page.box.width:
        return _label_content(node, page)
    sidebar = label_sidebar(label_as_landmark(node, "aside", "sidebar"))
    if len(sidebar.children) < 2 or sidebar.label.tag != "aside":
        return sidebar
    top, *rest = sidebar.children
    return fold_sidebar(replace(sidebar, children=(link_brand(top, fewest=1), *rest)))


def _label_content(node: Node, page: Node) -> Node:
    """Return what stands beside a sidebar: main, with a header above it and a footer below it."""
    if node.flow != "column" or node.surface is not None or node.label.tag != "div":
        return label_as_landmark(node, "main", "main")
    head, middle, foot = _split_content(node.children, page)
    if not middle or not (head or foot):
        return label_as_landmark(node, "main", "main")
    if len(middle) == 1 and middle[0].label.tag == "div" and middle[0].children:
        main = label_as_landmark(middle[0], "main", "main")
    else:
        box = bound_boxes([child.box for child in middle])
        main = Node(make_group_id(middle[0]), "column", box, box, tuple(middle))
        main = main.labelled("main", "main")
    children = (
        *(_label_header(child) for child in head),
        main,
        *(make_footer([child]) for child in foot),
    )
    return replace(node.labelled("div", "column"), children=children)


def _split_content(
    children: Sequence[Node], page: Node
) -> tuple[list[Node], list[Node], list[Node]]:
    """Return the header, what is between, and the footer; rules go with what is between."""
    middle = list(children)
    head: list[Node] = []
    foot: list[Node] = []
    if len(middle) > 1 and _is_header(middle[0]):
        head = [middle.pop(0)]
    if len(middle) > 1 and is_footer(middle[-1], page):
        foot = [middle.pop()]
    return head, middle, foot


def _label_header(node: Node) -> Node:
    if sum(inner.flow == "text" for inner in node.walk()) < BAR_LINKS:
        return label_as_landmark(node, "header", "header")  # the page's title, or a picture
    header = gather_header_menus(label_as_landmark(node, "header", "header"))
    if header.flow != "row":
        return header
    header = link_brand(header)
    if not _holds_links(header):
        return header
    return list_navs(header).flagged("bar")


def _holds_links(node: Node) -> bool:
    """Return True for a bar of links: the site's name and more."""
    return sum(inner.label.tag == "a" for inner in node.walk()) >= BAR_LINKS


def _is_header(node: Node) -> bool:
    return node.ink.y <= TOP and node.box.height <= HEADER and node.flow != "text"


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
