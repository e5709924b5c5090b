"""The nodes of a tree in the order of the walk, cut into questions, and what each node may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studio.pipeline.labelling.model.alphabet import NODES
from studio.pipeline.layout.nodes import Node

LONGEST_HEADING = 160  # characters
LABEL_WORDS = 8  # words of a label, at most
LINK_WORDS = 5  # words of a link in a nav, at most
TALLEST_LINK = 64  # px
TALLEST_CONTROL = 200  # px
LEAST_FIELD = (60, 18)  # px, width and height


@dataclass(frozen=True, slots=True)
class WalkStep:
    """One node of the walk; `kinds` is what it may be, only 'fixed' if nothing is to be decided."""

    node: Node
    parent: Node
    depth: int
    kinds: tuple[str, ...]


def list_steps(page: Node, most: int = NODES) -> list[list[WalkStep]]:
    """Return the page's nodes in questions of at most `most`, cut between sections.

    The page itself and what is in tables are left out.
    """
    parts: list[list[WalkStep]] = []
    for child in page.children:
        part: list[WalkStep] = []
        _walk_nodes(child, page, 1, part)
        for start in range(0, len(part), most):
            piece = part[start : start + most]
            if parts and len(parts[-1]) + len(piece) <= most:
                parts[-1].extend(piece)
            else:
                parts.append(list(piece))
    return parts


def _walk_nodes(node: Node, parent: Node, depth: int, out: list[WalkStep]) -> None:
    out.append(WalkStep(node, parent, depth, list_kinds(node)))
    if node.flow != "table":
        for child in node.children:
            _walk_nodes(child, node, depth + 1, out)


def list_kinds(node: Node) -> tuple[str, ...]:
    """Return what a node of this shape may be."""
    if node.flow == "text":
        return ("fixed",) if node.marker else _list_text_kinds(node)
    if node.flow in ("picture", "rule", "table"):
        return ("fixed",)
    texts = [n for n in node.walk() if n.flow == "text"]
    is_painted = node.surface is not None and node.surface.picture is None
    if is_painted and len(texts) <= 1 and node.box.height <= TALLEST_CONTROL:
        return _list_control_kinds(node, texts)
    if not node.children:
        return ("fixed",)
    kinds = ["group", "section", "header", "footer", "form", "card", "aside"]
    if len(node.children) >= 2 and all(_is_like_link(child) for child in node.children):
        kinds.append("nav")
    if len(node.children) >= 2 and node.flow in ("column", "row"):
        kinds.append("list")
    if (
        len(node.children) >= 2
        and node.flow in ("row", "grid")
        and all(len(c.children) >= 1 for c in node.children)
    ):
        kinds.append("cards")
    return tuple(kinds)


def _list_text_kinds(node: Node) -> tuple[str, ...]:
    kinds = ["text"]
    if len(node.text) <= LONGEST_HEADING:
        kinds.append("heading")
    if len(node.lines) <= 2 and len(node.lines[0].runs) == 1:
        kinds.append("link")
    if len(node.lines) == 1 and len(node.text.split()) <= LABEL_WORDS:
        kinds.append("label")
    return tuple(kinds)


def _list_control_kinds(node: Node, texts: Sequence[Node]) -> tuple[str, ...]:
    kinds = ["panel"]
    if texts and len(texts[0].lines) == 1:
        kinds += ["button", "badge"]
    is_large = node.box.width >= LEAST_FIELD[0] and node.box.height >= LEAST_FIELD[1]
    is_simple = all(child.flow in ("text", "picture", "row") for child in node.children)
    if is_large and is_simple and (not texts or len(texts[0].lines) == 1):
        kinds += ["field", "select"]
    if node.children:
        kinds += ["card", "section", "header", "footer"]
    return tuple(kinds)


def _is_like_link(node: Node) -> bool:
    texts = [n for n in node.walk() if n.flow == "text"]
    is_short = all(len(text.lines) == 1 and len(text.text.split()) <= LINK_WORDS for text in texts)
    return 1 <= len(texts) <= 2 and is_short and node.box.height <= TALLEST_LINK
