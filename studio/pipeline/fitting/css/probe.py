"""Probing of knobs in the browser.

Each is changed a little on the live page, and the effects are read. So no cascade is computed here:
the browser resolves flex, grid, custom properties and media queries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.pipeline.bundle import Bundle
from studio.pipeline.fitting.css.declarations import SourceSheet
from studio.pipeline.fitting.css.knobs import Knob
from studio.pipeline.rendering.browser_page import ask, read_script
from studio.pipeline.rendering.page_files import make_bundle_site

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from studio.pipeline.rendering.render import Renderer

# Px by which a length is changed: enough to exceed rounding, too little to rewrap most lines.
STEP = 4.0
SCRIPT = Path(__file__).with_name("probe.js")
PROBE = "#010203"  # a color that pages do not use
TIME_LIMIT = 45.0  # seconds; 150 knobs on a page of 300 lines take 3 on a quiet machine


@dataclass(frozen=True, slots=True)
class ElementState:
    """The state of one place (an element).

    `words` is the extent of its own text and `box` its box (left, top, right, bottom); the rest is its
    look.
    """

    words: tuple[float, float, float, float]
    box: tuple[float, float, float, float]
    size: float
    radius: float
    color: str
    ground: str
    border: str
    weight: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What changing a knob by `step` changed.

    `changed` holds the new state of each place that changed; `height` is the page's.
    """

    step: float
    changed: Mapping[int, ElementState]
    height: float


@dataclass(frozen=True, slots=True)
class Probed:
    """The states before any change, and the effect of each knob."""

    before: Sequence[ElementState | None]
    height: float
    effects: Mapping[Knob, Effect]


def probe_knobs(
    renderer: Renderer,
    bundle: Bundle,
    knobs: Sequence[Knob],
    places: Sequence[str],
    *,
    width: int,
    height: int,
) -> Probed:
    """Return the effect of each knob; knobs that cannot be changed are left out.

    `places` are selectors, as a render names its elements.
    """
    sheets = list(dict.fromkeys(knob.sheet for knob in knobs if knob.inline is None))
    job = {
        "sheets": [
            {"place": sheet.place, "linked": sheet.linked, "text": sheet.text} for sheet in sheets
        ],
        "places": list(places),
        "tries": [_try(knob, sheets) for knob in knobs],
    }

    def look(page: Page) -> Any:
        return ask(page, f"({read_script(SCRIPT)})({json.dumps(job)})")

    answer = renderer.visit(
        make_bundle_site(bundle), look, width=width, height=height, time_limit=TIME_LIMIT
    )
    effects = {
        knob: Effect(
            _step(knob),
            {int(i): _read_state(values) for i, values in effect["changed"].items()},
            effect["height"],
        )
        for knob, effect in zip(knobs, answer["effects"], strict=True)
        if effect
    }
    before = [_read_state(values) if values else None for values in answer["before"]["all"]]
    return Probed(before, answer["before"]["height"], effects)


def _try(knob: Knob, sheets: Sequence[SourceSheet]) -> dict[str, Any]:
    other = _choose_other_value(knob)
    if knob.inline is not None:
        text = knob.inline.before + knob.css(other) + knob.inline.after
        return {"inline": asdict(knob.inline), "text": text}
    return {
        "sheet": sheets.index(knob.sheet),
        "start": knob.start,
        "end": knob.end,
        "text": knob.written(other),
    }


def _choose_other_value(knob: Knob) -> float | str:
    if knob.kind in ("color", "ground", "border"):
        return PROBE
    if knob.kind == "weight":
        return "100"
    return (knob.value or 0.0) + _step(knob)


def _step(knob: Knob) -> float:
    return 0.25 if knob.name == "line-height" and not knob.unit else STEP


def _read_state(values: Sequence[Any]) -> ElementState:
    words = tuple(values[:4])
    box = tuple(values[4:8])
    return ElementState(words, box, *values[8:])
