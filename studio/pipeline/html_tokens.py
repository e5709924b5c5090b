"""Split HTML into its tags in one pass, whatever it holds: the time grows with the text's length
and no faster.

Follows the tokenizer of the HTML standard where it matters here: quotes, comments, raw text, and
that a tag or comment which never ends is none. Python's own `html.parser` reads such text again and
again before 3.11.14, 3.12.12 and 3.13.6.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

# What is inside is text up to the end tag of the same name.
RAW_TEXT = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
NAME = re.compile(r"[a-zA-Z][^\s/>]*")
SPACE = re.compile(r"[\s/]*")
ATTRIBUTE = re.compile(r"[^\s/>][^\s/>=]*")
EQUALS = re.compile(r"\s*=\s*")
UNQUOTED = re.compile(r"[^\s>]+")
COMMENT_END = re.compile(r"--!?>")
LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,}")  # more digits than any character has


@dataclass(frozen=True, slots=True)
class StartTag:
    name: str
    attributes: tuple[tuple[str, str | None], ...]
    start: int
    end: int
    closes_itself: bool  # '<br/>'


@dataclass(frozen=True, slots=True)
class EndTag:
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A tag, comment or raw text that the page ends in; `start`: where it begins."""

    start: int


Token = StartTag | EndTag | Unfinished


def tokens(html: str) -> Iterator[Token]:
    """Every tag in the order of the source; the last token may be an `Unfinished`."""
    at = 0
    while (at := html.find("<", at)) >= 0:
        token, after = _token(html, at)
        if token is not None:
            yield token
        if after is None:
            return
        at = after
        if isinstance(token, StartTag) and token.name in RAW_TEXT and not token.closes_itself:
            ending = RAW_TEXT[token.name].search(html, at)
            if ending is None:
                yield Unfinished(at)
                return
            at = ending.start()


def finished(html: str) -> str:
    """The page without what it ends in the middle of: parsers disagree about that, and some are
    slow over it.
    """
    last = next((token for token in tokens(html) if isinstance(token, Unfinished)), None)
    return html if last is None else html[: last.start]


def _token(html: str, at: int) -> tuple[Token | None, int | None]:
    """The token that begins at this '<', if it is one, and where to go on; None: nowhere."""
    if name := NAME.match(html, at + 1):
        return _start_tag(html, at, name)
    if html.startswith("</", at):
        name = NAME.match(html, at + 2)
        return _end_tag(html, at, name) if name else _skip(html, at, html.find(">", at + 2), 1)
    if html.startswith("<!--", at):
        ending = COMMENT_END.search(html, at + 2)
        return (None, ending.end()) if ending else (Unfinished(at), None)
    if html.startswith(("<!", "<?"), at):
        return _skip(html, at, html.find(">", at + 2), 1)
    return None, at + 1


def _skip(html: str, start: int, found: int, length: int) -> tuple[Token | None, int | None]:
    return (None, found + length) if found >= 0 else (Unfinished(start), None)


def _start_tag(html: str, at: int, name: re.Match[str]) -> tuple[Token, int | None]:
    rest = _attributes(html, name.end())
    if rest is None:
        return Unfinished(at), None
    attributes, end, closes_itself = rest
    return StartTag(name[0].lower(), tuple(attributes), at, end, closes_itself), end


def _end_tag(html: str, at: int, name: re.Match[str]) -> tuple[Token, int | None]:
    rest = _attributes(html, name.end())
    if rest is None:
        return Unfinished(at), None
    return EndTag(name[0].lower(), at, rest[1]), rest[1]


def _attributes(html: str, at: int) -> tuple[list[tuple[str, str | None]], int, bool] | None:
    """Names and values up to the tag's end, that end, and whether a slash stands before it; None:
    it has no end.
    """
    found: list[tuple[str, str | None]] = []
    while True:
        space = SPACE.match(html, at)
        assert space is not None
        at = space.end()
        if html.startswith(">", at):
            return found, at + 1, space[0].endswith("/")
        name = ATTRIBUTE.match(html, at)
        if name is None:
            return None
        at = name.end()
        equals = EQUALS.match(html, at)
        value: str | None = None
        if equals is not None:
            value, at = _value(html, equals.end())
            if at < 0:
                return None
        found.append((name[0].lower(), None if value is None else unescape(value)))


def _value(html: str, at: int) -> tuple[str, int]:
    """An attribute's value and where it ends; -1: nowhere."""
    quote = html[at : at + 1]
    if quote in ('"', "'"):
        end = html.find(quote, at + 1)
        return html[at + 1 : max(end, at + 1)], end + 1 if end >= 0 else -1
    bare = UNQUOTED.match(html, at)
    return (bare[0], bare.end()) if bare else ("", at)


def unescape(text: str) -> str:
    """Text with its character references read; one of more digits than any character has is U+FFFD."""
    return entities.unescape(LONG_REFERENCE.sub("&#xfffd", text)) if "&" in text else text


class OpenElements:
    """The elements that are open at a place in the source. Each question takes as long for any
    depth.
    """

    def __init__(self) -> None:
        self._stack: list[tuple[str, int]] = []
        self._places: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._stack)

    def __contains__(self, name: str) -> bool:
        return bool(self._places.get(name))

    @property
    def last(self) -> str:
        return self._stack[-1][0] if self._stack else ""

    def push(self, name: str, value: int = 0) -> None:
        self._places.setdefault(name, []).append(len(self._stack))
        self._stack.append((name, value))

    def pop(self) -> tuple[str, int]:
        name, value = self._stack.pop()
        self._places[name].pop()
        return name, value

    def nearest(self, names: Set[str]) -> str:
        """The innermost open element of one of these names; '' when none is open."""
        open_ones = [(self._places[name][-1], name) for name in names if self._places.get(name)]
        return max(open_ones)[1] if open_ones else ""
