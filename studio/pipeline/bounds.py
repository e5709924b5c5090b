"""Bounds on generated code, checked before anything parses it: elements, nesting, attributes.

The check is one linear pass. Without it, parsers that are quick on any page a person wrote
(html5lib, tinycss2, Beautiful Soup) take minutes for 40 kB that were written to be slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from studio.pipeline.html_elements import OPTIONAL_END_TAGS, VOID_ELEMENTS
from studio.pipeline.html_tokens import OpenElements, StartTag, Unfinished, tokens


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits of one file.

    They are far above ordinary pages: the samples have up to 77 elements and 16 attributes on one.
    """

    elements: int = 20_000
    depth: int = 256  # Chromium itself stops at 512
    attributes: int = 256
    rules: int = 20_000
    css_depth: int = 64


LIMITS = Thresholds()
MARKUP = frozenset({".html", ".htm", ".xhtml", ".svg"})
# What is not parsed as a style sheet unless a page links it as one.
OTHER = frozenset({".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".json"})
# Elements without an end tag, or with an optional one, which do not count as nested in each other.
UNCOUNTED = OPTIONAL_END_TAGS | VOID_ELEMENTS
CSS_TOKEN = re.compile(r"/\*|[\"'{}()\[\]\\]")
STRING_END = {quote: re.compile(rf"\\.|[{quote}\n]", re.DOTALL) for quote in "\"'"}


class OutOfBounds(Exception):
    """The code is not within bounds; the message says what was found and what is allowed."""


def check_code(files: Mapping[str, str]) -> None:
    """Raise OutOfBounds for the first file that is not within bounds.

    A page may link a file of any name as its style sheet: `STYLES.CSS`, `styles.txt`, `styles.js`.
    """
    pages = {path: text for path, text in files.items() if _suffix_of(path) in MARKUP}
    for path, text in pages.items():
        check_markup(text, path)
    linked = " ".join(href for text in pages.values() for href in _find_links(text))
    for path, text in files.items():
        is_linked = PurePosixPath(path).name in linked
        if path not in pages and (is_linked or _suffix_of(path) not in OTHER):
            check_style(text, path)


def _suffix_of(path: str) -> str:
    return PurePosixPath(path).suffix.lower()


def _find_links(html: str) -> Iterator[str]:
    for token in tokens(html):
        if isinstance(token, StartTag) and token.name == "link":
            yield from (unquote(value or "") for name, value in token.attributes if name == "href")


def check_markup(html: str, path: str = "The page") -> None:
    """Raise OutOfBounds when the page has too many elements or nests them too deeply.

    Its styles are checked too.
    """
    unclosed = OpenElements()
    count = 0
    style = -1  # where the text of an open <style> begins
    for token in tokens(html):
        if isinstance(token, StartTag):
            count += 1
            _check("elements", count, LIMITS.elements, path)
            _check("attributes on one element", len(token.attributes), LIMITS.attributes, path)
            style = token.end if token.name == "style" else -1
            if token.name not in UNCOUNTED and not token.closes_itself:
                unclosed.push(token.name)
                _check("levels of elements", len(unclosed), LIMITS.depth, path)
        elif isinstance(token, Unfinished):
            if style >= 0:
                check_style(html[style:], path)
        else:
            if token.name == "style" and style >= 0:
                check_style(html[style : token.start], path)
            while token.name in unclosed and unclosed.pop()[0] != token.name:
                pass


def check_style(css: str, path: str = "The style sheet") -> None:
    """Raise OutOfBounds when the sheet has too many rules or nests its blocks too deeply."""
    depth = rules = position = 0
    while match := CSS_TOKEN.search(css, position):
        position = match.end()
        sign = match[0]
        if sign == "/*":
            end = css.find("*/", position)
            if end < 0:
                return
            position = end + 2
        elif sign in STRING_END:
            position = _after_string(css, position, sign)
        elif sign == "\\":
            position += 1
        elif sign in "{([":
            depth += 1
            if sign == "{":
                rules += 1
            _check("levels of blocks", depth, LIMITS.css_depth, path)
            _check("rules", rules, LIMITS.rules, path)
        else:
            depth = max(0, depth - 1)


def _after_string(css: str, position: int, quote: str) -> int:
    while match := STRING_END[quote].search(css, position):
        position = match.end()
        if match[0] in (quote, "\n"):
            return position
    return len(css)


def _check(what: str, got: int, allowed: int, path: str) -> None:
    if got > allowed:
        raise OutOfBounds(f"{path} has more than {allowed} {what}; reduce it to at most {allowed}.")
