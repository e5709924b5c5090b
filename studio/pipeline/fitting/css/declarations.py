"""Where a bundle keeps its CSS, and its declarations, each value with its place in the source.

Reads with tinycss2, whose tokens know their line and column; writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import tinycss2

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.editing.source_positions import Tag, find_tags

# tinycss2 counts the lines of the text with each of these replaced by \n.
LINE_END = re.compile(r"\r\n|[\n\r\f]")


@dataclass(frozen=True, slots=True)
class SourceSheet:
    """A CSS file, or the text of a <style> element of the page.

    `offset` is where its text begins in `file`.
    """

    file: str
    offset: int
    text: str
    place: int  # among the page's links, or among its <style> elements
    linked: bool


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declaration.

    `tokens` are its value's; `rule_end` is the offset of the rule's closing brace in the sheet's text.
    """

    sheet: SourceSheet
    selector: str
    media: str  # empty outside any at-rule
    name: str
    tokens: tuple[Any, ...]
    rule_end: int


def find_sheets(bundle: Bundle) -> list[SourceSheet]:
    """Return the sheets that hold text, in the order of the page."""
    page = bundle.files[ENTRY]
    tags = find_tags(page)
    sheets = [
        SourceSheet(ENTRY, tag.end, page[tag.end : tag.close], place, False)
        for place, tag in enumerate(style_tags(tags))
    ]
    links = [
        tag for tag in tags if tag.name == "link" and tag.get("rel").strip().lower() == "stylesheet"
    ]
    for place, link in enumerate(links):
        path = link.get("href").split("?")[0].removeprefix("./").lstrip("/")
        text = bundle.files.get(path)
        if text is not None:
            sheets.append(SourceSheet(path, 0, text, place, True))
    return sheets


def style_tags(tags: Sequence[Tag]) -> list[Tag]:
    """Return the page's <style> elements that have an end tag."""
    return [tag for tag in tags if tag.name == "style" and tag.close is not None]


class Places:
    """Converts a token's line and column to its offset in the text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in LINE_END.finditer(text))]

    def of(self, token: Any) -> int:
        return int(self._starts[token.source_line - 1] + token.source_column - 1)


def find_declarations(sheet: SourceSheet) -> Iterator[Declaration]:
    rules = tinycss2.parse_stylesheet(sheet.text, skip_comments=True, skip_whitespace=True)
    yield from _find_nested_declarations(sheet, rules, "", Places(sheet.text))


def _find_nested_declarations(
    sheet: SourceSheet, rules: Sequence[Any], media: str, places: Places
) -> Iterator[Declaration]:
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword == "theme" and rule.content is not None:
            # Tailwind's tokens
            yield from _read_rule_declarations(sheet, rule, media, places, ":root")
        elif (
            rule.type == "at-rule"
            and rule.content is not None
            and rule.lower_at_keyword in ("media", "supports", "layer")
        ):
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            condition = (
                tinycss2.serialize(rule.prelude).strip()
                if rule.lower_at_keyword == "media"
                else media
            )
            yield from _find_nested_declarations(sheet, inner, condition, places)
        elif rule.type == "qualified-rule":
            yield from _read_rule_declarations(sheet, rule, media, places)


def _read_rule_declarations(
    sheet: SourceSheet, rule: Any, media: str, places: Places, selector: str = ""
) -> Iterator[Declaration]:
    selector = selector or tinycss2.serialize(rule.prelude).strip()
    end = _find_closing_brace(sheet.text, rule, places)
    for item in tinycss2.parse_blocks_contents(
        rule.content, skip_comments=True, skip_whitespace=True
    ):
        if item.type == "declaration":
            tokens = tuple(
                token for token in item.value if token.type not in ("whitespace", "comment")
            )
            yield Declaration(sheet, selector, media, item.lower_name, tokens, end)


def _find_closing_brace(text: str, rule: Any, places: Places) -> int:
    """Return the offset of the rule's closing brace.

    It follows the last token that is not white space.
    """
    tail = [token for token in rule.content if token.type != "whitespace"]
    start = places.of(tail[-1] if tail else rule)
    found = text.find("}", start)
    return found if found >= 0 else len(text)
