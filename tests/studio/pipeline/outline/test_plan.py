"""A plan keeps what the prompt names and fills the rest by the kind of page."""

from __future__ import annotations

import pytest

from studio.pipeline.outline.plan import choose_columns, plan_outline
from studio.pipeline.outline.schema import (
    LANGUAGES,
    Outline,
    OutlineError,
    read_outline,
    write_outline,
)
from studio.pipeline.sections.page import build_page


def list_kinds(outline: Outline) -> list[str]:
    return [section.kind for section in outline.sections]


def test_three_named_sections_are_all_there_is() -> None:
    outline = plan_outline("A bakery page with products, a story and opening hours")
    assert list_kinds(outline) == ["header", "hero", "products", "story", "contact", "footer"]


def test_a_bare_prompt_gets_the_defaults_of_its_kind() -> None:
    kinds = list_kinds(plan_outline("A page for a dentist"))
    assert [*kinds[:2], kinds[-1]] == ["header", "hero", "footer"]
    assert "contact" in kinds
    assert len(kinds) >= 6


def test_a_restaurant_gets_a_menu() -> None:
    assert "menu" in list_kinds(plan_outline("A website for a restaurant"))


@pytest.mark.parametrize(
    "prompt",
    [
        "Portfolio of a potter with a gallery and a contact form, number {n}",
        "Portfolio d'une photographe avec une galerie et un formulaire de contact, numéro {n}",
        "Seite einer Tischlerei mit Galerie und Kontaktformular, Nummer {n}",
        "陶艺家的作品集，包含图库和联系表单，第{n}号",
    ],
)
def test_a_contact_form_that_is_named_is_there_whatever_the_chance(prompt: str) -> None:
    for number in range(8):  # the prompt's checksum chooses among layouts
        contact = plan_outline(prompt.format(n=number)).find("contact")
        assert contact is not None
        assert contact.layout == "split"


def test_excluded_sections_are_left_out() -> None:
    kinds = list_kinds(plan_outline("A page for a dentist without footer, no header"))
    assert not {"footer", "header"} & set(kinds)


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("A kanban board for an agency", ["sidebar", "board"]),
        ("A kanban board for a small team", ["sidebar", "board"]),
        ("A sign-in page", ["signin"]),
        ("A chat app", ["sidebar", "chat"]),
        ("Settings page", ["sidebar", "settings"]),
    ],
)
def test_applications_have_their_own_shells(prompt: str, kinds: list[str]) -> None:
    assert list_kinds(plan_outline(prompt)) == kinds


def test_every_text_is_filled_and_names_the_subject() -> None:
    outline = plan_outline("A page for a bakery in Porto with three products, a FAQ and a team")
    assert outline.name == "Bakery in Porto"
    hero = outline.find("hero")
    assert hero is not None
    assert hero.title == "A bakery in Porto"
    for section in outline.sections:
        for item in section.items:
            if section.kind not in ("header", "footer"):
                assert item.title, section.kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_in_the_pages_language(language: str) -> None:
    names = {"de": "German", "fr": "French", "es": "Spanish", "pt": "Portuguese"}
    names |= {"it": "Italian", "ru": "Russian", "zh": "Chinese", "ja": "Japanese", "en": "English"}
    outline = plan_outline(
        f"A bakery page with products, a team and a FAQ, texts in {names[language]}"
    )
    assert outline.language == language


def test_columns_leave_no_lonely_item() -> None:
    assert [choose_columns("products", count) for count in (1, 2, 3, 4, 6, 8)] == [1, 2, 3, 4, 3, 4]


def test_an_outline_survives_json() -> None:
    outline = plan_outline("A bakery page with products, a story and pricing in #123456")
    assert read_outline(write_outline(outline)) == outline


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "not an object"),
        ({"sections": [{"kind": "carousel"}]}, "use one of header"),
        ({"sections": [{"kind": "hero", "layout": "diagonal"}]}, "use one of split"),
        ({"sections": [{"kind": "hero", "columns": 99}]}, "from 0 to 6"),
        ({"sections": [{"kind": "hero"}] * 31}, "at most 30"),
        ({"look": {"accent": "red"}}, "#rrggbb"),
        ({"name": "x" * 601}, "at most 600"),
    ],
)
def test_an_outline_from_outside_is_checked(data: object, words: str) -> None:
    with pytest.raises(OutlineError, match=words):
        read_outline(data)


def test_a_long_subject_names_the_page_up_to_its_first_preposition() -> None:
    outline = plan_outline("A site for a freelance translator of legal texts with three services")
    assert outline.name == "Freelance translator"


def test_a_menu_lists_sections_by_their_own_short_titles() -> None:
    outline = plan_outline("A clinic called Lia with four treatments, the team and a FAQ")
    header = build_page(outline).files["index.html"].partition("</header>")[0]
    assert "Treatments" in header
    assert "Services" not in header
