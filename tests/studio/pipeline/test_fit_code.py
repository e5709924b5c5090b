"""The fit turns the few numbers of a page's own rules that are wrong, wherever they stand; the rest
it leaves alone.
"""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.fitting.css.declarations import find_sheets
from studio.pipeline.fitting.css.fit_css import fit_code
from studio.pipeline.fitting.css.knobs import find_knobs, set_knobs
from studio.pipeline.fitting.css.solve import solve
from studio.pipeline.fitting.css.stack_knobs import find_idle_declarations
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup

PAGE = """<!doctype html><html lang="en"><head><title>Bakery</title>
<link rel="stylesheet" href="styles.css"></head><body>
<header><a class="brand">North Street Bakery</a><nav><a>Bread</a><a>Cakes</a><a>Visit us</a></nav></header>
<section class="hero"><h1>Bread from our own oven</h1><p>Every morning from six.</p>
<a class="buy">Order a loaf</a></section>
<section class="cards"><article class="card"><h2>Sourdough</h2><p>Thirty hours of rest.</p></article>
<article class="card"><h2>Rye</h2><p>Dark, moist and good for a week.</p></article>
<article class="card"><h2>Seeded</h2><p>Sunflower, linseed, honey.</p></article></section></body></html>"""
STYLES = """:root { --ink: #1f2937; --brand: #1d4ed8; --gap: 24px; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/24px "Liberation Sans", sans-serif; color: var(--ink); background: #ffffff; }
header { display: flex; justify-content: space-between; background: var(--brand); color: #fff; padding: 20px 48px; }
.brand { font-size: 22px; font-weight: 700; }
nav { display: flex; gap: 32px; }
.hero { padding: 4rem 48px; background: #f3f4f6; }
h1 { margin: 0 0 16px; font-size: 40px; line-height: 48px; }
.hero p { margin: 0 0 32px; font-size: 18px; }
.buy { display: inline-block; background: #16a34a; color: #ffffff; padding: 12px 24px; border-radius: 8px; }
.cards { display: grid; grid-template-columns: repeat(3, 1fr); gap: var(--gap); padding: 48px; }
.card { border: 1px solid #d1d5db; border-radius: 12px; padding: 24px; background: #ffffff; }
.card h2 { margin: 0 0 8px; font-size: 20px; }
.card p { margin: 0; }
"""
MISTAKES = {
    "--gap: 24px": "--gap: 40px",
    "--brand: #1d4ed8": "--brand: #4f46e5",
    "padding: 4rem 48px": "padding: 2.5rem 32px",
    "font-size: 40px": "font-size: 34px",
    "gap: 32px": "gap: 16px",
    "border-radius: 12px; padding: 24px": "border-radius: 4px; padding: 16px",
}


def page(styles: str) -> Bundle:
    return Bundle({"index.html": PAGE, "styles.css": styles})


@pytest.fixture(scope="module")
def sight(renderer: Renderer) -> PerceivedMockup:
    png = renderer.render(page(STYLES), width=1280, height=600).png
    mockup = Image.open(io.BytesIO(png)).convert("RGB")
    return PerceivedMockup(mockup, find_hints(mockup))


def test_every_mistake_is_mended_where_it_was_made(
    sight: PerceivedMockup, renderer: Renderer
) -> None:
    wrong = STYLES
    for right, mistake in MISTAKES.items():
        wrong = wrong.replace(right, mistake)
    fitted = fit_code(page(wrong), [sight], renderer)
    assert fitted.files == page(STYLES).files


def test_what_is_right_is_left_alone(sight: PerceivedMockup, renderer: Renderer) -> None:
    right = page(STYLES)
    assert fit_code(right, [sight], renderer) is right


def test_what_was_added_and_turned_back_goes_again_and_what_a_person_wrote_stays() -> None:
    before = "h1 {\n  color: #111;\n}\n.a { padding: 0; }\np {\n  margin: 0;\n}\n"
    knobs = [
        k
        for k in find_knobs(find_sheets(page(before)))
        if k.added and k.name in ("margin-top", "margin-bottom")
    ]
    fitted = set_knobs(
        page(before), {knob: 0.0 if knob.name == "margin-top" else 8.0 for knob in knobs}
    )
    assert fitted.files["styles.css"].count("margin-top: 0;") == 2
    idle = find_idle_declarations(fitted, page(before))
    assert [(knob.selector, knob.name) for knob in idle] == [
        ("h1", "margin-top"),
        (".a", "margin-top"),
    ]
    after = set_knobs(fitted, dict.fromkeys(idle)).files["styles.css"]
    assert after == fitted.files["styles.css"].replace("  margin-top: 0;\n", "")


def test_numbers_are_found_in_tokens_rules_and_style_elements() -> None:
    styles = (
        "p { padding: 0 12px; color: #123456 } @media (max-width: 600px) { p { padding: 1rem } }"
    )
    found = find_knobs(find_sheets(Bundle({"index.html": f"<style>{styles}</style>"})))
    assert [(k.kind, k.name, k.media, k.value) for k in found if not k.added] == [
        ("length", "padding", "", 0.0),
        ("length", "padding", "", 12.0),
        ("color", "color", "", None),
        ("length", "padding", "(max-width: 600px)", 16.0),
    ]


def test_a_turned_knob_changes_its_own_number_in_its_own_unit() -> None:
    bundle = page(".a { padding: 1rem 2rem }\n.b { padding: 1rem }")
    (knob,) = [k for k in find_knobs(find_sheets(bundle)) if k.selector == ".a" and k.value == 32]
    assert (
        set_knobs(bundle, {knob: 40.0}).files["styles.css"]
        == ".a { padding: 1rem 2.5rem }\n.b { padding: 1rem }"
    )


def test_one_shared_cause_is_found_rather_than_many() -> None:
    moves = np.hstack([np.ones((6, 1)), np.eye(6)])
    costs, limits = np.full(7, 1.5), np.tile([-50.0, 50.0], (7, 1))
    found = solve(moves, np.full(6, 10.0), np.ones(6), costs, limits)
    assert found[0] == pytest.approx(-10, abs=0.5)
    assert np.abs(found[1:]).max() < 0.1


def test_a_text_matched_wrong_does_not_pull_the_others() -> None:
    errors = np.array([8.0] * 9 + [110.0])
    found = solve(
        np.ones((10, 1)), errors, np.ones(10), np.array([1.5]), np.array([[-200.0, 200.0]])
    )
    assert found[0] == pytest.approx(-8, abs=4)
