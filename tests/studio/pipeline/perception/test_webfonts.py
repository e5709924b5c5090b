"""A page in an open web font is matched in it, and is given its file; a page in an installed font
never is.
"""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.perception.fonts import list_installed_faces
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.web_fonts import (
    WEB_FONTS,
    collect_font_assets,
    list_web_faces,
    write_font_rules,
)

WORDS = (
    "Boats for a quiet afternoon",
    "Every engine is electric and easy",
    "Ask for a lesson when you come",
    "Opening hours change with the tide",
    "Prices are by the hour or the day",
    "Bring a warm jacket in October",
)


def drawn(path: str) -> Image.Image:
    """Lines of text at twice the size and halved: close to how a browser draws them."""
    page = Image.new("RGB", (1400, 1000), "#ffffff")
    pen = ImageDraw.Draw(page)
    for i, words in enumerate(WORDS):
        pen.text((80, 80 + 140 * i), words, font=ImageFont.truetype(path, 40), fill="#222222")
    return page.resize((700, 500), Image.Resampling.BOX)


@pytest.mark.parametrize("name", ["Inter", "Merriweather"])
def test_a_web_font_is_matched_and_given(name: str) -> None:
    image = drawn(str(WEB_FONTS[name].file(400)))
    hints = find_hints(image, scale=1)
    fonts = [line.font for line in hints.texts]
    assert fonts.count(name) >= 0.8 * len(fonts) > 0
    bundle = make_draft(hints, crop_assets(image, hints)).bundle
    path = WEB_FONTS[name].asset(400)
    assert bundle.assets[path][:4] == b"wOF2"
    assert "SIL Open Font License" in bundle.assets[WEB_FONTS[name].licence].decode()
    assert f'font-family: "{name}"' in bundle.files["styles.css"]
    assert f"url({path})" in bundle.files["styles.css"]


def test_a_page_in_an_installed_font_needs_no_file() -> None:
    face = next(
        face
        for face in list_installed_faces()
        if face.family == "Liberation Sans" and face.weight == 400
    )
    image = drawn(face.path)
    hints = find_hints(image, scale=1)
    assert {line.font for line in hints.texts} == {"Liberation Sans"}
    assert not [path for path in crop_assets(image, hints) if path.endswith(".woff2")]


def test_every_web_font_is_there() -> None:
    assert {face.family for face in list_web_faces()} | {
        face.family for face in list_installed_faces()
    } >= WEB_FONTS.keys()


def test_rules_name_only_files_that_are_given() -> None:
    assets = collect_font_assets(
        [("Inter", 400, False), ("Inter", 650, False), ("Liberation Sans", 400, False)]
    )
    assert sorted(assets) == [
        "assets/fonts/inter-400.woff2",
        "assets/fonts/inter-600.woff2",
        "assets/fonts/inter.txt",
    ]
    rules = write_font_rules(assets, ["Inter", "Lato", "Liberation Sans"])
    assert rules.count("@font-face") == 2
    assert write_font_rules({}, ["Inter"]) == ""
