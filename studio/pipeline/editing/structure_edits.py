"""Edits by hand of an element as a whole: its link, its description, its place among its siblings.

They change the page's source and nothing else. An edit that adds, removes or moves elements changes
the numbers of the tags behind it, so it has to be the last of its version.
"""

from __future__ import annotations

import html
import re

from studio.pipeline.editing.edit_error import EditError
from studio.pipeline.editing.source_positions import Tag
from studio.pipeline.html_elements import VOID_ELEMENTS

ATTRIBUTES = ("href", "alt", "src")
STRUCTURE = ("delete", "duplicate", "move")
DIRECTIONS = ("up", "down")
MOST_LETTERS = 2000  # of an attribute
# Where a link may lead: a place of the page or site, or these schemes. Never a script.
LINK = re.compile(r"(?:https?://|mailto:|tel:|[/#?.]|[\w-]+(?:[/.#?]|\Z))", re.IGNORECASE)
PICTURE = re.compile(r"[0-9a-f]{64}")  # the name of an uploaded picture
OF_TAGS = {"href": ("a", "area"), "alt": ("img",), "src": ("img",)}
# Elements without which there is no page.
KEPT = ("html", "head", "body", "style", "script", "link", "meta", "title")


def check_attribute(name: str, value: str) -> None:
    """Raise EditError unless `value` may stand in the attribute."""
    if len(value) > MOST_LETTERS:
        raise EditError(f"The {name} has {len(value)} characters; use at most {MOST_LETTERS}.")
    if name == "href" and not LINK.match(value):
        raise EditError(
            f"{value[:60]!r} is not a link; use an address (https://…), a path (/…) or #name."
        )
    if name == "src" and not PICTURE.fullmatch(value):
        raise EditError("Choose the picture that replaces this one.")


def set_attribute(page: str, tag: Tag, name: str, value: str) -> str:
    """Return the page with the element's attribute set."""
    if tag.name not in OF_TAGS[name]:
        raise EditError(f"A <{tag.name}> has no {name}; select {_list_tags(name)}.")
    source = page[tag.start : tag.end]
    written = f'{name}="{html.escape(value)}"'
    old = re.compile(rf"""(?<=\s){name}\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
    changed, count = old.subn(lambda match: written, source, count=1)
    if not count:
        after = 1 + len(tag.name)
        changed = f"{source[:after]} {written}{source[after:]}"
    return page[: tag.start] + changed + page[tag.end :]


def change_structure(page: str, tags: list[Tag], tag: Tag, name: str, value: str) -> str:
    """Return the page with the element deleted, duplicated or moved among its siblings."""
    if tag.name in KEPT:
        raise EditError(f"The <{tag.name}> of a page cannot be moved, copied or deleted.")
    start, end = tag.start, _find_end(page, tag)
    if name == "delete":
        return page[: _before_spaces(page, start)] + page[end:]
    if name == "duplicate":
        spaces = page[_before_spaces(page, start) : start]
        return page[:end] + spaces + page[start:end] + page[end:]
    other = _find_sibling(page, tags, tag, value)
    first, second = (other, tag) if value == "up" else (tag, other)
    first_end, second_end = _find_end(page, first), _find_end(page, second)
    between = page[first_end : second.start]
    moved = page[second.start : second_end] + between + page[first.start : first_end]
    return page[: first.start] + moved + page[second_end:]


def _list_tags(name: str) -> str:
    return " or ".join(f"<{tag}>" for tag in OF_TAGS[name])


def _find_end(page: str, tag: Tag) -> int:
    """Return where the element ends; raises EditError where its end tag is left out."""
    if tag.name in VOID_ELEMENTS:
        return tag.end
    if tag.close is None:
        raise EditError(f"The <{tag.name}> has no end tag; edit it in the code.")
    return page.index(">", tag.close) + 1


def _before_spaces(page: str, start: int) -> int:
    """Return where the spaces and the line break before `start` begin."""
    return len(page[:start].rstrip(" \t").removesuffix("\n"))


def _find_sibling(page: str, tags: list[Tag], tag: Tag, direction: str) -> Tag:
    parents = _find_parents(tags)
    parent = parents[tags.index(tag)]
    siblings = [other for other, above in zip(tags, parents, strict=True) if above == parent]
    at = siblings.index(tag) + (-1 if direction == "up" else 1)
    if not 0 <= at < len(siblings) or siblings[at].name in KEPT:
        raise EditError("The element is already at the end of its parent.")
    return siblings[at]


def _find_parents(tags: list[Tag]) -> list[int | None]:
    """Return the number of each tag's parent in one pass; None for the outermost."""
    parents: list[int | None] = []
    around: list[int] = []
    for number, tag in enumerate(tags):
        while around and (tags[around[-1]].close or 0) <= tag.start:
            around.pop()
        parents.append(around[-1] if around else None)
        if tag.close is not None:
            around.append(number)
    return parents
