"""Widths and baselines are those of the installed fonts."""

from __future__ import annotations

import pytest

from studio.pipeline.layout.font_metrics import (
    find_baseline_in_line,
    find_face,
    measure_advance,
    measure_ascent,
    measure_content_height,
    text_width,
)
from tests.studio.pipeline.hand_made import SANS


def test_the_face_of_a_weight_is_the_nearest_of_its_family():
    face = find_face(SANS, 650, False)
    assert (face.family, face.weight, face.italic) == (SANS, 700, False)


def test_slanted_text_gets_a_slanted_face():
    assert find_face(SANS, 400, True).italic


def test_an_unknown_family_gets_an_installed_face():
    assert find_face("No Such Family", 400, False) is not None


def test_a_width_grows_with_the_font_size():
    small, large = (text_width("Harbour", SANS, 400, False, size) for size in (16, 32))
    assert large == pytest.approx(2 * small, rel=0.02)


def test_a_width_is_the_advance_at_a_font_size_of_one_times_the_size():
    advance = measure_advance("Harbour", SANS, 400, False)
    assert text_width("Harbour", SANS, 400, False, 16) == pytest.approx(16 * advance, rel=0.02)


def test_bold_words_are_wider():
    regular, bold = (text_width("Harbour", SANS, weight, False, 16) for weight in (400, 700))
    assert bold > regular


def test_a_higher_line_moves_its_baseline_by_half_of_what_it_gains():
    low, high = (find_baseline_in_line(leading, 16, SANS, 400, False) for leading in (20, 30))
    assert high - low == pytest.approx(5.0)


def test_a_line_as_high_as_its_glyphs_has_its_baseline_at_their_ascent():
    height = measure_content_height(16, SANS, 400, False)
    baseline = find_baseline_in_line(height, 16, SANS, 400, False)
    assert baseline == measure_ascent(16, SANS, 400, False)
