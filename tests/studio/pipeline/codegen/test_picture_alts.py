"""A picture's `alt` is what the words beside it say; what no words tell is decoration."""

from __future__ import annotations

import re

from studio.pipeline.codegen.draft import make_draft
from tests.studio.pipeline.codegen.sketch import Sketch


def list_alts(page: Sketch) -> list[str]:
    code = make_draft(page.hints(), {}).bundle.files["index.html"]
    return re.findall(r'<img [^>]*alt="([^"]*)"', code)


def shop() -> Sketch:
    page = Sketch(height=900).text(100, 80, "Bread of the week", size=36, weight=700)
    for x, name in ((100, "Rye loaf"), (480, "Walnut roll"), (860, "White bread")):
        page.rect(x, 140, 320, 380, "#f4f4f4").picture(x + 20, 160, 280, 200)
        page.text(x + 20, 400, name, size=22, weight=700)
        page.text(x + 20, 440, "Baked this morning").text(x + 20, 480, "Sold until noon")
    return page


def test_a_card_says_what_its_picture_shows():
    assert list_alts(shop()) == ["Rye loaf", "Walnut roll", "White bread"]


def test_pictures_that_share_one_title_are_decoration():
    page = Sketch(height=900).text(100, 80, "Bread of the week", size=36, weight=700)
    page.picture(100, 140, 500, 300).picture(640, 140, 500, 300)
    assert list_alts(page) == ["", ""]
