"""Colors have a hue or none, and differ by channels."""

from __future__ import annotations

import pytest

from studio.pipeline.layout.color_classes import (
    compute_luminance,
    compute_max_difference,
    is_colorful,
)


@pytest.mark.parametrize("color", ["#2563eb", "#cc2222", "#0b7a43"])
def test_accents_have_a_hue(color: str):
    assert is_colorful(color)


@pytest.mark.parametrize("color", ["#000000", "#888888", "#ffffff", "#1f2937", "#f3f4f6"])
def test_grays_have_none_though_they_are_tinted(color: str):
    assert not is_colorful(color)


def test_luminance_runs_from_black_to_white():
    assert compute_luminance("#000000") == pytest.approx(0.0)
    assert compute_luminance("#ffffff") == pytest.approx(1.0)


def test_green_is_lighter_than_red_and_red_than_blue():
    assert (
        compute_luminance("#00ff00") > compute_luminance("#ff0000") > compute_luminance("#0000ff")
    )


def test_colors_differ_by_their_channel_that_differs_most():
    assert compute_max_difference("#102030", "#102830") == 8
    assert compute_max_difference("#ff0000", "#00ff0a") == 255


def test_the_difference_is_the_same_in_both_directions():
    one, other = "#336699", "#996633"
    assert compute_max_difference(one, other) == compute_max_difference(other, one)
