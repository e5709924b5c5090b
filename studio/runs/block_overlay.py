"""What the block overlay draws: what of the mockup is in the page, moved, missing, or invented.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from studio.pipeline.perception.hints import Box

MOVED = 2.5  # px; OCR's boxes are that exact

Kind = Literal["matched", "moved", "missing", "invented", "wrong"]
# What a difference is called here; all others ("resized", "recoloured", "reworded", …) are there,
# but wrong.
KINDS: Mapping[str, Kind] = {"missing": "missing", "extra": "invented", "moved": "moved"}


@dataclass(frozen=True, slots=True)
class OverlayBlock:
    """`mockup`, `page`: where it is in each, None where it is not. `words` say what is wrong;
    empty: nothing.
    """

    kind: Kind
    words: str
    lost: float
    element: str
    mockup: Box | None
    page: Box | None


@dataclass(frozen=True, slots=True)
class Overlay:
    """`listed`: what is listed, worst first; `quiet`: drawn only."""

    listed: tuple[OverlayBlock, ...]
    quiet: tuple[OverlayBlock, ...]

    @property
    def counts(self) -> dict[str, int]:
        kinds = [block.kind for block in (*self.listed, *self.quiet)]
        return {
            kind: kinds.count(kind) for kind in ("matched", "moved", "missing", "invented", "wrong")
        }


def make_overlay(
    blocks: Sequence[Mapping[str, Any]], differences: Sequence[Mapping[str, Any]]
) -> Overlay:
    """`blocks` and `differences` as an attempt keeps them; the latter come worst first and stay so."""
    places = {block["element"]: block for block in reversed(blocks)}
    return Overlay(
        tuple(_make_numbered_block(one, places) for one in differences),
        tuple(_make_quiet_block(block) for block in blocks),
    )


def _make_numbered_block(
    difference: Mapping[str, Any], places: Mapping[str, Mapping[str, Any]]
) -> OverlayBlock:
    kind = KINDS.get(difference["kind"], "wrong")
    box = Box(*difference["box"])
    found = places.get(difference["element"] or "")
    page = None if kind == "missing" else Box(*found["page"]) if found else box
    return OverlayBlock(
        kind,
        difference["words"],
        difference["lost"],
        difference["element"] or "",
        None if kind == "invented" else box,
        page,
    )


def _make_quiet_block(block: Mapping[str, Any]) -> OverlayBlock:
    wanted, got = Box(*block["mockup"]), Box(*block["page"])
    dx = got.x - wanted.x
    dy = got.y + got.height / 2 - wanted.y - wanted.height / 2
    off = max(abs(dx), abs(dy))
    words = f"{off:.0f} px" if off > MOVED else ""
    return OverlayBlock("moved" if words else "matched", words, 0.0, block["element"], wanted, got)
