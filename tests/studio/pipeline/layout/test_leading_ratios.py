"""Line heights are ratios: paragraphs show theirs, single lines take what explains their gaps."""

from __future__ import annotations

import pytest

from studio.pipeline.layout.font_metrics import find_baseline_in_line
from studio.pipeline.layout.leading_ratios import round_ratio, set_leading_ratios
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import SANS, STORY, Sketch
from tests.studio.pipeline.hand_made import make_box, make_group, make_page, make_text


def list_ratios(page: Sketch) -> dict[str, float]:
    texts = [node for node in build_tree(page.hints()).walk() if node.flow == "text"]
    return {node.text: node.style.leading / node.style.size for node in texts}


def find_text(page: Sketch, words: str) -> Node:
    return next(node for node in build_tree(page.hints()).walk() if node.text == words)


def write_stack(ratio: float, words: list[tuple[str, float]], gap: float) -> Sketch:
    """Lines of these sizes below each other, `gap` px apart, in a box with 24 px of padding."""
    page = Sketch()
    y = 124.0
    baselines = []
    for _, size in words:
        drop = find_baseline_in_line(size * ratio, size, SANS, 400, False)
        baselines.append(round(y + drop))
        y += size * ratio + gap
    page.rect(100, 100, 600, y - gap + 24 - 100, "#eeeeee")
    for (text, size), baseline in zip(words, baselines, strict=True):
        page.text(124, baseline, text, size=size)
    return page


@pytest.mark.parametrize(("pitch", "ratio"), [(24.0, 1.5), (22.0, 1.375), (26.0, 1.625)])
def test_a_paragraph_keeps_the_line_height_that_it_shows(pitch, ratio):
    page = Sketch().paragraph(100, 140, STORY, pitch=pitch)
    assert list_ratios(page)[" ".join(STORY)] == pytest.approx(ratio, abs=0.02)


def test_a_single_line_takes_the_ratio_of_the_paragraphs():
    page = Sketch().paragraph(100, 140, STORY, pitch=25.6).text(100, 300, "Read on here")
    assert list_ratios(page)["Read on here"] == pytest.approx(1.6, abs=0.01)


def test_headings_have_a_ratio_of_their_own():
    page = Sketch().text(100, 80, "A quiet revolution", size=40).paragraph(100, 140, STORY)
    assert list_ratios(page)["A quiet revolution"] < 1.5


def test_lines_whose_gaps_only_one_ratio_explains_take_it():
    words = [("One thing", 15.0), ("Another longer thing", 15.0), ("Third", 15.0)]
    page = write_stack(1.2, words, 12.0)
    assert list_ratios(page)["Another longer thing"] == pytest.approx(1.2, abs=0.01)


def test_baselines_stay_where_the_mockup_has_them():
    node = find_text(Sketch().text(100, 80, "A quiet revolution", size=40), "A quiet revolution")
    drop = find_baseline_in_line(node.style.leading, 40, SANS, 400, False)
    assert node.box.y + drop == pytest.approx(80)


def test_a_measured_pitch_is_rounded_only_within_its_noise():
    assert round_ratio(19.25, 16.0, 0.25) == 1.2
    assert round_ratio(18.1, 16.0, 0.05) == pytest.approx(1.13)


@pytest.mark.parametrize(
    ("pitch", "size", "noise", "ratio"),
    [(24.1, 16.0, 0.25, 1.5), (27.0, 20.0, 0.1, 1.35), (21.3, 16.0, 0.05, 1.33)],
    ids=["usual", "a twentieth", "as measured"],
)
def test_a_ratio_is_the_plainest_that_the_pitch_allows(
    pitch: float, size: float, noise: float, ratio: float
):
    assert round_ratio(pitch, size, noise) == pytest.approx(ratio)


def test_a_page_without_texts_stays_as_it_is():
    page = make_page(make_box(100, 100, 200, 80))
    assert set_leading_ratios(page) is page


def test_a_painted_box_keeps_its_size_and_a_group_grows_with_its_lines():
    group = make_group("column", make_text("Boats", 120, 120), make_text("Prices", 120, 160))
    page = set_leading_ratios(make_page(make_box(100, 100, 400, 200, group)))
    [box] = page.children
    assert box.box.height == 200
    lines = [node for node in page.walk() if node.flow == "text"]
    assert box.children[0].box.y == min(node.box.y for node in lines)
    assert box.children[0].box.bottom == max(node.box.bottom for node in lines)


def test_all_lines_of_one_look_have_one_ratio():
    texts = [make_text(f"Line {i}", 100, 37 * i * i) for i in range(5)]
    page = set_leading_ratios(make_page(*texts))
    assert len({node.style.leading for node in page.walk() if node.flow == "text"}) == 1
