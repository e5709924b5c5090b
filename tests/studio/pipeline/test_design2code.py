"""The field's measure: what it rewards, what it overlooks, and the numbers worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.rendering.page_files import make_bundle_site, make_folder_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.design2code import (
    Design2Code,
    TextBlock,
    find_page_blocks,
    measure_design2code,
    render_probed_page,
    score,
)
from studio.pipeline.scoring.design2code.blocks import find_blocks
from studio.pipeline.scoring.design2code.preprocess import cut_repetition, preprocess_page
from studio.pipeline.scoring.design2code.probe import color_texts
from studio.pipeline.scoring.design2code.reference import find_blocks_slowly
from tests.studio.pipeline.pages import PAGE, bundle, spoiled

Measured = Callable[[Bundle], Design2Code]
BLACK, BLUE = (0.0, 0.0, 0.0), (0.0, 0.0, 255.0)


def block(
    text: str, x: float = 0.1, y: float = 0.1, color: tuple[float, float, float] = BLACK
) -> TextBlock:
    return TextBlock(text, x, y, 0.2, 0.1, color)


@pytest.fixture(scope="module")
def measured(renderer: Renderer) -> Measured:
    """As `measure_design2code` against the unspoiled page, whose blocks are found once."""
    truth = find_page_blocks(renderer, make_bundle_site(bundle()), PAGE)

    def measured(attempt: Bundle) -> Design2Code:
        return score(
            find_page_blocks(renderer, make_bundle_site(attempt), attempt.files["index.html"]),
            truth,
        )

    return measured


def test_the_same_page_is_perfect(renderer: Renderer, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    assert astuple(
        measure_design2code(renderer, tmp_path / "index.html", bundle())
    ) == pytest.approx((1, 1, 1, 1))


def test_each_part_answers_to_its_own_fault(measured: Measured) -> None:
    moved = measured(spoiled("h1{position:relative;left:200px}"))
    assert moved.position < 0.99
    assert (moved.block, moved.text) == pytest.approx((1, 1))
    recoloured = measured(spoiled("h1{color:#ff0000}"))
    assert recoloured.color < 0.97
    assert (recoloured.block, recoloured.text, recoloured.position) == pytest.approx((1, 1, 1))
    reworded = measured(spoiled("", ("Rye loaf", "Rye leaf")))
    assert 0.95 < reworded.text < 0.999
    missing = measured(spoiled(".second{display:none}"))
    assert missing.block < 0.95


def test_a_page_without_text_scores_nothing(measured: Measured) -> None:
    assert measured(bundle("<p></p>")) == Design2Code(0, 0, 0, 0)


def test_blocks_are_glyphs_in_shares_of_the_page(renderer: Renderer) -> None:
    style = "margin:0;font:700 40px Liberation Sans;color:#0000ff"
    html = f"<html><body style='margin:0'><p style='{style}'>HI</p></body></html>"
    (found,) = find_page_blocks(renderer, make_bundle_site(bundle(html)), html)
    assert found.text == "hi"
    assert found.color == BLUE
    assert found.x * 1280 == pytest.approx(3, abs=2)
    assert found.height * 720 == pytest.approx(28, abs=2), "the capital's height, not the line's"


def test_texts_of_one_element_share_a_box(renderer: Renderer) -> None:
    html = "<html><body><p>A <a>x</a> B <em>c</em></p><main>lost</main></body></html>"
    found = find_page_blocks(renderer, make_bundle_site(bundle(html)), html)
    assert [b.text for b in found] == ["a b c", "x"]


def test_every_text_carries_its_elements_colour() -> None:
    found = color_texts(
        "<body><p>a<em>b</em><em style='color:red'>c</em></p><script>d</script></body>", offset=0
    )
    assert [(text.text, text.code) for text in found.texts] == [("a", 4095), ("b", 4095)]
    shifted = color_texts("<body><p>a</p></body>", offset=50)
    assert "color: #fafafa !important" in found.html
    assert "color: #2c2c2c !important" in shifted.html


def test_scores_worked_out_by_hand() -> None:
    reference = [block("alpha", y=0.1), block("beta", y=0.5), block("gamma", y=0.8)]
    prediction = [
        block("alpha", x=0.2, y=0.1),
        block("beta", y=0.5, color=(255.0, 255.0, 255.0)),
        block("zzzz"),
    ]
    found = score(prediction, reference)
    # Two pairs of .02 + .02, and .02 left over on either side: .08 / .12.
    assert found.block == pytest.approx(2 / 3)
    assert found.text == 1.0
    assert found.position == pytest.approx(1 - 0.1 / 2)
    assert found.color == pytest.approx(0.5)  # one right, one as wrong as white for black


def test_a_pair_below_half_alike_is_no_pair() -> None:
    assert score([block("abcdef")], [block("abcxyz")]).text == pytest.approx(0.5)
    assert score([block("abcdef")], [block("abwxyz")]) == Design2Code(0, 0, 0, 0)


def test_neighbours_are_joined_where_that_reads_better() -> None:
    reference = [block("bread from our oven"), block("cakes", y=0.6)]
    prediction = [block("bread from"), block("our oven", x=0.3), block("cakes", y=0.6)]
    found = score(prediction, reference)
    assert found.text == 1.0
    # (.04 + .02) for the joined pair, whose boxes lie side by side, and (.02 + .02): nothing is
    # left over.
    assert found.block == pytest.approx(1.0)


def test_equal_texts_are_told_apart_by_their_neighbours() -> None:
    reference = [block("one", y=0.0), block("buy", y=0.1), block("six", y=0.2)]
    reference += [block("two", y=0.4), block("buy", y=0.5)]
    found = score(reference[3:], reference)
    assert found.position == pytest.approx(1.0), "'buy' after 'two' is the second one"


def test_a_generated_page_is_cut_where_it_repeats_itself() -> None:
    again = "<p>" + "the same sentence over and over, " * 30 + "</p>"
    assert len(cut_repetition(PAGE)) == len(PAGE)
    assert len(cut_repetition(PAGE.replace("</main>", f"{again}</main>"))) < len(PAGE) + 100
    assert "<html><body><p>bare" in preprocess_page("bare")
    assert preprocess_page("<html>" + "<i>x</i>" * 60 + "</html>").count("<i>") == 50


def test_its_own_style_attributes_do_not_matter(measured: Measured) -> None:
    styled = PAGE.replace("<h1>", "<h1 style='color:#ffffff !important;opacity:.99'>")
    assert measured(Bundle({"index.html": styled})).block == pytest.approx(1)


def test_blocks_are_those_of_a_loop_over_pixels(renderer: Renderer) -> None:
    html = "<html><body style='margin:0;width:300px'><h2>Two words</h2><p>A <a>link</a> in text</p></body></html>"
    texts, *pictures = render_probed_page(renderer, make_bundle_site(bundle(html)), html)
    corner = [picture[:160, :300] for picture in pictures]
    assert find_blocks(texts, *corner) == find_blocks_slowly(texts, *corner)


def test_a_page_that_names_no_charset_is_read_as_utf8(renderer: Renderer, tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text(
        "<html><body><h1>Öffnungszeiten</h1><p style='color:#d00'>täglich für Sie</p></body></html>",
        "utf-8",
    )
    assert astuple(measure_design2code(renderer, page, page)) == pytest.approx((1, 1, 1, 1))
    (block, *_) = find_page_blocks(renderer, make_folder_site(page), page.read_text("utf-8"))
    assert block.text == "öffnungszeiten"
