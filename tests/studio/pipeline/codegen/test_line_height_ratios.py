"""Line heights have no unit, and what the body sets is not said again."""

from __future__ import annotations

import re

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.codegen.element import Element
from studio.pipeline.codegen.line_height_ratios import write_line_heights
from tests.studio.pipeline.codegen.sketch import article


def test_a_line_height_in_px_becomes_a_ratio_of_its_font_size():
    heading = Element("h1", style={"font-size": 40.0, "line-height": 48.0})
    write_line_heights(heading, 16.0, "1.5")
    assert heading.style["line-height"] == "1.2"


def test_a_line_height_that_is_inherited_is_dropped():
    text = Element("p", style={"line-height": 24.0})
    write_line_heights(text, 16.0, "1.5")
    assert text.style == {}


def test_no_line_height_of_a_draft_has_a_unit():
    sheet = make_draft(article().hints(), {}).bundle.files["styles.css"]
    assert re.findall(r"line-height: [\d.]+(?:px|rem|em)", sheet) == []
    assert "line-height: 1.5" in sheet
