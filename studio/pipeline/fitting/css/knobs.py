"""What can be turned in a page's code: each number with a length, each colour and weight, at its
place in the source.

A knob is what a person would edit: the value in a rule or a token that is there already, whatever
it rules. Where a rule says nothing of a space, a knob may add the declaration to it.
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
# px of one unit at the usual root size; `em` is taken for the usual size too, for the step that is
# tried is small.
UNITS = {"px": 1.0, "rem": 16.0, "em": 16.0}
MOST = 240  # knobs; a page of 400 lines of CSS has about 150


@dataclass(frozen=True, slots=True)
class Inline:
    """How a knob is tried where the page compiles its own sheets (Tailwind): as a style of the
    elements it rules, those of `selector` or those whose class attribute is `classes` (or holds it,
    with `part`).
    """

    names: tuple[str, ...]
    selector: str = ""
    classes: str = ""
    part: bool = False
    children: bool = False  # of theirs, all but the last
    before: str = ""  # what stands around the number in its declaration
    after: str = ""


@dataclass(frozen=True, slots=True)
class Knob:
    """`value`: in px (line heights without a unit: in em); None for what is no number. `added`: a
    declaration to be.

    `also`: further places of the same text (file, start, end), turned with it.
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
        """The source text for a value."""
        if self.utility is not None:
            return self.utility.written(value)
        return f"  {self.name}: {self.css(value)};\n" if self.added else self.css(value)

    def css(self, value: float | str) -> str:
        """The value as a declaration has it."""
        return (
            value
            if isinstance(value, str)
            else write_number(value / UNITS.get(self.unit, 1.0), self.unit)
        )

    @property
    def spots(self) -> tuple[tuple[str, int, int], ...]:
        """Where it stands: file, start and end."""
        at = self.sheet.offset
        return (self.sheet.file, at + self.start, at + self.end), *self.also

    @property
    def shared(self) -> bool:
        return self.name.startswith("--")


def find_knobs(sheets: Sequence[SourceSheet]) -> list[Knob]:
    """All there are, in the order of the sheets."""
    found = [knob for sheet in sheets for knob in _find_sheet_knobs(sheet)]
    # What is there already comes before what would be added, should there be too many.
    return sorted(found, key=lambda knob: knob.added)[:MOST]


def set_knobs(bundle: Bundle, values: Mapping[Knob, float | str | None]) -> Bundle:
    """The bundle with these knobs at these values; None: without what is written there."""
    edits = [
        (file, start, knob.name, end, "" if value is None else knob.written(value))
        for knob, value in values.items()
        for file, start, end in knob.spots
    ]
    in_order = sorted(edits, reverse=True)  # what is added at one place stands there by its name
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


def _make_knob(of: Declaration, token: Any, start: int) -> Knob | None:
    """The knob of one token of a value, where it can be turned."""
    kind = _find_kind(of.name, token)
    if kind is None:
        return None
    text = of.sheet.text
    common = (of.name, of.selector, of.media)
    if token.type == "dimension" and token.unit in UNITS and token.lower_unit in UNITS:
        end = start + len(token.representation) + len(token.unit)
        if text[start:end] != token.representation + token.unit:
            return None
        return Knob(
            of.sheet, start, end, kind, *common, token.value * UNITS[token.unit], token.unit
        )
    if token.type == "number":
        end = start + len(token.representation)
        if kind == "weight" or of.name == "line-height":
            return Knob(of.sheet, start, end, kind, *common, float(token.value))
        if token.value == 0 and kind == "length" and of.name != "flex":
            return Knob(of.sheet, start, end, kind, *common, 0.0, "px")
        return None
    if token.type in ("hash", "ident") and kind in ("color", "ground", "border", "weight"):
        length = len(token.value) + (token.type == "hash")
        return Knob(of.sheet, start, start + length, kind, *common)
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
        return "border" if token.type == "hash" else None  # a stroke's width is no space
    if name == "font-size":
        return "size" if token.type == "dimension" else None
    if name == "font-weight":
        return "weight"
    return "length" if name in LENGTHS or SPACE.fullmatch(name) else None


def _propose_missing_spaces(declared: Sequence[Declaration]) -> Iterator[Knob]:
    """What may be added to a rule: spaces that nothing in it speaks of."""
    first = declared[0]
    if any(sign in first.selector for sign in (":hover", ":focus", "::", ":root", "*", ":active")):
        return
    names = {declaration.name for declaration in declared}
    said = {name.split("-")[0] for name in names}
    values = {
        token.value
        for d in declared
        if d.name == "display"
        for token in d.tokens
        if token.type == "ident"
    }
    if values & {"flex", "grid", "inline-flex", "inline-grid"}:
        wanted = [] if "gap" in said or "row-gap" in names else ["gap"]
    else:
        wanted = [] if "margin" in said else ["margin-top", "margin-bottom"]
    if "padding" not in said and "background" in said:
        wanted.append("padding")
    for name in wanted:
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
            True,
        )
