"""Scaling of a page's spaces: paddings, margins, gaps, and the tokens that name them."""

from __future__ import annotations

from collections.abc import Iterator

from studio.pipeline.bundle import Bundle
from studio.pipeline.editing.text_splices import TextSplice, apply_splices
from studio.pipeline.fitting.css.declarations import (
    Declaration,
    Places,
    find_declarations,
    find_sheets,
)

SPACES = ("padding", "margin", "gap", "row-gap", "column-gap", "--space", "--spacing", "--gap")
UNITS = {"px": 1.0, "rem": 16.0, "em": 16.0}
LEAST = 2.0  # px; what is smaller is a fine line, not a space


def scale_spaces(bundle: Bundle, factor: float) -> Bundle:
    """Return the page with every space times `factor`, on a scale of 4 px (2 below 12).

    What lies over something else keeps its place.
    """
    pieces: list[TextSplice] = []
    for sheet in find_sheets(bundle):
        declarations = list(find_declarations(sheet))
        overlaying_rules = {
            declaration.rule_end
            for declaration in declarations
            if declaration.name in ("grid-area", "position")
        }
        for declaration in declarations:
            if declaration.rule_end not in overlaying_rules:
                pieces += _scale_declaration(declaration, factor)
    return apply_splices(bundle, pieces)


def _scale_declaration(declaration: Declaration, factor: float) -> Iterator[TextSplice]:
    if not declaration.name.startswith(SPACES):
        return
    places = Places(declaration.sheet.text)
    for token in declaration.tokens:
        unit = UNITS.get(token.lower_unit) if token.type == "dimension" else None
        if unit is None or abs(token.value * unit) <= LEAST:
            continue
        start = declaration.sheet.offset + places.of(token)
        value = _round_to_even(token.value * unit * factor) / unit
        end = start + len(token.representation) + len(token.unit)
        yield TextSplice(declaration.sheet.file, start, end, f"{value:.5g}{token.unit}")


def _round_to_even(px: float) -> float:
    step = 4 if abs(px) >= 12 else 2
    return step * round(px / step)
