"""The parts of the section library: markup, colors, rules, pictures, icons."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ElementTree

import pytest

from studio.pipeline.color import compute_contrast
from studio.pipeline.outline.schema import THEME_KEYS, Look
from studio.pipeline.outline.topics import load_topics
from studio.pipeline.sections.icons import choose_icons, draw_icon, load_icons
from studio.pipeline.sections.markup import make, write
from studio.pipeline.sections.objects import list_objects
from studio.pipeline.sections.palettes import make_palette
from studio.pipeline.sections.pictures import PictureBook
from studio.pipeline.sections.rule_selection import UsedNames, list_names, select_rules

ACCENTS = ("", "#ffee00", "#0a0a0a", "#ffffff", "#1e3a6e", "#d81b60", "#808080", "#16a34a")
LEGIBLE = 4.5


class TestMarkup:
    def test_texts_and_attributes_are_escaped(self) -> None:
        element = make("p", "<b> & co", title='"x" <y>')
        assert write(element) == '<p title="&quot;x&quot; &lt;y&gt;">&lt;b&gt; &amp; co</p>\n'

    def test_empty_children_are_left_out_and_blocks_are_indented(self) -> None:
        element = make("ul", make("li", "One"), None, "", make("li", "Two"))
        assert write(element) == "<ul>\n  <li>One</li>\n  <li>Two</li>\n</ul>\n"

    def test_names_of_attributes(self) -> None:
        field = make("input", aria_label="x", for_="y", required=True, disabled=False)
        assert write(field) == '<input aria-label="x" for="y" required>\n'


class TestPalettes:
    @pytest.mark.parametrize(
        ("theme", "accent", "is_dark"), list(itertools.product(THEME_KEYS, ACCENTS, (False, True)))
    )
    def test_every_text_is_legible_on_its_ground(
        self, theme: str, accent: str, is_dark: bool
    ) -> None:
        colors = make_palette(Look(theme, accent, is_dark=is_dark))  # type: ignore[arg-type]
        for ground in (colors.ground, colors.surface, colors.tint):
            assert compute_contrast(colors.ink, ground) >= LEGIBLE
            assert compute_contrast(colors.muted, ground) >= LEGIBLE
            assert compute_contrast(colors.accent_ink, ground) >= LEGIBLE
        assert compute_contrast(colors.on_accent, colors.accent) >= LEGIBLE
        assert compute_contrast(colors.on_deep, colors.deep) >= LEGIBLE
        assert compute_contrast(colors.deep_muted, colors.deep) >= LEGIBLE

    def test_themes_differ(self) -> None:
        assert len({make_palette(Look(theme)).ground for theme in THEME_KEYS}) >= 5


class TestRules:
    SHEET = """/* note */
.a { color: red; }
.b, .a:hover { color: blue; }
.a:not(.c) p { margin: 0; }
@media (min-width: 1px) { .b { margin: 0; } .a { margin: 1px; } }
@media (min-width: 2px) { .b { margin: 0; } }
details [open] { color: red; }
"""

    def test_only_rules_that_can_match_are_kept(self) -> None:
        used = UsedNames(frozenset({"a"}), frozenset({"p"}))
        css = select_rules(self.SHEET, used)
        assert ".b" not in css
        assert "2px" not in css
        assert "open" not in css
        assert ".a:hover {" in css
        assert ".a:not(.c) p {" in css
        assert "margin: 1px" in css

    def test_names_are_read_from_markup(self) -> None:
        used = list_names('<details class="x y" open><a aria-current="page"></a></details>')
        assert used.classes == {"x", "y"}
        assert {"details", "a", "open", "aria-current"} <= used.elements


class TestPictures:
    @pytest.mark.parametrize("topic", ["", *load_topics()])
    def test_every_topic_has_pictures_that_are_svg(self, topic: str) -> None:
        look = Look()
        book = PictureBook(make_palette(look), look, topic, "seed")
        book.draw_hero((800, 880))
        book.draw_cover((1600, 800))
        book.draw_map((800, 640))
        for number in range(4):
            book.draw_object(f"Thing {number}", (640, 560))
            book.draw_scene(f"scene {number}", (800, 600))
            book.draw_person(f"Person {number}", (480, 480))
        assert len(book.assets) == 15
        for data in book.assets.values():
            assert ElementTree.fromstring(data).tag.endswith("svg")

    def test_the_same_page_gets_the_same_pictures(self) -> None:
        look = Look()
        books = [PictureBook(make_palette(look), look, "sea", "seed") for _ in range(2)]
        for book in books:
            book.draw_hero((800, 880))
        assert books[0].assets == books[1].assets

    def test_a_title_that_names_another_thing_shows_it(self) -> None:
        look = Look()
        book = PictureBook(make_palette(look), look, "bread", "seed")
        path = book.draw_object("Coffee", (640, 560))
        cup = list_objects("coffee")[0].partition("stroke-width")[2][:20]
        assert cup in book.assets[path].decode()


class TestIcons:
    def test_an_icon_says_what_the_item_says(self) -> None:
        assert choose_icons(["Fast delivery in one hour", "Organic flour"]) == ["clock", "leaf"]

    def test_no_icon_twice(self) -> None:
        chosen = choose_icons(["Something"] * 5)
        assert len(set(chosen)) == 5

    def test_every_meaning_has_strokes(self) -> None:
        icons = load_icons()
        assert set(icons.meanings) <= set(icons.paths)
        assert 'aria-hidden="true"' in write(draw_icon("check"))
