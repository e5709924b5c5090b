"""Likeness sees through how a mockup was made: JPEG, two pixels for one, a font that nobody has.
Cheats stay low.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from PIL import Image

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.loop.baselines import make_flat_page, make_trivial_page, paste_mockup
from studio.pipeline.perception.hints import Hints
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.web_fonts import WEB_FONTS
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from tests.studio.pipeline.pages import bundle, picture
from tests.studio.pipeline.spoilt_pages import BAKERY, HEIGHT, WIDTH

FONT = "@font-face{font-family:Rare;src:url(rare.woff2)}body,button{font-family:Rare!important}"
# What the honest page may lose against its clean score: noise of JPEG and of shrinking, glyphs of
# another shape.
BEARABLE = {"clean": 0.0, "jpeg": 0.03, "double density": 0.03, "a rare font": 0.15}


@dataclass(frozen=True)
class Case:
    mockup: Image.Image
    hints: Hints
    cheats: Mapping[str, Bundle]


@pytest.fixture(scope="module")
def cases(renderer: Renderer) -> dict[str, Case]:
    clean = renderer.render(bundle(BAKERY), width=WIDTH, height=HEIGHT)
    sharp = renderer.render(bundle(BAKERY), width=WIDTH, height=HEIGHT, scale=2)
    rare = bundle(BAKERY.replace("</style>", f"{FONT}</style>"))
    rare = Bundle(rare.files, {"rare.woff2": WEB_FONTS["Inter"].file(400).read_bytes()})
    mockups = {
        "clean": picture(clean),
        "jpeg": jpeg(picture(clean)),
        "double density": picture(sharp),
        "a rare font": picture(renderer.render(rare, width=WIDTH, height=HEIGHT)),
    }
    read = {name: find_hints(image, scale=image.width / WIDTH) for name, image in mockups.items()}
    return {
        name: Case(image, read[name], cheats(image, read[name])) for name, image in mockups.items()
    }


def jpeg(image: Image.Image) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return Image.open(out).convert("RGB")


def cheats(mockup: Image.Image, hints: Hints) -> dict[str, Bundle]:
    pasted = paste_mockup(mockup, hints)
    words = " ".join(line.text for line in hints.texts)
    return {
        "blank": Bundle({ENTRY: "<!doctype html><body></body>"}),
        "flat": make_flat_page(mockup, hints),
        "pasted": pasted,
        "pasted, with words under it": Bundle(
            {
                ENTRY: f"{pasted.files[ENTRY]}<p style='position:absolute;top:0;z-index:-1'>{words}</p>"
            },
            pasted.assets,
        ),
        "text dump": Bundle({ENTRY: f"<!doctype html><body>{words}"}),
        "text in its place, nothing else": make_trivial_page(mockup, hints),
    }


def likeness(renderer: Renderer, case: Case, page: Bundle) -> float:
    return compare(
        case.mockup, case.hints, renderer.render(page, width=WIDTH, height=HEIGHT)
    ).likeness


@pytest.mark.parametrize("name", BEARABLE)
def test_the_honest_page_scores_as_it_does_clean(
    renderer: Renderer, cases: dict[str, Case], name: str
) -> None:
    clean = likeness(renderer, cases["clean"], bundle(BAKERY))
    assert clean > 0.97
    assert likeness(renderer, cases[name], bundle(BAKERY)) >= clean - BEARABLE[name]


@pytest.mark.parametrize("name", BEARABLE)
def test_cheats_stay_low(renderer: Renderer, cases: dict[str, Case], name: str) -> None:
    case = cases[name]
    assert case.hints.width == WIDTH
    honest = likeness(renderer, case, bundle(BAKERY))
    found = {cheat: likeness(renderer, case, page) for cheat, page in case.cheats.items()}
    assert max(found.values()) < honest - 0.1
    without_place = {
        cheat: value for cheat, value in found.items() if cheat != "text in its place, nothing else"
    }
    assert max(without_place.values()) < 0.5
