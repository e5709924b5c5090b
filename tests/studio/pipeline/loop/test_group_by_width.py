"""Mockups of several widths are told apart by the width that each shows."""

from __future__ import annotations

import pytest
from PIL import Image

from studio.pipeline.loop.terminal import InputError, group_by_width


def make_mockup(width: int) -> Image.Image:
    return Image.new("RGB", (width, 800), "white")


def test_further_mockups_are_kept_by_their_width() -> None:
    phone, tablet = make_mockup(390), make_mockup(768)
    assert group_by_width(make_mockup(1280), [tablet, phone]) == {768: tablet, 390: phone}


def test_two_of_one_width_are_refused() -> None:
    with pytest.raises(InputError, match="390 CSS px wide"):
        group_by_width(make_mockup(1280), [make_mockup(390), make_mockup(390)])


def test_one_as_wide_as_the_first_is_refused() -> None:
    with pytest.raises(InputError, match="1280 CSS px wide"):
        group_by_width(make_mockup(1280), [make_mockup(1280)])


def test_the_first_ones_width_follows_the_ratio_that_a_person_said() -> None:
    half = make_mockup(640)
    assert group_by_width(make_mockup(1280), [half], scale=1.0) == {640: half}
    with pytest.raises(InputError, match="640 CSS px wide"):
        group_by_width(make_mockup(1280), [half], scale=2.0)
