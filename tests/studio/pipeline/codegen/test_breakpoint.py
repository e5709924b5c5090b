"""Rules for narrow screens do not change a page at the width of its own mockup."""

from __future__ import annotations

import re

import pytest

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.codegen.style_sheet import BREAKPOINT, find_breakpoint
from tests.studio.pipeline.codegen.sketch import Sketch


@pytest.mark.parametrize("width", [320, 390, 768, 800, 801, 1024, 1280])
def test_it_is_below_the_mockups_width(width):
    assert find_breakpoint(width) < width


def test_a_wide_page_has_the_usual_one():
    assert find_breakpoint(1280) == BREAKPOINT == 800


def test_a_phones_page_keeps_its_spaces():
    page = Sketch(width=390, height=900).text(24, 60, "Boats", size=44).text(24, 400, "Book now")
    sheet = make_draft(page.hints(), {}).bundle.files["styles.css"]
    assert {int(px) for px in re.findall(r"max-width: (\d+)px\)", sheet)} == {312}
