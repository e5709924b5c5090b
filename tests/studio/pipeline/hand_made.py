"""Nodes made by hand: a layout tree of a few parts, without a mockup.

A letter is half a font size wide and a line a quarter higher than its font size, so that places
can be computed in the head. Every node gets a number of its own.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from studio.pipeline.layout.nodes import (
    Flow,
    Label,
    Node,
    Role,
    Style,
    Surface,
    Tag,
    TextRow,
    TextRun,
)
from studio.pipeline.perception.hints import Border, Box, Picture, TextLine, bound_boxes

SANS = "Liberation Sans"
INK = "#222222"
LETTER = 0.5  # font sizes; the width of a letter
LEADING = 1.25  # font sizes; the height of a line
NUMBERS = count(1)


def make_style(size: float = 16, weight: int = 400, color: str = INK, **more: Any) -> Style:
    fields = {"family": "sans", "font": SANS, "leading": LEADING * size, **more}
    return Style(size=size, weight=weight, color=color, **fields)


def make_text(
    words: str, x: float = 0, y: float = 0, size: float = 16, *, marker: str = "", **look: Any
) -> Node:
    """Return a text whose first line box begins at (x, y); "\\n" begins another line."""
    style = make_style(size, **look)
    rows = []
    for i, line in enumerate(words.split("\n")):
        box = Box(x, y + i * style.leading, LETTER * size * len(line), style.leading)
        baseline = box.y + size
        found = TextLine(
            next(NUMBERS),
            box,
            line,
            0.99,
            size,
            style.weight,
            style.family,
            style.font,
            style.color,
            "#ffffff",
            baseline=baseline,
        )
        rows.append(TextRow((TextRun(line, style, found),), x, box.width, baseline))
    bounds = bound_boxes([row.runs[0].line.box for row in rows])
    return Node(next(NUMBERS), "text", bounds, bounds, lines=tuple(rows), marker=marker)


def make_box(
    x: float,
    y: float,
    width: float,
    height: float,
    *children: Node,
    fill: str | None = "#eeeeee",
    border: str | Border | None = None,
    flow: Flow = "column",
    **paint: Any,
) -> Node:
    """Return a painted box; without children it is a shape."""
    box = Box(x, y, width, height)
    stroke = Border(1.0, border) if isinstance(border, str) else border
    surface = Surface(fill, stroke, **paint)
    return Node(next(NUMBERS), flow if children else "shape", box, box, children, surface)


def make_group(flow: Flow, *children: Node) -> Node:
    """Return a group without paint, as large as its children."""
    box = bound_boxes([child.box for child in children])
    ink = bound_boxes([child.ink for child in children])
    return Node(next(NUMBERS), flow, box, ink, children)


def make_picture(
    x: float, y: float, width: float, height: float, *, kind: Any = "icon", **more: Any
) -> Node:
    box = Box(x, y, width, height)
    number = next(NUMBERS)
    picture = Picture(number, box, kind, f"assets/picture-{number}.png", **more)
    return Node(number, "picture", box, box, picture=picture)


def make_rule(x: float, y: float, width: float, height: float = 1) -> Node:
    box = Box(x, y, width, height)
    return Node(next(NUMBERS), "rule", box, box, surface=Surface("#cccccc"))


def make_page(*children: Node, width: float = 1280, height: float = 800) -> Node:
    """Return a page with these parts below each other."""
    box = Box(0, 0, width, height)
    return Node(next(NUMBERS), "column", box, box, children, Surface("#ffffff"))


def set_label(node: Node, tag: Tag, role: Role, name: str = "") -> Node:
    """Return the node with this label; its children keep theirs."""
    return replace(node, label=Label(tag, role, name=name))


def list_texts(node: Node) -> list[str]:
    """Return the words of all texts below a node, in reading order."""
    return [inner.text for inner in node.walk() if inner.flow == "text"]


def find_text(node: Node, words: str) -> Node:
    return next(inner for inner in node.walk() if inner.flow == "text" and inner.text == words)
