"""Words that are links wherever they stand, and where they lead."""

from __future__ import annotations

import pytest

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.rules.link_words import find_target, leads_on
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch

CLOSING = """
Read more | View details → | Learn more » | Shop now | Forgot your password? | Mehr erfahren | En savoir plus
Leer más | Saiba mais | Leggi di più | Lees meer | Czytaj więcej | Читать далее
了解更多 | 続きを読む | 더보기 | Xem thêm
"""
OTHERS = """
Read the manual | More | See you on board | Learn more about how our boats are built | Mehr Meer | Ver | Show
"""


def split_words(table: str) -> list[str]:
    return [words.strip() for line in table.strip().splitlines() for words in line.split("|")]


def draw_with(words: str) -> Sketch:
    page = Sketch().text(100, 100, "Boats", size=40, weight=700).paragraph(100, 160, STORY)
    return page.text(100, 420, words)


@pytest.mark.parametrize(
    "words",
    split_words(CLOSING),
)
def test_what_a_card_ends_with_is_a_link(words: str):
    assert leads_on(words)


@pytest.mark.parametrize(
    "words",
    split_words(OTHERS),
)
def test_other_words_are_none(words: str):
    assert not leads_on(words)


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("ada@harbour.org", "mailto:ada@harbour.org"),
        ("+49 (40) 123-4567", "tel:+49401234567"),
        ("0927 6277 285", "#"),
        ("+12", "#"),
        ("+3 % since 2020", "#"),
        ("Read more", "#"),
    ],
)
def test_an_address_for_mail_and_an_international_number_lead_there(words: str, target: str):
    assert find_target(words) == target


@pytest.mark.parametrize("words", ["ada@harbour.org", "+49 40 1234567", "Read more"])
def test_they_are_links_though_neither_colored_nor_underlined(words: str):
    nodes = label_tree(build_tree(draw_with(words).hints())).walk()
    assert next(node.label.tag for node in nodes if node.text == words) == "a"


def test_the_draft_leads_there():
    page = make_draft(draw_with("ada@harbour.org").hints(), {}).bundle.files["index.html"]
    assert 'href="mailto:ada@harbour.org"' in page
