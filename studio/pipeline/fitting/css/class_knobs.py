"""Knobs in class strings: each Tailwind utility that applies at a width, in any source file.

A string that occurs in several places, or that a component draws repeatedly, is one knob and is
changed in all places together.
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
# Text between a template's expressions that is not part of a class name.
CHUNK = re.compile(r"(?:^|(?<=\}))(?=\s|(?<!\}))([^${}]+)(?:$|(?<=\s)(?=\$\{))")
# Utilities in a literal that may be only a part of an element's classes; a single one does not show
# which elements have it.
LEAST = 2

Place = tuple[str, int]  # file, offset of a string in it


def find_class_knobs(bundle: Bundle, width: int, earlier: Sequence[int] = ()) -> list[Knob]:
    """Return the knobs of all utilities that apply at `width` px.

    Those that apply at one of the `earlier` widths are left out.
    """
    places_by_string: dict[tuple[str, bool], list[Place]] = defaultdict(list)
    texts: dict[Place, str] = {}
    for file, text in bundle.files.items():
        if file.endswith(SOURCES):
            for start, string, is_part in find_class_strings(text):
                if "\\" not in string and "{{" not in string:
                    places_by_string[_split_words(string), is_part].append((file, start))
                    texts[file, start] = string
    knobs: list[Knob] = []
    for (words, is_part), places in places_by_string.items():
        applied_earlier = {
            index
            for other in earlier
            for index, _, _ in find_ruling_utilities(words.split(), other)
        }
        for index, utility, names in find_ruling_utilities(words.split(), width):
            if index not in applied_earlier and not utility.fixed:
                knobs.append(
                    _make_knob(bundle.files, words, is_part, places, texts, index, utility, names)
                )
    return knobs


def find_class_strings(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield offset and text of every static class string, and whether it may be only a part.

    A part is joined with other strings to an element's classes.
    """
    for match in STATIC.finditer(text):
        group = match.lastindex
        if group:
            yield match.start(group), match[group], False
    for match in COMPUTED.finditer(text):
        end = text.find('"', match.end()) if match[1] else _find_closing_brace(text, match.end())
        expression = text[match.end() : end].strip()
        if expression[:1] + expression[-1:] == '""':
            continue  # a single literal, which STATIC finds
        for start, string in _find_literals(text, match.end(), max(match.end(), end)):
            if len(string.split()) >= LEAST:
                yield start, string, True


def _find_literals(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield offset and text of quoted literals and of the plain parts of templates."""
    for quoted in LITERAL.finditer(text, start, end):
        yield quoted.start(2), quoted[2]
    for template in TEMPLATE.finditer(text, start, end):
        for chunk in CHUNK.finditer(template[1]):
            yield template.start(1) + chunk.start(1), chunk[1]


def find_ruling_utilities(
    tokens: Sequence[str], width: int
) -> list[tuple[int, Utility, tuple[str, ...]]]:
    """Return index, utility and the properties it decides at this width.

    Utilities that decide none are left out.
    """
    applying = [
        (precedence, -len(utility.names), index, utility)
        for index, token in enumerate(tokens)
        if (utility := parse_utility(token)) is not None
        and (precedence := rank(utility.variants, width)) is not None
    ]
    # Tailwind's own order: narrow breakpoints before wide ones, all sides before an axis, an axis
    # before one side.
    deciding: dict[tuple[str, bool], int] = {}
    for _, _, index, utility in sorted(applying, key=lambda entry: entry[:3]):
        deciding.update({(name, utility.children): index for name in utility.names})
    decided = []
    for _, _, index, utility in applying:
        names = tuple(name for name in utility.names if deciding[name, utility.children] == index)
        if names:
            decided.append((index, utility, names))
    return decided


def _make_knob(
    files: Mapping[str, str],
    words: str,
    is_part: bool,
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
        inline=Inline(names, classes=words, part=is_part, children=utility.children),
    )


def _split_words(string: str) -> str:
    return " ".join(unescape(string).split())


def _find_closing_brace(text: str, start: int) -> int:
    """Return the offset of the brace that closes the one before `start`."""
    depth = 1
    for index in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if not depth:
            return index
    return len(text)
