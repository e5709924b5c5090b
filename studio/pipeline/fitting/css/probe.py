"""Asks the browser what each knob does: turned a little on the live page, what moves, grows or
changes colour?

So no cascade is worked out here: flex, grid, custom properties and media queries answer for
themselves.
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

# px that a length is turned by: enough to be more than rounding, too little to wrap most lines
STEP = 4.0
SCRIPT = Path(__file__).with_name("probe.js")
PROBE = "#010203"  # a colour that no page has
TIME_LIMIT = 45.0  # seconds; 150 knobs on a page of 300 lines take 3 on a quiet machine


@dataclass(frozen=True, slots=True)
class ElementState:
    """Of one place (an element): the extent of its own words, its box (left, top, right, bottom),
    and its looks.
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
    """What turning a knob by `step` changed: the new state of each place that changed, and the
    page's height.
    """

    step: float
    changed: Mapping[int, ElementState]
    height: float


@dataclass(frozen=True, slots=True)
class Probed:
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
    """`places`: selectors, as a render names its elements. Knobs that cannot be turned are left
    out.
    """
    sheets = list(dict.fromkeys(knob.sheet for knob in knobs if knob.inline is None))
    job = {
        "sheets": [{"place": s.place, "linked": s.linked, "text": s.text} for s in sheets],
        "places": list(places),
        "tries": [_try(knob, sheets) for knob in knobs],
    }

    def look(page: Page) -> Any:
        return ask(page, f"({read_script(SCRIPT)})({json.dumps(job)})")

    found = renderer.visit(
        make_bundle_site(bundle), look, width=width, height=height, time_limit=TIME_LIMIT
    )
    effects = {
        knob: Effect(
            _step(knob),
            {int(i): _read_state(values) for i, values in told["changed"].items()},
            told["height"],
        )
        for knob, told in zip(knobs, found["effects"], strict=True)
        if told
    }
    before = [_read_state(values) if values else None for values in found["before"]["all"]]
    return Probed(before, found["before"]["height"], effects)


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
    one, two = tuple(values[:4]), tuple(values[4:8])
    return ElementState(one, two, *values[8:])
