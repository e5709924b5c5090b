"""Likeness ranks pages as an eye would, cannot be had cheaply, and says in words what is wrong."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.scoring.likeness.weights import PARTS
from studio.pipeline.types import Comparison, Render
from tests.studio.pipeline.pages import HEIGHT, WIDTH, bundle, hints_from_render, picture, spoiled

Compared = Callable[[Bundle], Comparison]
MOVED = ".buy{position:relative;top:14px}"
SHOT = '<body style="margin:0"><img src="shot.png" style="display:block"></body>'


@pytest.fixture(scope="module")
def mockup(renderer: Renderer) -> Render:
    return renderer.render(bundle(), width=WIDTH, height=HEIGHT)


@pytest.fixture(scope="module")
def compared(renderer: Renderer, mockup: Render) -> Compared:
    hints = hints_from_render(mockup)

    def compared(attempt: Bundle) -> Comparison:
        return compare(picture(mockup), hints, renderer.render(attempt, width=WIDTH, height=HEIGHT))

    return compared


def words(comparison: Comparison) -> list[str]:
    return [difference.words for difference in comparison.differences]


def test_the_same_page_is_alike_in_every_part(compared: Compared) -> None:
    comparison = compared(bundle())
    assert comparison.likeness > 0.999
    assert comparison.parts.keys() == set(PARTS)
    assert all(value > 0.999 for value in comparison.parts.values())
    assert comparison.differences == ()
    assert len(comparison.matches) == 14


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param(
            [f".buy{{position:relative;top:{px}px}}" for px in (0, 4, 14, 60)],
            id="a button ever lower",
        ),
        pytest.param(
            [f"main{{padding-left:{px}px}}" for px in (40, 43, 60, 160)],
            id="a column ever further right",
        ),
        pytest.param(
            [f"h1{{font-size:{px}px}}" for px in (32, 29, 24, 16)], id="a heading ever smaller"
        ),
        pytest.param(
            [f".card{{background:{c}}}" for c in ("#fef3c7", "#fef9e7", "#ffffff", "#222222")],
            id="cards",
        ),
        pytest.param(
            [f".card p{{color:{c}}}" for c in ("#222222", "#666666", "#aaaaaa", "#fef3c7")],
            id="paler text",
        ),
        pytest.param(
            [f"main{{padding-bottom:{px}px}}" for px in (32, 132, 432, 1632)],
            id="a page ever taller",
        ),
        pytest.param(
            ["", ".second{visibility:hidden}", ".card{visibility:hidden}", "main{display:none}"],
            id="missing",
        ),
    ],
)
def test_worse_is_less_alike(compared: Compared, steps: list[str]) -> None:
    likeness = [compared(spoiled(css)).likeness for css in steps]
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[0] > 0.999
    assert min(better - worse for better, worse in pairwise(likeness)) > 0.001


@pytest.mark.parametrize(
    ("attempt", "most"),
    [
        pytest.param("<body></body>", 0.08, id="blank"),
        pytest.param("<body style='background:#1d4ed8'></body>", 0.1, id="one colour"),
        pytest.param(SHOT, 0.35, id="pasted screenshot"),
        pytest.param(
            f"{SHOT}<p style='color:#fff'>North Street Bakery</p>",
            0.4,
            id="screenshot over white words",
        ),
    ],
)
def test_likeness_cannot_be_had_cheaply(
    compared: Compared, mockup: Render, attempt: str, most: float
) -> None:
    assert compared(Bundle({"index.html": attempt}, {"shot.png": mockup.png})).likeness < most


def test_text_without_boxes_loses_what_boxes_are_worth(compared: Compared, mockup: Render) -> None:
    lines = "".join(
        f"<div style='position:absolute;white-space:nowrap;left:{t.box.x}px;top:{t.box.y}px;"
        f"font:{t.weight} {t.size}px {t.family};color:{t.color}'>{t.text}</div>".replace('"', "")
        for t in mockup.texts
    )
    comparison = compared(
        Bundle({"index.html": f"<!doctype html><body style='height:{HEIGHT}px;margin:0'>{lines}"})
    )
    # The white text on the missing band cannot be read either.
    assert comparison.likeness < 0.7
    assert comparison.parts["structure"] < 0.75


@pytest.mark.parametrize(
    ("attempt", "kind", "sentence"),
    [
        (spoiled(MOVED), "moved", "'Order a loaf' 14 px too low"),
        (spoiled(".buy{margin-left:30px}"), "moved", "'Order a loaf' 30 px too far right"),
        (
            spoiled(".buy{color:#333333}"),
            "recoloured",
            "'Order a loaf' is #333333, should be #ffffff",
        ),
        (
            spoiled("h1{font-size:24px}"),
            "resized",
            "'North Street Bakery' is set in 24 px, should be 32 px",
        ),
        (spoiled("", ("Rye loaf", "Rye bread")), "reworded", "'Rye bread' should read 'Rye loaf'"),
        (spoiled("", ("Contact", "")), "missing", "'Contact' is missing at x "),
        (
            spoiled("", ("</main>", "<p>Closed on Sunday</p></main>")),
            "extra",
            "'Closed on Sunday' at x ",
        ),
        (
            spoiled("", ('class="card second"', 'class="second"')),
            "missing",
            "card 2 is missing (x ",
        ),
        (
            spoiled(".second{background:#ff0000}"),
            "recoloured",
            "card 2 is filled #ff0000, should be #fef3c7",
        ),
        (spoiled(".second{position:relative;top:20px}"), "moved", "card 2 is 20 px too low"),
        (spoiled(MOVED), "moved", "the box around 'Order a loaf' is 14 px too low"),
        (
            spoiled(".buy{width:160px}"),
            "resized",
            "the box around 'Order a loaf' is 76 px too wide",
        ),
        (spoiled("body{height:644px}"), "height", "the page is 240 px too tall"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_a_difference_is_told_in_words(
    compared: Compared, attempt: Bundle, kind: str, sentence: str
) -> None:
    told = [d for d in compared(attempt).differences if d.words.startswith(sentence)]
    assert told, words(compared(attempt))
    assert told[0].kind == kind
    assert told[0].lost > 0


def test_one_cause_is_told_once(compared: Compared) -> None:
    told = [
        w
        for w in words(compared(spoiled("main{padding-top:62px}")))
        if "too low" in w and "texts" in w
    ]
    assert told == [
        "'Bread from our own oven, every morning.' and 9 more texts (down to 'Order a loaf') 30 px too low"
    ]


def test_the_costliest_difference_comes_first(compared: Compared) -> None:
    differences = compared(
        spoiled(".card{display:none}.buy{position:relative;top:3px}")
    ).differences
    assert [d.lost for d in differences] == sorted((d.lost for d in differences), reverse=True)
    assert "Order a loaf" not in differences[0].words


def test_a_difference_names_its_element(compared: Compared, renderer: Renderer) -> None:
    difference = next(
        d for d in compared(spoiled(MOVED)).differences if d.words.startswith("'Order a loaf'")
    )
    assert difference.element == "body > main > a"


def test_a_line_is_matched_however_the_dom_cuts_it(compared: Compared) -> None:
    pieces = spoiled(
        "", ("Dark and dense,", "<i style='font-style:normal'>Dark</i> and <span>dense,</span>")
    )
    comparison = compared(pieces)
    assert comparison.likeness > 0.995
    assert "Dark and dense, four" in [match.dom.text for match in comparison.matches]


def test_what_ocr_overlooked_is_no_extra(mockup: Render) -> None:
    hints = hints_from_render(mockup)
    seen = replace(hints, texts=tuple(line for line in hints.texts if line.text != "Contact"))
    assert compare(picture(mockup), seen, mockup).parts["words"] == pytest.approx(1.0)


def test_a_mockup_of_double_density_is_measured_in_css_pixels(
    renderer: Renderer, mockup: Render
) -> None:
    sharp = renderer.render(bundle(), width=WIDTH, height=HEIGHT, scale=2)
    assert Image.open(io.BytesIO(sharp.png)).size == (2 * WIDTH, 2 * HEIGHT)
    hints = replace(hints_from_render(mockup), scale=2.0)
    # One render in seven draws the letters at ratio 2 softer, and then .958 is measured instead of .992.
    assert compare(picture(sharp), hints, mockup).likeness > 0.95


def test_a_taller_render_leaves_the_mockup_as_it_was(renderer: Renderer, mockup: Render) -> None:
    """The mockup is measured anew on a taller canvas, and what was measured before is not kept."""
    hints, wanted = hints_from_render(mockup), picture(mockup)
    before = compare(wanted, hints, mockup)
    taller = renderer.render(spoiled("main{height:700px}"), width=WIDTH, height=HEIGHT)
    assert taller.height > mockup.height
    assert compare(wanted, hints, taller).likeness < 0.95
    assert compare(wanted, hints, mockup) == before


def test_two_textless_pages_are_judged_as_pictures(renderer: Renderer) -> None:
    square = "<body style='margin:0'><div style='width:{}px;height:200px;background:#1d4ed8'></div>"
    renders = [
        renderer.render(bundle(square.format(side)), width=WIDTH, height=HEIGHT)
        for side in (200, 200, 400)
    ]
    hints = hints_from_render(renders[0])
    same, other = (compare(picture(renders[0]), hints, render).likeness for render in renders[1:])
    assert same > 0.999
    assert other < 0.8


def test_the_heat_map_glows_where_the_difference_is(compared: Compared) -> None:
    def glow(comparison: Comparison) -> list[float]:
        image = Image.open(io.BytesIO(comparison.heatmap)).convert("HSV")
        assert image.size == (WIDTH, HEIGHT)
        upper, lower = (
            image.crop((0, top, WIDTH, top + HEIGHT // 2)).split()[1] for top in (0, HEIGHT // 2)
        )
        return [
            sum(value > 60 for value in half.tobytes()) / (WIDTH * HEIGHT / 2)
            for half in (upper, lower)
        ]

    assert max(glow(compared(bundle()))) < 0.001
    upper, lower = glow(compared(spoiled("header{background:#dc2626}")))
    assert upper > 0.2 > 0.01 > lower
