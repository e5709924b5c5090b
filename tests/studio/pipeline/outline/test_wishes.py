"""Wishes on a page are read by rule and carried out on its outline, or left alone as a whole."""

from __future__ import annotations

import pytest

from studio.pipeline.outline.plan import plan_outline
from studio.pipeline.outline.schema import Outline
from studio.pipeline.outline.wish_changes import carry_out
from studio.pipeline.outline.wishes import read_wishes
from studio.pipeline.sections.page import build_page

PAGE = plan_outline(
    "A page for a bakery called Lia with three products, a story, opening hours and a newsletter"
)


def change(prompt: str) -> tuple[Outline, tuple[str, ...], tuple[str, ...]]:
    changed = carry_out(PAGE, read_wishes(prompt, PAGE))
    return changed.outline, changed.done, changed.unmet


def list_kinds(outline: Outline) -> list[str]:
    return [section.kind for section in outline.sections]


@pytest.mark.parametrize(
    "prompt",
    [
        "Add a FAQ above the newsletter",
        "Füge häufige Fragen vor dem Newsletter hinzu",
        "Ajoute une FAQ avant la newsletter",
        "Añade preguntas frecuentes antes del boletín",
        "Adicione perguntas frequentes antes do boletim",
        "Aggiungi domande frequenti prima della newsletter",
        "Добавь вопросы перед рассылкой",
    ],
)
def test_a_section_is_added_at_its_place(prompt: str) -> None:
    outline, done, _ = change(prompt)
    kinds = list_kinds(outline)
    assert kinds[kinds.index("newsletter") - 1] == "faq"
    assert done == ("Added the section faq.",)


def test_sections_are_removed_and_nothing_else() -> None:
    outline, _, _ = change("Remove the newsletter")
    assert list_kinds(outline) == [kind for kind in list_kinds(PAGE) if kind != "newsletter"]


def test_a_section_moves() -> None:
    kinds = list_kinds(change("Move the story above the products")[0])
    assert kinds.index("story") == kinds.index("products") - 1


def test_header_and_footer_stay() -> None:
    _, done, unmet = change("Move the footer above the products")
    assert not done
    assert unmet == ("The footer stays where it is.",)


def test_look_changes() -> None:
    assert change("Make it dark")[0].look.is_dark
    assert change("more elegant please")[0].look.theme == "calm"
    assert change("use green")[0].look.accent == "#16a34a"
    assert change("more compact")[0].look.density == "compact"


def test_layout_columns_and_count() -> None:
    hero = change("Make the hero centered")[0].find("hero")
    products = change("show the products in two columns")[0].find("products")
    six = change("six products")[0].find("products")
    assert hero is not None
    assert hero.layout == "centered"
    assert products is not None
    assert products.columns == 2
    assert six is not None
    assert len(six.items) == 6
    kept = PAGE.find("products")
    assert kept is not None
    assert six.items[:3] == kept.items


def test_a_text_and_the_name_change_everywhere() -> None:
    outline, _, _ = change("Change “Our products” to “Fresh today”")
    products = outline.find("products")
    assert products is not None
    assert products.title == "Fresh today"
    renamed = change("call it “Casa”")[0]
    hero = renamed.find("hero")
    assert renamed.name == "Casa"
    assert hero is not None
    assert "Casa" in hero.text
    assert "Lia" not in hero.text


def test_a_text_that_is_not_there_is_said() -> None:
    assert change("Change “Nothing” to “Something”")[2] == ("The page has no text “Nothing”.",)


def test_translating_keeps_what_was_written() -> None:
    written = carry_out(PAGE, read_wishes("Change “Our products” to “Fresh today”", PAGE)).outline
    outline = carry_out(written, read_wishes("translate it to German", written)).outline
    products, story = outline.find("products"), outline.find("story")
    assert outline.language == "de"
    assert products is not None
    assert products.title == "Fresh today"
    assert story is not None
    assert story.title == "Über uns"


@pytest.mark.parametrize(
    "prompt",
    [
        "make the second product's heading bold",
        "Make one line bold",
        "Mach ein Wort rot",
        "Mets un titre plus élégant",
        "把标题改成红色",
        "let the logo spin when I scroll",
        "Remove the newsletter. Then make the buttons dance",
    ],
)
def test_what_is_not_understood_as_a_whole_is_left_to_a_model(prompt: str) -> None:
    assert read_wishes(prompt, PAGE) == []


def test_a_section_twice_is_refused() -> None:
    assert change("add a newsletter")[2] == ("The page has a newsletter already.",)


@pytest.mark.parametrize(
    ("prompt", "wish"),
    [
        ("A page for a bakery called Lia with three products", "More space between the sections"),
        ("Eine Seite für eine Bäckerei mit drei Produkten", "Mehr Abstand, bitte"),
    ],
)
def test_more_space_makes_the_page_airy(prompt: str, wish: str) -> None:
    wishes = read_wishes(wish, plan_outline(prompt))
    assert [(one.action, one.value) for one in wishes] == [("density", "airy")]


CLINIC = plan_outline(
    "A clinic called Lia with four services, the team, pricing with two plans, a newsletter and a FAQ"
)


@pytest.mark.parametrize(
    ("wish", "actions"),
    [
        (
            "Remove the FAQ and put the prices before the team",
            [("remove", "faq"), ("move", "pricing")],
        ),
        ("Remove the newsletter but keep the team", [("remove", "newsletter")]),
        ("Add testimonials and remove the FAQ", [("add", "testimonials"), ("remove", "faq")]),
        ("Remove the FAQ and the newsletter", [("remove", "newsletter"), ("remove", "faq")]),
        ("Remove the FAQ and show five services", [("remove", "faq"), ("count", "features")]),
    ],
)
def test_each_verb_of_a_wish_is_about_its_own_sections(
    wish: str, actions: list[tuple[str, str]]
) -> None:
    found = [(one.action, one.kind) for one in read_wishes(wish, CLINIC)]
    assert sorted(found) == sorted(actions)


def test_a_section_that_is_renamed_gets_a_title_and_the_page_keeps_its_name() -> None:
    changed = carry_out(CLINIC, read_wishes("Rename the services section to Treatments", CLINIC))
    features = changed.outline.find("features")
    assert features is not None
    assert (features.title, changed.outline.name) == ("Treatments", "Lia")


@pytest.mark.parametrize(
    "wish", ["Rename the button in the hero to Book", "Rename the first menu entry to Home"]
)
def test_buttons_and_entries_are_not_renamed_as_the_page(wish: str) -> None:
    assert all(one.action != "rename" for one in read_wishes(wish, CLINIC))


def test_a_table_that_gets_another_title_keeps_its_kind() -> None:
    outline = plan_outline("A dashboard for a shop with four stat cards, a chart and a table")
    table = outline.find("table")
    assert table is not None
    wish = f"Change “{table.title}” to “Latest orders”"
    changed = carry_out(outline, read_wishes(wish, outline)).outline
    page = build_page(changed).files["index.html"]
    assert "Latest orders" in page
    assert "Customer</th>" in page


def test_a_named_table_is_translated_as_a_whole() -> None:
    outline = plan_outline(
        "A dashboard for a shop with four stat cards, a chart and a table of open orders"
    )
    changed = carry_out(outline, read_wishes("Translate the page into German", outline)).outline
    page = build_page(changed).files["index.html"]
    assert "Beispiel 1" in page
    assert "Example" not in page
    assert "Open orders" in page  # the prompt's own words
