"""Columns beside the content: sidebars of an application and asides of a section."""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.labelling.rules.groups import label_as_nav
from studio.pipeline.labelling.rules.menus import (
    LINKS,
    gather_column_menus,
    is_menu,
    link_usual_words,
    list_navs,
)
from studio.pipeline.labelling.rules.sidebar_lines import count_loose_entries, split_into_lines
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.nodes import Node, make_group_id
from studio.pipeline.perception.hints import bound_boxes

SIDE = 0.3  # share of the page's width up to which a column is an aside
LINES = 5  # texts from which a narrow column is an aside
HEIGHT = 200.0  # px from which it is
FEWEST_LOOSE = 3  # words in no menu, from which a sidebar is read line by line
MENU = "site-menu"  # what the page's own nav in a sidebar is called


def label_asides(section: Node, facts: PageFacts) -> Node:
    """Return the section with a narrow column of many lines beside its content as an aside."""
    if section.flow == "column":
        inner = tuple(label_asides(child, facts) for child in section.children)
        return replace(section, children=inner)
    if section.flow != "row" or not 2 <= len(section.children) <= 3:
        return section
    widest = max(child.box.width for child in section.children)
    children = []
    for child in section.children:
        lines = [n for n in child.walk() if n.flow == "text"]
        is_narrow = child.box.width <= SIDE * facts.width and widest >= 2 * child.box.width
        is_aside = is_narrow and len(lines) >= LINES and child.box.height >= HEIGHT
        if is_aside and child.flow == "column" and child.label.tag in ("div", "nav"):
            child = _label_aside(child)
        children.append(child)
    return replace(section, children=tuple(children))


def _label_aside(column: Node) -> Node:
    """Return the column as an aside, if there are links in it; else it is one of two columns.

    A column of nothing but buttons is a nav.
    """
    if all(child.label.role == "button" for child in column.children):
        return label_as_nav(column)
    aside = replace(column, label=replace(column.label, tag="aside", role="sidebar"))
    aside = label_sidebar(aside)
    has_links = any(node.label.tag == "a" and node.flow != "shape" for node in aside.walk())
    return aside if has_links else column


def label_sidebar(sidebar: Node) -> Node:
    """Return the sidebar with its runs of words as menus, and several menus as one nav.

    Where many words are in no menu, its lines are gathered instead of the groups that it was cut into.
    """
    gathered = gather_column_menus(sidebar, whole=True)
    loose = count_loose_entries(gathered)
    if loose >= FEWEST_LOOSE and sidebar.flow == "column":
        lined = gather_column_menus(_unlist(split_into_lines(sidebar)), whole=True)
        if count_loose_entries(lined) < loose:
            gathered = lined
    if sidebar.surface is not None and not any(is_menu(node) for node in gathered.walk()):
        return link_usual_words(gathered)
    return _join_menus(gathered)


def _unlist(sidebar: Node) -> Node:
    """Return the lines of a sidebar with what was a link among them as plain text again."""
    return replace(sidebar, children=tuple(_unlink(child) for child in sidebar.children))


def _unlink(node: Node) -> Node:
    if node.flow == "text" and node.label.role == "link":
        return node.labelled("p", "text")
    return replace(node, children=tuple(_unlink(child) for child in node.children))


def _join_menus(node: Node) -> Node:
    """Return the column with its lists of links, and the captions between them, as one nav."""
    places = [i for i, child in enumerate(node.children) if is_menu(child)]
    if node.flow != "column" or len(places) < 2:
        return replace(node, children=tuple(_join_menus(child) for child in node.children))
    parts = node.children[places[0] : places[-1] + 1]
    box = bound_boxes([part.box for part in parts])
    nav = Node(make_group_id(parts[0]), "column", box, box, parts).labelled("nav", "column")
    nav = list_navs(nav, LINKS)
    return replace(
        node, children=(*node.children[: places[0]], nav, *node.children[places[-1] + 1 :])
    )


def fold_sidebar(sidebar: Node) -> Node:
    """Return a sidebar of the whole page with its nav as a menu that folds on narrow screens."""
    nav = next((node for node in sidebar.walk() if node.label.tag == "nav"), None)
    if nav is None:
        return sidebar
    return _name_menu(sidebar.flagged("folds"), nav.id)


def _name_menu(node: Node, nav: int) -> Node:
    if node.id == nav:
        return replace(node, label=replace(node.label, name=MENU))
    return replace(node, children=tuple(_name_menu(child, nav) for child in node.children))
