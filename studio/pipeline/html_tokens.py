"""HTML split into its tags in one pass, in linear time for any input.

It follows the tokenizer of the HTML standard where that matters here: quotes, comments, raw text, and
that a tag or comment without an end is no tag. Python's own `html.parser` reads such text repeatedly
before 3.11.14, 3.12.12 and 3.13.6.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

# Elements whose content is text up to the end tag of the same name.
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
    """A start tag, with its offsets in the source."""

    name: str
    attributes: tuple[tuple[str, str | None], ...]
    start: int
    end: int
    closes_itself: bool  # '<br/>'


@dataclass(frozen=True, slots=True)
class EndTag:
    """An end tag, with its offsets in the source."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A tag, comment or raw text in which the page ends; `start` is where it begins."""

    start: int


Token = StartTag | EndTag | Unfinished


def tokens(html: str) -> Iterator[Token]:
    """Yield every tag in the order of the source; the last token may be an `Unfinished`."""
    position = 0
    while (position := html.find("<", position)) >= 0:
        token, after = _token(html, position)
        if token is not None:
            yield token
        if after is None:
            return
        position = after
        if isinstance(token, StartTag) and token.name in RAW_TEXT and not token.closes_itself:
            ending = RAW_TEXT[token.name].search(html, position)
            if ending is None:
                yield Unfinished(position)
                return
            position = ending.start()


def finished(html: str) -> str:
    """Return the page without an unfinished tag, comment or raw text at its end.

    Parsers disagree about these, and some are slow on them.
    """
    last = next((token for token in tokens(html) if isinstance(token, Unfinished)), None)
    return html if last is None else html[: last.start]


def _token(html: str, position: int) -> tuple[Token | None, int | None]:
    """Return the token that begins at this '<', if it is one, and where to go on.

    None as the place means the end of the page.
    """
    if name := NAME.match(html, position + 1):
        return _start_tag(html, position, name)
    if html.startswith("</", position):
        name = NAME.match(html, position + 2)
        return (
            _end_tag(html, position, name)
            if name
            else _skip(html, position, html.find(">", position + 2), 1)
        )
    if html.startswith("<!--", position):
        ending = COMMENT_END.search(html, position + 2)
        return (None, ending.end()) if ending else (Unfinished(position), None)
    if html.startswith(("<!", "<?"), position):
        return _skip(html, position, html.find(">", position + 2), 1)
    return None, position + 1


def _skip(html: str, start: int, found: int, length: int) -> tuple[Token | None, int | None]:
    return (None, found + length) if found >= 0 else (Unfinished(start), None)


def _start_tag(html: str, position: int, name: re.Match[str]) -> tuple[Token, int | None]:
    rest = _attributes(html, name.end())
    if rest is None:
        return Unfinished(position), None
    attributes, end, closes_itself = rest
    return StartTag(name[0].lower(), tuple(attributes), position, end, closes_itself), end


def _end_tag(html: str, position: int, name: re.Match[str]) -> tuple[Token, int | None]:
    rest = _attributes(html, name.end())
    if rest is None:
        return Unfinished(position), None
    return EndTag(name[0].lower(), position, rest[1]), rest[1]


def _attributes(html: str, position: int) -> tuple[list[tuple[str, str | None]], int, bool] | None:
    """Return names and values up to the tag's end, that end, and whether a slash precedes it.

    None if the tag has no end.
    """
    attributes: list[tuple[str, str | None]] = []
    while True:
        space = SPACE.match(html, position)
        assert space is not None
        position = space.end()
        if html.startswith(">", position):
            return attributes, position + 1, space[0].endswith("/")
        name = ATTRIBUTE.match(html, position)
        if name is None:
            return None
        position = name.end()
        equals = EQUALS.match(html, position)
        value: str | None = None
        if equals is not None:
            value, position = _value(html, equals.end())
            if position < 0:
                return None
        attributes.append((name[0].lower(), None if value is None else unescape(value)))


def _value(html: str, position: int) -> tuple[str, int]:
    """Return an attribute's value and where it ends; -1 if it has no end."""
    quote = html[position : position + 1]
    if quote in ('"', "'"):
        end = html.find(quote, position + 1)
        return html[position + 1 : max(end, position + 1)], end + 1 if end >= 0 else -1
    bare = UNQUOTED.match(html, position)
    return (bare[0], bare.end()) if bare else ("", position)


def unescape(text: str) -> str:
    """Return the text with its character references decoded.

    One with more digits than any character has becomes U+FFFD.
    """
    if "&" not in text:
        return text
    return entities.unescape(LONG_REFERENCE.sub("&#xfffd", text))


class OpenElements:
    """The elements that are open at a place in the source.

    Every operation takes constant time for any depth.
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
        """Return the innermost open element of one of these names; '' if none is open."""
        places = [(self._places[name][-1], name) for name in names if self._places.get(name)]
        return max(places)[1] if places else ""
