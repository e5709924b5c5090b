"""A page's spaces made smaller or larger all alike: paddings, margins, gaps, and the tokens they
are named by.
"""

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
LEAST = 2.0  # px: what is smaller is no space but a hair


def scale_spaces(bundle: Bundle, factor: float) -> Bundle:
    """`factor`: times every space, on a scale of 4 px (2 below 12); what lies over something else
    keeps its place.
    """
    pieces: list[TextSplice] = []
    for sheet in find_sheets(bundle):
        told = list(find_declarations(sheet))
        over = {one.rule_end for one in told if one.name in ("grid-area", "position")}
        pieces += [
            piece
            for one in told
            if one.rule_end not in over
            for piece in _scale_declaration(one, factor)
        ]
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
