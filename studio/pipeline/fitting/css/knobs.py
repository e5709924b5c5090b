"""The knobs of a page's code: each length, color and weight at its place in the source.

A knob is what a person would edit: the existing value in a rule or a token, whatever it affects.
Where a rule sets no space, a knob may add the declaration to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio.pipeline.bundle import Bundle
from studio.pipeline.editing.text_splices import TextSplice, apply_splices
from studio.pipeline.fitting.css.declarations import (
    Declaration,
    Places,
    SourceSheet,
    find_declarations,
)
from studio.pipeline.fitting.css.tailwind_utility import Utility
from studio.pipeline.fitting.css.value_kinds import Kind, write_number

LENGTHS = (
    "gap",
    "row-gap",
    "column-gap",
    "grid-gap",
    "width",
    "max-width",
    "min-width",
    "height",
    "min-height",
    "max-height",
    "line-height",
    "flex-basis",
    "flex",
    "grid-template-columns",
    "grid-template-rows",
    "top",
    "left",
    "right",
    "bottom",
    "inset",
    "text-indent",
    "border-spacing",
)
SPACE = re.compile(r"(margin|padding)(-(block|inline))?(-(top|right|bottom|left|start|end))?")
# Px of one unit at the usual root size. `em` is taken at the usual size too, because the step that
# is probed is small.
UNITS = {"px": 1.0, "rem": 16.0, "em": 16.0}
MOST = 240  # knobs; a page of 400 lines of CSS has about 150


@dataclass(frozen=True, slots=True)
class Inline:
    """How a knob is probed where the page compiles its own sheets (Tailwind).

    It is set as a style of the elements it affects: those of `selector`, or those whose class attribute
    is `classes` (or contains it, with `part`).
    """

    names: tuple[str, ...]
    selector: str = ""
    classes: str = ""
    part: bool = False
    children: bool = False  # it affects their children, all but the last
    before: str = ""  # the text before and after the number in its declaration
    after: str = ""


@dataclass(frozen=True, slots=True)
class Knob:
    """One value in the source that the fit may change.

    `value` is in px (line heights without a unit: in em), None if it is not a number. `added`: the
    declaration does not exist yet. `also`: further places of the same text (file, start, end), which
    change with it.
    """

    sheet: SourceSheet
    start: int
    end: int
    kind: Kind
    name: str
    selector: str
    media: str
    value: float | None = None
    unit: str = ""
    added: bool = False
    inline: Inline | None = None
    utility: Utility | None = None
    also: tuple[tuple[str, int, int], ...] = ()

    def written(self, value: float | str) -> str:
        """Return the source text for a value."""
        if self.utility is not None:
            return self.utility.written(value)
        return f"  {self.name}: {self.css(value)};\n" if self.added else self.css(value)

    def css(self, value: float | str) -> str:
        """Return the value as a declaration has it."""
        if isinstance(value, str):
            return value
        return write_number(value / UNITS.get(self.unit, 1.0), self.unit)

    @property
    def spots(self) -> tuple[tuple[str, int, int], ...]:
        """Return each place of its text: file, start and end."""
        offset = self.sheet.offset
        return (self.sheet.file, offset + self.start, offset + self.end), *self.also

    @property
    def shared(self) -> bool:
        return self.name.startswith("--")


def find_knobs(sheets: Sequence[SourceSheet]) -> list[Knob]:
    """Return at most MOST knobs, in the order of the sheets."""
    knobs = [knob for sheet in sheets for knob in _find_sheet_knobs(sheet)]
    # Existing values come before additions, in case there are too many.
    return sorted(knobs, key=lambda knob: knob.added)[:MOST]


def set_knobs(bundle: Bundle, values: Mapping[Knob, float | str | None]) -> Bundle:
    """Return the bundle with these knobs at these values; None removes the text."""
    edits = [
        (file, start, knob.name, end, "" if value is None else knob.written(value))
        for knob, value in values.items()
        for file, start, end in knob.spots
    ]
    in_order = sorted(edits, reverse=True)  # additions at one place are sorted by name
    return apply_splices(
        bundle, [TextSplice(file, start, end, text) for file, start, _, end, text in in_order]
    )


def _find_sheet_knobs(sheet: SourceSheet) -> Iterator[Knob]:
    places = Places(sheet.text)
    rules: dict[int, list[Declaration]] = {}
    for declaration in find_declarations(sheet):
        rules.setdefault(declaration.rule_end, []).append(declaration)
        for token in declaration.tokens:
            if (knob := _make_knob(declaration, token, places.of(token))) is not None:
                yield knob
    for declared in rules.values():
        yield from _propose_missing_spaces(declared)


def _make_knob(declaration: Declaration, token: Any, start: int) -> Knob | None:
    """Return the knob of one token of a value, None if it cannot be changed."""
    kind = _find_kind(declaration.name, token)
    if kind is None:
        return None
    text = declaration.sheet.text
    common = (declaration.name, declaration.selector, declaration.media)
    if token.type == "dimension" and token.unit in UNITS and token.lower_unit in UNITS:
        end = start + len(token.representation) + len(token.unit)
        if text[start:end] != token.representation + token.unit:
            return None
        return Knob(
            declaration.sheet,
            start,
            end,
            kind,
            *common,
            token.value * UNITS[token.unit],
            token.unit,
        )
    if token.type == "number":
        end = start + len(token.representation)
        if kind == "weight" or declaration.name == "line-height":
            return Knob(declaration.sheet, start, end, kind, *common, float(token.value))
        if token.value == 0 and kind == "length" and declaration.name != "flex":
            return Knob(declaration.sheet, start, end, kind, *common, 0.0, "px")
        return None
    if token.type in ("hash", "ident") and kind in ("color", "ground", "border", "weight"):
        length = len(token.value) + (1 if token.type == "hash" else 0)
        return Knob(declaration.sheet, start, start + length, kind, *common)
    return None


def _find_kind(name: str, token: Any) -> Kind | None:
    if name.startswith("--"):
        if token.type == "hash":
            return "color"
        return "length" if token.type == "dimension" else None
    if name in ("color", "fill"):
        return "color"
    if name in ("background", "background-color"):
        return "ground" if token.type in ("hash", "ident") and token.type != "dimension" else None
    if name.startswith("border") and name.endswith("radius"):
        return "radius"
    if name.startswith("border") or name == "outline":
        return "border" if token.type == "hash" else None  # a border's width is not a space
    if name == "font-size":
        return "size" if token.type == "dimension" else None
    if name == "font-weight":
        return "weight"
    return "length" if name in LENGTHS or SPACE.fullmatch(name) else None


def _propose_missing_spaces(declarations: Sequence[Declaration]) -> Iterator[Knob]:
    """Yield knobs that may be added to a rule: spaces that none of its declarations sets."""
    first = declarations[0]
    if any(sign in first.selector for sign in (":hover", ":focus", "::", ":root", "*", ":active")):
        return
    names = {declaration.name for declaration in declarations}
    set_properties = {name.split("-")[0] for name in names}
    displays = {
        token.value
        for declaration in declarations
        if declaration.name == "display"
        for token in declaration.tokens
        if token.type == "ident"
    }
    if displays & {"flex", "grid", "inline-flex", "inline-grid"}:
        missing = [] if "gap" in set_properties or "row-gap" in names else ["gap"]
    else:
        missing = [] if "margin" in set_properties else ["margin-top", "margin-bottom"]
    if "padding" not in set_properties and "background" in set_properties:
        missing.append("padding")
    for name in missing:
        yield Knob(
            first.sheet,
            first.rule_end,
            first.rule_end,
            "length",
            name,
            first.selector,
            first.media,
            0.0,
            "px",
            added=True,
        )
