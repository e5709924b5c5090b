"""A page in a font that is not there is set in one family, each of its styles in one size."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from studio.pipeline.perception import families
from studio.pipeline.perception import font_matching as matching
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.web_fonts import WEB_FONTS

WORDS = (
    "Boats for a quiet afternoon",
    "Every engine is electric and easy",
    "Ask for a lesson when you come",
    "Opening hours change with the tide",
    "Prices are by the hour or the day",
    "Bring a warm jacket in October",
)


@pytest.fixture
def unknown(monkeypatch: pytest.MonkeyPatch) -> Image.Image:
    """Six lines at 20 px and a title at 40 in a font that nobody has: what could be given is kept
    back.
    """
    monkeypatch.setattr(matching, "list_web_faces", tuple)
    monkeypatch.setattr(families, "list_web_faces", tuple)
    path = str(WEB_FONTS["Montserrat"].file(400))
    page = Image.new("RGB", (2100, 1500), "#ffffff")
    pen = ImageDraw.Draw(page)
    pen.text((120, 90), "The harbour", font=ImageFont.truetype(path, 120), fill="#222222")
    for i, words in enumerate(WORDS):
        pen.text((120, 330 + 150 * i), words, font=ImageFont.truetype(path, 60), fill="#222222")
    return page.resize((700, 500), Image.Resampling.BOX)


def test_one_family_and_a_size_for_each_style(unknown: Image.Image) -> None:
    texts = {line.text: line for line in find_hints(unknown, scale=1).texts}
    lines = [texts[words] for words in WORDS]
    assert len({line.font for line in texts.values()}) == 1
    assert len({(line.size, line.letter_spacing, line.weight) for line in lines}) == 1
    assert 1.7 < texts["The harbour"].size / lines[0].size < 2.3
    assert not any(line.italic for line in texts.values())


def test_letters_are_set_apart_so_that_lines_end_about_where_they_did(unknown: Image.Image) -> None:
    from studio.pipeline.layout.font_metrics import measure_ink_width

    for line in find_hints(unknown, scale=1).texts:
        drawn = measure_ink_width(line.text, line.font, line.weight, line.italic) * line.size
        drawn += line.letter_spacing * (len(line.text) - 1)
        assert abs(drawn / line.box.width - 1) < 0.06, line.text


def test_a_stand_in_lays_down_about_as_much_ink(unknown: Image.Image) -> None:
    """Montserrat is wide: a bold face of a narrow family fills its widths, but not its strokes."""
    assert {line.weight for line in find_hints(unknown, scale=1).texts} <= {300, 400, 500}
