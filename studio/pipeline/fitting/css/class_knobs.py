"""Knobs in class strings: each Tailwind utility that rules at a width, in whatever file its string
is written.

A string that stands in several places, or that a component draws again and again, is one cause and
turned as one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import unescape

from studio.pipeline.bundle import Bundle
from studio.pipeline.fitting.css.declarations import SourceSheet
from studio.pipeline.fitting.css.knobs import Inline, Knob
from studio.pipeline.fitting.css.tailwind_utility import Utility, parse_utility, rank

SOURCES = (".html", ".jsx", ".tsx", ".vue")
STATIC = re.compile(
    r"""(?<![\w:.@-])(?:class|className)\s*=\s*(?:"([^"]*)"|'([^']*)'|\{\s*"([^"]*)"\s*\})"""
)
COMPUTED = re.compile(
    r"""(?<![\w.@-])className\s*=\s*\{|(?<![\w.@-])(?::|v-bind:)class\s*=\s*(")"""
)
LITERAL = re.compile(r"""(["'])([^"'`{}<>\n]*)\1""")
TEMPLATE = re.compile(r"`([^`]*)`")
# What stands in a template between its expressions, and is no half of a class.
CHUNK = re.compile(r"(?:^|(?<=\}))(?=\s|(?<!\}))([^${}]+)(?:$|(?<=\s)(?=\$\{))")
# utilities in a literal that may be only a part of an element's classes: one alone says not whose
# it is
LEAST = 2

Place = tuple[str, int]  # file, offset of a string in it


def find_class_knobs(bundle: Bundle, width: int, earlier: Sequence[int] = ()) -> list[Knob]:
    """Of all utilities that rule at `width` px, and at none of the `earlier` widths."""
    found: dict[tuple[str, bool], list[Place]] = defaultdict(list)
    texts: dict[Place, str] = {}
    for file, text in bundle.files.items():
        if file.endswith(SOURCES):
            for start, string, part in find_class_strings(text):
                if "\\" not in string and "{{" not in string:
                    found[_split_words(string), part].append((file, start))
                    texts[file, start] = string
    knobs: list[Knob] = []
    for (words, part), places in found.items():
        gone = {
            index
            for other in earlier
            for index, _, _ in find_ruling_utilities(words.split(), other)
        }
        for index, utility, names in find_ruling_utilities(words.split(), width):
            if index not in gone and not utility.fixed:
                knobs.append(
                    _make_knob(bundle.files, words, part, places, texts, index, utility, names)
                )
    return knobs


def find_class_strings(text: str) -> Iterator[tuple[int, str, bool]]:
    """Offset and text of every static class string, and whether it may be only a part of what an
    element wears.
    """
    for match in STATIC.finditer(text):
        group = match.lastindex
        if group:
            yield match.start(group), match[group], False
    for match in COMPUTED.finditer(text):
        end = text.find('"', match.end()) if match[1] else _find_closing_brace(text, match.end())
        if text[match.end() : end].strip()[:1] + text[match.end() : end].strip()[-1:] == '""':
            continue  # one literal alone: static
        for start, string in _find_literals(text, match.end(), max(match.end(), end)):
            if len(string.split()) >= LEAST:
                yield start, string, True


def _find_literals(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """In quotes, and the plain parts of a template."""
    for quoted in LITERAL.finditer(text, start, end):
        yield quoted.start(2), quoted[2]
    for template in TEMPLATE.finditer(text, start, end):
        for chunk in CHUNK.finditer(template[1]):
            yield template.start(1) + chunk.start(1), chunk[1]


def find_ruling_utilities(
    tokens: Sequence[str], width: int
) -> list[tuple[int, Utility, tuple[str, ...]]]:
    """Index, utility and the properties that it decides at this width, of those that decide any."""
    there = [
        (late, -len(utility.names), index, utility)
        for index, token in enumerate(tokens)
        if (utility := parse_utility(token)) is not None
        and (late := rank(utility.variants, width)) is not None
    ]
    # Tailwind's own order: narrow breakpoints before wide ones, all sides before an axis, an axis
    # before one side.
    owner: dict[tuple[str, bool], int] = {}
    for _, _, index, utility in sorted(there, key=lambda one: one[:3]):
        owner.update({(name, utility.children): index for name in utility.names})
    decided = [
        (i, u, tuple(n for n in u.names if owner[n, u.children] == i)) for _, _, i, u in there
    ]
    return [(index, utility, names) for index, utility, names in decided if names]


def _make_knob(
    files: Mapping[str, str],
    words: str,
    part: bool,
    places: Sequence[Place],
    texts: Mapping[Place, str],
    index: int,
    utility: Utility,
    names: tuple[str, ...],
) -> Knob:
    spans = []
    for file, start in places:
        token = list(re.finditer(r"\S+", texts[file, start]))[index]
        spans.append((file, start + token.start(), start + token.end()))
    file, start, end = spans[0]
    return Knob(
        SourceSheet(file, 0, files[file], -1, False),
        start,
        end,
        utility.kind,
        utility.name,
        words,
        utility.variants,
        utility.value,
        utility.unit,
        utility=utility,
        also=tuple(spans[1:]),
        inline=Inline(names, classes=words, part=part, children=utility.children),
    )


def _split_words(string: str) -> str:
    return " ".join(unescape(string).split())


def _find_closing_brace(text: str, start: int) -> int:
    """The offset of the brace that closes the one before `start`."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if not depth:
            return at
    return len(text)
