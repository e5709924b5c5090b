"""Repeated blocks become one component, also where variants have classes of their own."""

from __future__ import annotations

from studio.pipeline.bundle import Bundle
from studio.pipeline.stacks.project import make_project

CARD = (
    '<article class="card{mod}"><h3 class="card__title">{title}</h3>'
    '<svg class="icon" viewBox="0 0 {size} 20" fill="currentColor"><path d="M0 0L{size} 20Z"></path>'
    '</svg><p class="card__text">{text}</p></article>'
)
SHEET = ".card { padding: 16px; } .card--featured { background-color: #222222; color: #ffffff; }"
ROWS = (("Fast", "It is fast", "", 20), ("Safe", "It is safe", " card--featured", 24))


def make_files(stack: str) -> dict[str, str]:
    cards = "".join(
        CARD.format(title=title, text=text, mod=mod, size=size) for title, text, mod, size in ROWS
    )
    html = (
        '<!DOCTYPE html><html lang="en"><head><title>Cards</title>'
        '<link rel="stylesheet" href="styles.css"></head><body><main><section class="cards">'
        f"<h2>Cards of two kinds</h2>{cards}</section></main></body></html>"
    )
    bundle = Bundle({"index.html": html, "styles.css": SHEET}, {})
    return dict(make_project(bundle, stack).files)  # type: ignore[arg-type]


def test_a_variant_is_a_prop_of_the_component():
    files = make_files("react")
    card = files["src/components/Card.jsx"]
    assert "className={className}" in card
    assert "{title}" in card
    assert "{text}" in card


def test_props_are_typed():
    assert "@param {{ className: string," in make_files("react")["src/components/Card.jsx"]
    assert "title: String" in make_files("vue")["src/components/Card.vue"]


def test_an_icon_of_each_item_is_a_prop_with_its_attribute_spelled_as_svg_does():
    assert "viewBox={iconViewBox}" in make_files("react")["src/components/Card.jsx"]
    assert ':viewBox="iconViewBox"' in make_files("vue")["src/components/Card.vue"]


def test_items_are_told_apart_by_what_names_them():
    files = make_files("react")
    assert any("key={card.title}" in text for text in files.values())


def test_a_button_that_opens_a_menu_keeps_its_target_as_react_spells_it():
    html = (
        '<!DOCTYPE html><html lang="en"><head><title>Menu</title>'
        '<link rel="stylesheet" href="styles.css"></head><body><aside>'
        '<button type="button" popovertarget="site-menu">Menu</button>'
        '<nav id="site-menu" popover="auto"><a href="#">Home</a></nav></aside></body></html>'
    )
    files = make_project(
        Bundle({"index.html": html, "styles.css": "a { color: red; }"}, {}), "react"
    )
    code = "".join(text for name, text in files.files.items() if name.endswith(".jsx"))
    assert 'popoverTarget="site-menu"' in code
    assert 'popover="auto"' in code
