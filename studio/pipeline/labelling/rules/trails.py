"""Breadcrumbs: one line of a few words from the site's home to the page, with signs between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.layout.nodes import Node

SIGNS = re.compile(r"\s+/\s+|\s*[>»›→]\s*")  # "|" and "·" stand between a menu's links
HOME = re.compile(
    r"^(home|start|startseite|accueil|inicio|início|página inicial|strona główna|главная|首页|ホーム|홈|trang chủ"
    r"|ana ?sayfa|dashboard|pages)$",
    re.I,
)
START = re.compile(r"^start$", re.I)  # before one slash it may be "Start / Stop"
FEWEST, MOST = 2, 6  # parts
FEWEST_FROM_START = 3
LONGEST = 5  # words of one
LOWEST = 900.0  # px from the page's top


def split_trail(text: str) -> list[str]:
    """Return the parts of a breadcrumb with the signs between them, in their order."""
    parts: list[str] = []
    place = 0
    for sign in SIGNS.finditer(text):
        parts += [text[place : sign.start()], sign.group()]
        place = sign.end()
    return [*parts, text[place:]]


def is_trail(text: str) -> bool:
    """Return True for words such as "Home / Shop / Boats"."""
    pieces = split_trail(text.strip())
    parts = pieces[::2]
    is_start = bool(START.match(parts[0])) and any("/" in sign for sign in pieces[1::2])
    if is_start and len(parts) < FEWEST_FROM_START:
        return False
    if not FEWEST <= len(parts) <= MOST or not HOME.match(parts[0]):
        return False
    return all(part and len(part.split()) <= LONGEST for part in parts)


def label_trails(page: Node) -> Node:
    """Return the page with its breadcrumbs as navs."""
    return replace(page, children=tuple(_label_trails(page.children)))


def _label_trails(nodes: Sequence[Node], *, in_header: bool = False) -> list[Node]:
    labelled = []
    for node in nodes:
        if node.flow == "text" and node.box.y <= LOWEST and _is_trail_node(node):
            labelled.append(node.labelled("nav", "link", "trail"))
        elif _holds_no_trail(node, in_header=in_header):
            labelled.append(node)
        else:
            is_header = in_header or node.label.tag == "header"
            children = _label_trails(node.children, in_header=is_header)
            labelled.append(replace(node, children=tuple(children)))
    return labelled


def _holds_no_trail(node: Node, *, in_header: bool) -> bool:
    """Return True for controls, tables, the footer, and a header's rows without a title."""
    if node.label.role in ("button", "badge", "field", "choice"):
        return True
    if node.flow == "table" or node.label.tag == "footer":
        return True
    has_title = any(inner.label.role == "heading" for inner in node.walk())
    return node.flow == "row" and (in_header or node.label.tag == "header") and not has_title


def _is_trail_node(node: Node) -> bool:
    return len(node.lines) == 1 and is_trail(node.text)
