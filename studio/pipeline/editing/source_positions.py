"""Tags of a page by their position in the source, to find an element of the browser in the code.

The n-th start tag of the source is marked n; elements that scripts or the browser add have no mark.
Nothing else in the source changes.
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
    """A start tag.

    `start` and `end` are its own extent; `close` is where the end tag begins, None if it has none.
    """

    name: str
    attributes: tuple[tuple[str, str | None], ...]
    start: int
    end: int
    close: int | None

    def get(self, name: str) -> str:
        return next((value or "" for key, value in self.attributes if key == name), "")


def find_tags(html: str) -> list[Tag]:
    """Return every start tag in the order of the source."""
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


# Cached because a browser requests a version's page at every reload, and a version never changes.
@lru_cache(maxsize=8)
def mark_tags(html: str) -> str:
    """Return `html` with each start tag marked with its number."""
    pieces = []
    copied = 0
    tags = find_tags(html)
    for number, tag in enumerate(tags):
        after_name = tag.start + 1 + len(tag.name)
        pieces += [html[copied:after_name], f' {MARK}="{number}"']
        copied = after_name
    return "".join([*pieces, html[copied:]])


def without_elements(html: str, gone: Callable[[Tag], bool]) -> str:
    """Return `html` without the elements for which `gone` returns True.

    Each is removed from its start tag to the end of its end tag.
    """
    pieces = []
    copied = 0
    for tag in find_tags(html):
        if tag.start < copied or not gone(tag):
            continue
        pieces.append(html[copied : tag.start])
        has_end_tag = tag.close is not None and tag.name not in VOID_ELEMENTS
        copied = html.find(">", tag.close) + 1 if has_end_tag else tag.end
    return "".join([*pieces, html[copied:]])


def insert_script(html: str, address: str) -> str:
    """Return `html` with a first script in the head.

    Without a head it goes after the doctype: before it, the page would be in quirks mode.
    """
    lower = html.lower()
    opening = lower.find("<head")
    if opening >= 0 and lower[opening + 5 : opening + 6] in (" ", ">", "\n", "\t"):
        place = html.find(">", opening) + 1
    elif lower.lstrip().startswith("<!doctype"):
        place = html.find(">") + 1
    else:
        place = 0
    return f'{html[:place]}<script src="{address}"></script>{html[place:]}'
