"""Finds the tags of a page in its own text, so that an element seen in the browser is found again
in the code.

The n-th start tag of the source is marked n; what scripts or the browser itself add has no mark.
Changes no character that it is not asked to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from studio.pipeline.html_elements import VOID_ELEMENTS
from studio.pipeline.html_tokens import EndTag, OpenElements, StartTag, tokens

MARK = "data-likeness-at"


@dataclass(frozen=True, slots=True)
class Tag:
    """`start`, `end`: of the start tag; `close`: where the end tag begins, None when it has none."""

    name: str
    attributes: tuple[tuple[str, str | None], ...]
    start: int
    end: int
    close: int | None

    def get(self, name: str) -> str:
        return next((value or "" for key, value in self.attributes if key == name), "")


def find_tags(html: str) -> list[Tag]:
    """Every start tag in the order of the source."""
    starts: list[StartTag] = []
    closes: dict[int, int] = {}
    unclosed = OpenElements()
    for token in tokens(html):
        if isinstance(token, StartTag):
            if token.name not in VOID_ELEMENTS and not token.closes_itself:
                unclosed.push(token.name, len(starts))
            starts.append(token)
        elif isinstance(token, EndTag) and token.name in unclosed:
            while (ended := unclosed.pop())[0] != token.name:
                pass
            closes[ended[1]] = token.start
    return [
        Tag(tag.name, tag.attributes, tag.start, tag.end, closes.get(number))
        for number, tag in enumerate(starts)
    ]


# A browser asks for a version's page again with every reload, and a version never changes.
@lru_cache(maxsize=8)
def mark_tags(html: str) -> str:
    """`html` with each start tag marked with its number."""
    pieces, at = [], 0
    tags = find_tags(html)
    for number, tag in enumerate(tags):
        after_name = tag.start + 1 + len(tag.name)
        pieces += [html[at:after_name], f' {MARK}="{number}"']
        at = after_name
    return "".join([*pieces, html[at:]])


def without_elements(html: str, gone: Callable[[Tag], bool]) -> str:
    """`html` without the elements that `gone` names, each from its start tag to the end of its end
    tag.
    """
    pieces, at = [], 0
    for tag in find_tags(html):
        if tag.start >= at and gone(tag):
            pieces.append(html[at : tag.start])
            at = (
                tag.end
                if tag.close is None or tag.name in VOID_ELEMENTS
                else html.find(">", tag.close) + 1
            )
    return "".join([*pieces, html[at:]])


def insert_script(html: str, address: str) -> str:
    """A first script, in the head; without one after the doctype, for before it the page would be
    in quirks mode.
    """
    lower = html.lower()
    opening = lower.find("<head")
    if opening >= 0 and lower[opening + 5 : opening + 6] in (" ", ">", "\n", "\t"):
        place = html.find(">", opening) + 1
    else:
        place = html.find(">") + 1 if lower.lstrip().startswith("<!doctype") else 0
    return f'{html[:place]}<script src="{address}"></script>{html[place:]}'
