"""What pictures show, as far as the words beside them tell: the text of their `alt`."""

from __future__ import annotations

from collections.abc import Iterator

from studio.pipeline.layout.nodes import Node

MOST_PICTURES = 1  # in the smallest group with words; of several, no word says which shows what
LONGEST = 80  # characters of a caption


def find_picture_alts(page: Node) -> dict[int, str]:
    """Return what each picture shows, by its id: the title of the smallest group that holds it.

    A group without a title is told by its first short text. Pictures that no words stand beside, and
    those that share a group, are decoration and are left out.
    """
    return dict(_name_pictures(page))


def _name_pictures(node: Node) -> Iterator[tuple[int, str]]:
    inner = [child for child in node.walk() if _is_photo(child)]
    if not inner or node.flow == "picture":
        return
    holds_words = any(child.flow == "text" for child in node.walk())
    parts = [child for child in node.children if any(_is_photo(n) for n in child.walk())]
    if len(inner) <= MOST_PICTURES and holds_words:
        told = [child for child in parts if any(n.flow == "text" for n in child.walk())]
        words = "" if told else _find_words(node)
        if words:
            yield inner[0].id, words
            return
    for child in parts:
        yield from _name_pictures(child)


def _is_photo(node: Node) -> bool:
    return node.flow == "picture" and node.label.role == "picture"


def _find_words(group: Node) -> str:
    texts = [node for node in group.walk() if node.flow == "text"]
    titles = [node for node in texts if node.label.role == "heading"]
    short = [node for node in texts if len(node.text) <= LONGEST]
    return next((node.text for node in [*titles, *short]), "")
