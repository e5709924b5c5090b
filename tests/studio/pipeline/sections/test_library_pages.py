"""Pages of the section library: every section in every theme is valid, clean, and holds on a phone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.outline.plan import plan_outline
from studio.pipeline.outline.schema import THEME_KEYS, Outline, ThemeKey
from studio.pipeline.outline.section_kinds import SECTION_KINDS, SPECS
from studio.pipeline.outline.wish_changes import carry_out
from studio.pipeline.outline.wishes import Wish
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.quality.html_validity import find_html_faults
from studio.pipeline.scoring.quality.measure import measure_quality
from studio.pipeline.sections.page import WRITERS, build_page
from studio.pipeline.stacks.confined import page
from studio.pipeline.stacks.kinds import STACKS, Stack

SITE = (
    "A page for a bakery called Lia with logos, four features, three steps, a story, a gallery, "
    "six products, a menu, pricing, testimonials, a team, statistics, a FAQ, articles, a schedule, "
    "a booking form, contact, a newsletter and a call to action"
)
APPS = (
    "A dashboard with stat cards, a chart, recent activity and a table",
    "A kanban board",
    "An inbox",
    "A chat app",
    "Settings page",
    "Sign-in page",
)
LEAST_QUALITY = 0.9
PHONE = 390
CLASSES = re.compile(r'\bclass="([^"]*)"')


def make_outline(prompt: str, theme: ThemeKey, *, is_dark: bool = False) -> Outline:
    outline = plan_outline(prompt)
    return replace(outline, look=replace(outline.look, theme=theme, is_dark=is_dark))


def test_every_kind_of_section_can_be_written() -> None:
    assert set(WRITERS) == set(SECTION_KINDS) == set(SPECS)


def test_the_site_has_every_section_of_a_site() -> None:
    kinds = {section.kind for section in plan_outline(SITE).sections}
    apps = {"sidebar", "chart", "table", "list", "settings", "signin", "board", "inbox", "chat"}
    assert kinds == set(SECTION_KINDS) - apps


@pytest.mark.parametrize("theme", THEME_KEYS)
@pytest.mark.parametrize("is_dark", [False, True])
def test_markup_is_valid_in_every_theme(theme: ThemeKey, is_dark: bool) -> None:
    for prompt in (SITE, *APPS):
        html = build_page(make_outline(prompt, theme, is_dark=is_dark)).files[ENTRY]
        assert not find_html_faults(html)
        assert html.count("<h1") == 1
        assert "None" not in html


@pytest.mark.parametrize(
    ("kind", "layout"),
    [(kind, layout) for kind in SECTION_KINDS for layout in SPECS[kind].layouts],
)
def test_every_layout_is_written(kind: str, layout: str) -> None:
    outline = next(
        one
        for one in (plan_outline(prompt) for prompt in (SITE, *APPS))
        if any(section.kind == kind for section in one.sections)
    )
    changed = carry_out(outline, [Wish("layout", kind, value=layout)])  # type: ignore[arg-type]
    made = build_page(changed.outline)
    assert not find_html_faults(made.files[ENTRY])
    variants = set(re.findall(r"[\w-]+--[\w-]+", " ".join(CLASSES.findall(made.files[ENTRY]))))
    assert {name for name in variants if f".{name}" not in made.files["styles.css"]} == set()


def test_a_long_word_in_a_headline_is_broken_on_a_phone(renderer: Renderer) -> None:
    outline = plan_outline("Website für eine App zur Zeiterfassung im Handwerk mit vier Funktionen")
    hero = outline.find("hero")
    assert hero is not None
    long = replace(hero, title="Handwerkerzeiterfassungssoftware für alle")
    sections = tuple(long if one is hero else one for one in outline.sections)
    made = build_page(replace(outline, sections=sections))
    assert renderer.render(made, width=PHONE, height=800).overflow == 0


def test_texts_are_escaped() -> None:
    outline = carry_out(
        plan_outline(SITE), [Wish("rename", value="<script>alert(1)</script>")]
    ).outline
    html = build_page(outline).files[ENTRY]
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_links_lead_to_what_is_there() -> None:
    html = build_page(plan_outline(SITE)).files[ENTRY]
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets <= ids


@pytest.mark.parametrize("theme", THEME_KEYS)
def test_a_full_page_is_accessible_and_fits_a_phone(renderer: Renderer, theme: ThemeKey) -> None:
    found = measure_quality(renderer, build_page(make_outline(SITE, theme)))
    assert not found.facts.broken
    assert found.facts.reflow[PHONE].overflow <= 1
    assert found.score >= LEAST_QUALITY


@pytest.mark.parametrize("prompt", APPS)
def test_an_application_is_accessible_and_fits_a_phone(renderer: Renderer, prompt: str) -> None:
    found = measure_quality(renderer, build_page(make_outline(prompt, "clear", is_dark=True)))
    assert not found.facts.broken
    assert found.facts.reflow[PHONE].overflow <= 1


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_can_be_made_of_a_page(renderer: Renderer, stack: Stack) -> None:
    made = build_page(
        plan_outline("A page for a bakery with three products, a FAQ and a contact form")
    )
    built: Bundle = page(made, stack)
    before = renderer.render(made, width=1280, height=800)
    after = renderer.render(built, width=1280, height=800)
    assert abs(after.height - before.height) <= 0.03 * before.height
    assert after.overflow <= 1
