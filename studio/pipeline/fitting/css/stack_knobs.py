"""The knobs of a bundle in its stack, and how each is probed on the page made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from studio.pipeline.bundle import Bundle
from studio.pipeline.editing.source_positions import find_tags
from studio.pipeline.fitting.css.class_knobs import find_class_knobs
from studio.pipeline.fitting.css.declarations import SourceSheet, find_sheets, style_tags
from studio.pipeline.fitting.css.knobs import Inline, Knob, find_knobs
from studio.pipeline.stacks.kinds import USES_TAILWIND, Stack

MOST = 400  # knobs; probing a style on some elements takes half the time of a sheet


def find_knobs_at(
    bundle: Bundle, shown: Bundle, stack: Stack, width: int, earlier: Sequence[int] = ()
) -> list[Knob]:
    """Return the knobs that apply at this width and at none of the `earlier` widths.

    `shown` is the page that the stack makes of `bundle` (`stacks.page`).
    """
    if stack in USES_TAILWIND:
        rules = [
            _make_inline_knob(knob)
            for knob in find_knobs([*_find_own_sheets(bundle)])
            if "&" not in knob.selector
        ]
        # The widths of a project's own rules are not evaluated: only rules without a media query are
        # changed.
        rules = [] if earlier else [knob for knob in rules if not knob.media]
        return [*find_class_knobs(bundle, width, earlier), *rules][:MOST]
    knobs = find_knobs([sheet for sheet in find_sheets(shown) if _is_own(sheet, bundle)])
    return [knob for knob in knobs if not earlier or knob.media]


def find_idle_declarations(bundle: Bundle, original: Bundle) -> list[Knob]:
    """Return whole declarations of 0 that `original` does not have.

    The fit added them and later changed them back.
    """
    original_keys = {
        _get_key(knob) for knob in find_knobs([*_find_own_sheets(original)]) if not knob.added
    }
    knobs = find_knobs([*_find_own_sheets(bundle)])
    added = [
        replace(knob, value=0.0, added=True)
        for knob in knobs
        if knob.value == 0 and _get_key(knob) not in original_keys
    ]
    whole = [
        replace(knob, start=knob.start - len(f"  {knob.name}: "), end=knob.end + len(";\n"))
        for knob in added
    ]
    return [knob for knob in whole if knob.sheet.text[knob.start : knob.end] == knob.written(0.0)]


def _get_key(knob: Knob) -> tuple[str, str, str, str]:
    return knob.sheet.file, knob.selector, knob.media, knob.name


def _is_own(sheet: SourceSheet, bundle: Bundle) -> bool:
    """Return True if the shown sheet is in the sources unchanged; a framework's is not."""
    source = bundle.files.get(sheet.file, "")
    return source[sheet.offset : sheet.offset + len(sheet.text)] == sheet.text


def _find_own_sheets(bundle: Bundle) -> Iterator[SourceSheet]:
    for file, text in bundle.files.items():
        if file.endswith(".css"):
            yield SourceSheet(file, 0, text, -1, False)
        elif file.endswith(".html"):
            for style in style_tags(find_tags(text)):
                yield SourceSheet(file, style.end, text[style.end : style.close], -1, False)


def _make_inline_knob(knob: Knob) -> Knob:
    """Return the knob to be probed as a style of the elements its rule affects.

    Tailwind compiles sheets in its own time.
    """
    text = knob.sheet.text
    before = after = ""
    if not knob.added:
        begin = text.rfind(":", 0, knob.start) + 1
        ending = re.compile(r"[;}!]").search(text, knob.end)
        end = ending.start() if ending else len(text)
        before = text[begin : knob.start].strip("\n")
        after = text[knob.end : end]
    return replace(
        knob, inline=Inline((knob.name,), selector=knob.selector, before=before, after=after)
    )
