"""Finds the tags of a page in its own text, so that an element seen in the browser is found again in the code.

The n-th start tag of the source is marked n; what scripts or the browser itself add has no mark. Changes no character
that it is not asked to.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from studio.pipeline.html_elements import VOID_ELEMENTS

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
    reader = _Reader(html)
    reader.feed(html)
    reader.close()
    return reader.tags


def marked(html: str) -> str:
    """`html` with each start tag marked with its number."""
    pieces, at = [], 0
    tags = find_tags(html)
    for number, tag in enumerate(tags):
        after_name = tag.start + 1 + len(tag.name)
        pieces += [html[at:after_name], f' {MARK}="{number}"']
        at = after_name
    return "".join([*pieces, html[at:]])


def with_script(html: str, address: str) -> str:
    """A first script, in the head; without one after the doctype, for before it the page would be in quirks mode."""
    lower = html.lower()
    opening = lower.find("<head")
    if opening >= 0 and lower[opening + 5 : opening + 6] in (" ", ">", "\n", "\t"):
        place = html.find(">", opening) + 1
    else:
        place = html.find(">") + 1 if lower.lstrip().startswith("<!doctype") else 0
    return f'{html[:place]}<script src="{address}"></script>{html[place:]}'


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.tags: list[Tag] = []
        self._open: list[int] = []
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        if tag not in VOID_ELEMENTS:
            self._open.append(len(self.tags) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        place = next((i for i in reversed(range(len(self._open))) if self.tags[self._open[i]].name == tag), None)
        if place is None:
            return
        number, self._open = self._open[place], self._open[:place]
        opened = self.tags[number]
        self.tags[number] = Tag(opened.name, opened.attributes, opened.start, opened.end, self._offset())

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._offset()
        text = self.get_starttag_text() or ""
        self.tags.append(Tag(tag, tuple(attrs), start, start + len(text), None))

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
