"""The block overlay: blocks that match, moved, are missing, invented or wrong. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from studio.pipeline.perception.hints import Box

MOVED = 2.5  # px; the accuracy of the OCR boxes

Kind = Literal["matched", "moved", "missing", "invented", "wrong"]
# Overlay kinds of the difference kinds. All others ("resized", "recoloured", "reworded", …) are
# "wrong".
KINDS: Mapping[str, Kind] = {"missing": "missing", "extra": "invented", "moved": "moved"}


@dataclass(frozen=True, slots=True)
class OverlayBlock:
    """One block of the overlay.

    `mockup` and `page` are its boxes in each picture, None where it is absent. `words` describe the
    error; empty: none.
    """

    kind: Kind
    words: str
    lost: float
    element: str
    mockup: Box | None
    page: Box | None


@dataclass(frozen=True, slots=True)
class Overlay:
    """All blocks of one overlay.

    `listed`: with an error, worst first; `quiet`: only drawn.
    """

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
    """Build the overlay from an attempt's stored blocks and its differences (worst first)."""
    places = {block["element"]: block for block in reversed(blocks)}
    return Overlay(
        tuple(_make_numbered_block(difference, places) for difference in differences),
        tuple(_make_quiet_block(block) for block in blocks),
    )


def _make_numbered_block(
    difference: Mapping[str, Any], places: Mapping[str, Mapping[str, Any]]
) -> OverlayBlock:
    kind = KINDS.get(difference["kind"], "wrong")
    box = Box(*difference["box"])
    block = places.get(difference["element"] or "")
    page: Box | None = box
    if block:
        page = Box(*block["page"])
    if kind == "missing":
        page = None
    return OverlayBlock(
        kind,
        difference["words"],
        difference["lost"],
        difference["element"] or "",
        None if kind == "invented" else box,
        page,
    )


def _make_quiet_block(block: Mapping[str, Any]) -> OverlayBlock:
    mockup = Box(*block["mockup"])
    page = Box(*block["page"])
    dx = page.x - mockup.x
    dy = page.y + page.height / 2 - mockup.y - mockup.height / 2
    off = max(abs(dx), abs(dy))
    words = f"{off:.0f} px" if off > MOVED else ""
    return OverlayBlock("moved" if words else "matched", words, 0.0, block["element"], mockup, page)
