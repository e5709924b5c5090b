"""A page changed as words say where no model writes: what was asked changes, and the code stays a
person's.
"""

from __future__ import annotations

import re

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.color import convert_to_oklch
from studio.pipeline.editing.restyling.requests import read_words
from studio.pipeline.editing.restyling.restyle import RestyledPage, restyle
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.quality.measure import measure_quality
from studio.pipeline.types import Render

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Boats</title>
<link rel="stylesheet" href="styles.css"></head>
<body>
<header class="site-header"><h1 class="title">Boats</h1></header>
<div class="columns">
  <main class="main"><p class="text">For a quiet day on the water.</p><a class="button" href="#">Book a boat</a></main>
  <aside class="sidebar"><p class="text">Open from May</p></aside>
</div>
<footer class="site-footer"><p class="small">By the harbour</p></footer>
</body>
</html>
"""
SHEET = """:root {
  --white: #ffffff;
  --ink: #222222;
  --accent: #2563eb;
  --space: 1.5rem;
}

body { margin: 0; font: 16px/24px "Liberation Sans", sans-serif; color: var(--ink); background: #f4f4f5; }

.site-header { background-color: var(--white); border-bottom: 1px solid #e4e4e7; padding: var(--space); }

.columns { display: grid; grid-template-columns: minmax(0, 1fr) 240px; gap: 32px; padding: 24px; }

.button { display: inline-block; background-color: var(--accent); color: var(--white); padding: 8px 16px; }

.sidebar { background-color: var(--white); padding: 16px; }

.site-footer { padding: 24px; }

.small { font-size: 14px; color: #52525b; }
"""
BOATS = Bundle({"index.html": PAGE, "styles.css": SHEET})


def changed(words: str, page: Bundle = BOATS) -> RestyledPage:
    return restyle(page, read_words(words))


def shown(renderer: Renderer, page: Bundle) -> Render:
    return renderer.render(page, width=900)


def colour(render: Render, words: str) -> str:
    return next(text.color for text in render.texts if words in text.text)


def test_a_dark_theme_turns_grounds_and_words_and_leaves_what_is_painted_in_the_accent(
    renderer: Renderer,
) -> None:
    render = shown(renderer, changed("Make it dark").bundle)
    assert convert_to_oklch(colour(render, "quiet day"))[0] > 0.8
    assert convert_to_oklch(colour(render, "By the harbour"))[0] > 0.7
    assert colour(render, "Book a boat") == "#ffffff"
    fills = {box.element.rsplit(" ", 1)[-1]: box.fill for box in render.boxes if box.fill}
    assert "#2563eb" in fills.values()
    assert all(convert_to_oklch(fill)[0] < 0.35 for fill in fills.values() if fill != "#2563eb")


def test_there_and_back_again_it_reads_as_before(renderer: Renderer) -> None:
    there = changed("Make it dark").bundle
    back = shown(renderer, changed("make it light", there).bundle)
    assert convert_to_oklch(colour(back, "quiet day"))[0] < 0.4
    assert colour(back, "Book a boat") == "#ffffff"


@pytest.mark.parametrize("words", ["Make it dark", "green", "more compact", "without the sidebar"])
def test_the_code_is_as_good_as_it_was(words: str, renderer: Renderer) -> None:
    before, after = (
        measure_quality(renderer, page).score for page in (BOATS, changed(words).bundle)
    )
    assert after > before - 0.02


def test_an_accent_takes_its_shades_along_and_its_words_stay_legible(renderer: Renderer) -> None:
    yellow = changed("use #ffd400").bundle
    assert "--accent: #ffd400" in yellow.files["styles.css"]
    assert colour(shown(renderer, yellow), "Book a boat") == "#111111"
    assert "background-color: var(--white)" in yellow.files["styles.css"]


def test_spaces_become_smaller_and_letters_do_not() -> None:
    sheet = changed("more compact").bundle.files["styles.css"]
    assert "--space: 1rem" in sheet
    assert "gap: 24px; padding: 16px" in sheet
    assert "font-size: 14px" in sheet
    assert "16px/24px" in sheet


def test_what_is_left_out_takes_its_column_and_its_rules_along(renderer: Renderer) -> None:
    page = changed("without the sidebar and the footer").bundle
    assert not re.search("aside|footer|Open from May", page.files["index.html"])
    assert not re.search(r"sidebar|footer|\.small", page.files["styles.css"])
    assert "grid-template-columns: minmax(0, 1fr);" in page.files["styles.css"]
    assert shown(renderer, page).overflow == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("without the table", "The page has no table."),
        ("make it light", "The page is light already."),
    ],
)
def test_what_cannot_be_done_is_said(words: str, sentence: str) -> None:
    done = changed(words)
    assert done.unmet == (sentence,)
    assert done.bundle is BOATS


def test_a_page_without_an_accent_or_a_ground(renderer: Renderer) -> None:
    bare = Bundle({"index.html": PAGE, "styles.css": "p { margin: 0; }\n"})
    assert changed("green", bare).unmet == ("The page has no accent colour.",)
    dark = shown(renderer, changed("dark mode", bare).bundle)
    assert convert_to_oklch(colour(dark, "quiet day"))[0] > 0.8
