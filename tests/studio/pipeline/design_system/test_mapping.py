"""A page's values become the nearest tokens, and what has none is said."""

from __future__ import annotations

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.design_system.component_mapping import map_components
from studio.pipeline.design_system.mapping import declare_tokens, map_tokens
from studio.pipeline.design_system.model import DesignComponent, DesignSystem
from studio.pipeline.design_system.page_mapping import map_page
from tests.studio.pipeline.stacks.pages import draft

SYSTEM = DesignSystem(
    colors={"brand": (12, 108, 140), "paper": (255, 255, 255)},
    sizes={"text-md": 16.0, "text-xl": 26.0},
    spaces={"space-4": 16.0, "space-8": 32.0},
    radii={"radius-lg": 12.0},
    fonts={"font-code": "Fira, monospace", "font-body": '"Inter", sans-serif'},
)


def make_page(css: str, html: str = '<p class="a">x</p>') -> Bundle:
    head = '<head><link rel="stylesheet" href="styles.css"></head>'
    return Bundle(
        {"index.html": f"<!doctype html><html>{head}<body>{html}</body></html>", "styles.css": css}
    )


def map_css(css: str, system: DesignSystem = SYSTEM) -> str:
    page, _ = map_tokens(make_page(css), system)
    return declare_tokens(page, system).files["styles.css"]


def test_a_draft_is_written_with_the_teams_tokens() -> None:
    mapped = map_page(draft(), SYSTEM)
    assert mapped is not None
    page, report = mapped
    sheet = page.files["styles.css"]
    assert "background-color: var(--brand);" in sheet
    assert "--brand: #0c6c8c;" in sheet
    assert "--accent" not in sheet
    assert "font-family: var(--font-body);" in sheet
    assert "padding: var(--space-4) var(--space-8);" in sheet
    assert ("color", "#334155") in {(one.kind, one.value) for one in report.unmapped}
    assert ("color", "#0b6e8f", "brand") in {
        (one.kind, one.value, one.token) for one in report.mapped
    }
    assert "var(--ink)" in sheet  # what has no token stays as it is


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (".a { border: 1px solid #0b6e8f; }", "border: 1px solid var(--brand);"),
        (".a { background: linear-gradient(red, #0c6c8c); }", "linear-gradient(red, var(--brand))"),
        (".a { font-size: 15px; }", "font-size: var(--text-md);"),
        (".a { margin: 0 auto 17px -16px; }", "margin: 0 auto var(--space-4) -16px;"),
        (".a { gap: 24px; }", "gap: 24px;"),
        (".a { width: 16px; line-height: 16px; }", "width: 16px; line-height: 16px;"),
        (".a { border-top-left-radius: 0.75rem; }", "border-top-left-radius: var(--radius-lg);"),
        (".a { font-family: Menlo, monospace; }", "font-family: var(--font-code);"),
        (".a { color: rgb(12 108 140 / 50%); }", "color: rgb(12 108 140 / 50%);"),
        ("@media (max-width: 800px) { .a { gap: 1rem; } }", ".a { gap: var(--space-4); }"),
    ],
)
def test_each_value_gets_the_nearest_token_that_is_near(given: str, written: str) -> None:
    assert written in map_css(given)


def test_a_property_of_the_page_with_a_tokens_name_steps_aside() -> None:
    sheet = map_css(":root { --brand: 3px solid; } .a { outline: var(--brand); color: #0c6c8c; }")
    assert "--page-brand: 3px solid;" in sheet
    assert "outline: var(--page-brand);" in sheet
    assert "color: var(--brand);" in sheet


def test_a_second_mapping_changes_nothing() -> None:
    once = map_css(".a { color: #0b6e8f; padding: 15px; }")
    assert map_css(once) == once


class TestComponents:
    SYSTEM = DesignSystem(
        colors={"brand": (29, 78, 216)},
        components=(
            DesignComponent(
                "button-primary",
                '<button class="btn btn-primary">Save</button>',
                ".btn { border: 0; } .btn-primary { background: var(--brand); } @import 'x.css';",
            ),
            DesignComponent(
                "button-quiet", '<button class="quiet">No</button>', ".quiet { border: 1px solid; }"
            ),
            DesignComponent("card", '<div class="panel"></div>', ".panel { padding: 8px; }"),
            DesignComponent(
                "select", '<select class="choice"></select>', ".choice { color: red; }"
            ),
        ),
    )
    HTML = (
        '<div class="card"><button type="button" class="save">Save</button>'
        "<button class='cancel'>Cancel</button><button class=odd>Odd</button></div>"
    )
    CSS = """.save { background-color: #2563eb; border: 0; } .cancel { border: 1px solid gray; }
.odd { background-color: #facc15; }"""

    def test_elements_that_look_alike_get_the_examples_classes(self) -> None:
        page, _ = map_components(make_page(self.CSS, self.HTML), self.SYSTEM)
        html = page.files["index.html"]
        assert '<button type="button" class="save btn btn-primary">' in html
        assert '<button class="cancel quiet">' in html
        assert "<button class=odd>" in html
        assert '<div class="card panel">' in html

    def test_only_the_rules_of_used_components_are_added_and_none_that_load(self) -> None:
        page, _ = map_components(make_page(self.CSS, self.HTML), self.SYSTEM)
        sheet = page.files["styles.css"]
        assert sheet.startswith(self.CSS)
        assert ".btn-primary { background: var(--brand); }" in sheet
        assert ".choice" not in sheet
        assert "@import" not in sheet

    def test_their_tokens_are_declared(self) -> None:
        mapped = map_page(make_page(self.CSS, self.HTML), self.SYSTEM)
        assert mapped is not None
        assert "--brand: #1d4ed8;" in mapped[0].files["styles.css"]

    def test_it_says_what_is_no_component_and_what_was_not_found(self) -> None:
        _, report = map_components(make_page(self.CSS, self.HTML), self.SYSTEM)
        assert {(one.token, one.uses) for one in report.mapped} == {
            ("button-primary", 1),
            ("button-quiet", 1),
            ("card", 1),
        }
        assert {(one.value, one.uses) for one in report.unmapped} == {
            ("<button> .odd", 1),
            ("select", 0),
        }

    def test_an_example_cannot_bring_markup(self) -> None:
        evil = DesignComponent("card", '<div class="ok &quot;onclick x&gt;"></div>', "")
        page, _ = map_components(make_page("", self.HTML), DesignSystem(components=(evil,)))
        assert '<div class="card ok">' in page.files["index.html"]
