"""Code quality: facts counted right, and every way of making code worse ranks it lower, the more the
lower.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio.pipeline.rendering.render import Renderer, RenderError
from studio.pipeline.scoring.quality.measure import CodeQuality, measure_quality
from studio.pipeline.scoring.quality.parts import WEIGHTS
from tests.studio.pipeline.pages import Bundle
from tests.studio.pipeline.scoring.quality import spoilt_code
from tests.studio.pipeline.scoring.quality.spoilt_code import BODY, page

# Each fault, and the part of quality that it is meant to lower.
MEANT: dict[Callable[[float], Bundle], str] = {
    spoilt_code.inlined: "clean",
    spoilt_code.flattened: "elements",
    spoilt_code.duplicated: "names",
    spoilt_code.fixed: "responsive",
    spoilt_code.absolutised: "layout",
    spoilt_code.dead_ruled: "clean",
    spoilt_code.gaudy: "tokens",
    spoilt_code.malformed: "clean",
    spoilt_code.numbered: "names",
    spoilt_code.meaningless: "names",
    spoilt_code.single_used: "components",
    spoilt_code.off_scale: "layout",
    spoilt_code.far_offset: "layout",
    spoilt_code.uneven: "elements",
    spoilt_code.level_skipping: "elements",
    spoilt_code.split_by_line: "elements",
    spoilt_code.empty_boxed: "clean",
    spoilt_code.wrapped: "clean",
    spoilt_code.ruled: "clean",
    spoilt_code.icon_cropped: "clean",
    spoilt_code.strip_cropped: "clean",
    spoilt_code.formless: "elements",
    spoilt_code.header_repeating: "elements",
    spoilt_code.loose_texted: "elements",
    spoilt_code.misordered: "elements",
    spoilt_code.gaping: "responsive",
    spoilt_code.sideways: "responsive",
    spoilt_code.edge_touching: "responsive",
}


@pytest.fixture(scope="module")
def good(renderer: Renderer) -> CodeQuality:
    return measure_quality(renderer, page(BODY))


def test_good_code_scores_high_in_every_part(good: CodeQuality) -> None:
    assert good.score > 0.93
    assert min(good.parts.values()) > 0.85
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert good.score == pytest.approx(
        sum(WEIGHTS[name] * value for name, value in good.parts.items())
    )


@pytest.mark.parametrize("spoil", MEANT, ids=lambda spoil: spoil.__name__)
def test_the_more_of_it_is_spoiled_the_lower_it_ranks(
    renderer: Renderer, good: CodeQuality, spoil: Callable[[float], Bundle]
) -> None:
    graded = [good, *(measure_quality(renderer, spoil(share)) for share in (0.3, 0.6, 1.0))]
    scores = [round(one.score, 4) for one in graded]
    assert scores == sorted(set(scores), reverse=True)
    part = MEANT[spoil]
    assert graded[-1].parts[part] < good.parts[part] - 0.04


def test_what_sticks_out_on_a_phone_costs_that_width(renderer: Renderer, good: CodeQuality) -> None:
    found = measure_quality(
        renderer, page(BODY.replace('class="cards"', 'class="cards" style="width: 700px"'))
    )
    assert found.facts.reflow[390].overflow > 300
    assert found.facts.reflow[1440].overflow == 0
    assert found.parts["responsive"] < good.parts["responsive"] - 0.1


def test_letters_on_letters_are_seen(renderer: Renderer) -> None:
    words = "<p style='margin: 0 0 -18px'>Words that lie on others</p>" * 2
    facts = measure_quality(renderer, page(words)).facts
    assert facts.reflow[1440].covered > 10


def test_letters_that_a_box_hides_are_cut_off(renderer: Renderer) -> None:
    words = "<p style='overflow: hidden; height: 9px'>Words of which the lower half is hidden</p>"
    reader_only = "<span style='position: absolute; width: 1px; height: 1px; overflow: hidden'>Skip to the boats</span>"
    assert measure_quality(renderer, page(words)).facts.reflow[1440].cut > 10
    assert (
        measure_quality(renderer, page(f"<p>All of these words</p>{reader_only}"))
        .facts.reflow[1440]
        .cut
        == 0
    )


def test_broken_accessibility_is_named(renderer: Renderer) -> None:
    facts = measure_quality(
        renderer, page("<main><h3>Boats</h3><img src='a.png'><input></main>")
    ).facts
    assert {"image-alt", "label", "page-has-heading-one"} <= set(facts.broken)


def test_a_blank_page_is_no_good_code(renderer: Renderer) -> None:
    assert 0 <= measure_quality(renderer, page("")).score < 0.75


def test_no_page_is_one_clear_sentence(renderer: Renderer) -> None:
    with pytest.raises(RenderError, match=r"no index\.html"):
        measure_quality(renderer, Bundle({}))
