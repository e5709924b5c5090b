"""A page's fonts are matched by role: the family of headings, the family of the body, with their
weights and sizes.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.pipeline.perception.font_table import MEASURED_WEIGHTS, load_table, measure_fonts
from studio.pipeline.perception.fonts import draw, ink_width_at, measure_extent, width_at
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.web_fonts import WEB_FONTS
from tests.studio.pipeline.perception.lettering import LEFT, Lettering, draw_page, face_of

TITLE = "Quiet gardens for busy families"
BODY = (
    "We plan, plant and look after small city gardens that ask for",
    "almost nothing in return, and one honest price for each of them.",
    "Native shrubs and grasses that carry themselves through the year.",
    "Two visits a season, and a note about what we found and did.",
)
ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    ("heading", "weight", "body"),
    [
        ("Playfair Display", 700, "Montserrat"),
        ("Poppins", 600, "Inter"),
        ("Space Grotesk", 700, "Manrope"),
        ("EB Garamond", 500, "Source Serif 4"),
        ("Caveat", 700, "Nunito"),
        ("Abril Fatface", 400, "JetBrains Mono"),
    ],
)
def test_headings_and_body_are_each_set_in_their_own_family(
    heading: str, weight: int, body: str
) -> None:
    lines = [Lettering(TITLE, heading, 44, weight), *(Lettering(text, body, 16) for text in BODY)]
    hints = find_hints(draw_page(lines), scale=1)
    title, *rest = hints.texts
    assert (title.font, title.weight, round(title.size)) == (heading, weight, 44)
    assert {(line.font, line.size) for line in rest} == {(body, 16.0)}
    assert title.family == WEB_FONTS[heading].generic
    assert rest[0].family == WEB_FONTS[body].generic


def test_a_heading_of_several_lines_has_one_weight() -> None:
    words = ("Quiet gardens for busy", "families and", "their friends in town")
    hints = find_hints(draw_page([Lettering(text, "Inter", 40, 600) for text in words]), scale=1)
    assert {(line.font, line.weight) for line in hints.texts} == {("Inter", 600)}


def test_every_open_font_is_a_package_and_every_font_package_is_offered() -> None:
    listed = json.loads((ROOT / "package.json").read_text())["dependencies"]
    packages = {name for name in listed if name.startswith("@fontsource")}
    offered = {f"{font.folder.parent.name}/{font.package}" for font in WEB_FONTS.values()}
    assert offered == packages
    assert len(offered) >= 60


def test_the_table_of_widths_is_that_of_the_packages() -> None:
    shipped, measured = load_table(), measure_fonts()
    assert shipped.families == measured.families
    assert shipped.weights == measured.weights
    assert np.abs(shipped.metrics.astype(int) - measured.metrics).max() <= 1
    assert set(shipped.families) == WEB_FONTS.keys()
    assert MEASURED_WEIGHTS == (400, 700)


def test_spaced_capitals_keep_their_family_and_their_spacing() -> None:
    lines = [
        Lettering("OPENING HOURS", "Montserrat", 14, 600, spacing=2.0),
        *(Lettering(t, "Montserrat", 16) for t in BODY),
    ]
    found = find_hints(draw_page(lines), scale=1).texts[0]
    assert (found.text, found.font) == ("OPENING HOURS", "Montserrat")
    assert abs(found.letter_spacing - 2.0) <= 0.5
    assert abs(found.size - 14) <= 1


def test_a_bold_word_within_a_line_becomes_a_line_of_its_own_weight() -> None:
    pieces = (("Connect the sensor to the", 400), ("left port", 700), ("of the board", 400))
    below = np.array(draw_page([Lettering(text, "Liberation Sans", 18) for text in BODY]))
    page = np.vstack([np.full((60, below.shape[1], 3), 255, np.uint8), below])
    x, baseline = float(LEFT), 50
    for words, weight in pieces:
        face = face_of("Liberation Sans", weight)
        alpha = draw(face, words, ink_width_at(face, words, 18), 0.0, 18)
        rows, columns = alpha.shape
        top = baseline - round(18 * measure_extent(face, words).above)
        page[top : top + rows, round(x) : round(x) + columns] = np.round(255 * (1 - alpha))[
            :, :, None
        ]
        x += width_at(face, words + " ", 18)
    found = {line.text: line.weight for line in find_hints(Image.fromarray(page), scale=1).texts}
    assert found["left port"] == 700
    assert found["of the board"] == 400
