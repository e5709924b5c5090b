"""A band as wide as its card, with more below it, is the card's title and no button."""

from __future__ import annotations

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def draw_plans() -> Sketch:
    page = Sketch(height=900).text(100, 80, "Plans", size=40, weight=700).paragraph(100, 130, STORY)
    for i, name in enumerate(("Basic", "Standard", "Large")):
        x = 100 + 300 * i
        page.rect(x, 300, 260, 420, border="#cccccc").rect(x, 300, 260, 70, "#2c7be5")
        page.text(x + 90, 345, name, size=24, weight=700, color="#ffffff")
        page.text(x + 60, 420, "One boat at a time", size=15)
        page.text(x + 60, 470, "Free at weekends", size=15)
        page.rect(x + 60, 600, 140, 44, "#ffb703", radius=4)
        page.text(x + 90, 627, "Book now", size=16, color="#222222")
    return page


def find_labels(page: Sketch) -> dict[str, list[Node]]:
    labels: dict[str, list[Node]] = {}
    for node in label_tree(build_tree(page.hints())).walk():
        labels.setdefault(node.label.role, []).append(node)
    return labels


def test_its_words_are_headings_of_one_level():
    headings = {n.text: n.label.tag for n in find_labels(draw_plans())["heading"]}
    assert headings["Basic"] == headings["Standard"] == headings["Large"] == "h2"


def test_the_buttons_below_stay_buttons():
    labels = find_labels(draw_plans())
    words = [child.text for button in labels["button"] for child in button.children]
    assert words == ["Book now"] * 3


def test_a_button_as_wide_as_its_card_at_the_cards_end_stays_a_button():
    page = Sketch().rect(100, 100, 400, 300, border="#cccccc")
    page.text(120, 150, "Come aboard", size=24, weight=700).paragraph(120, 200, STORY[:1])
    page.rect(100, 350, 400, 50, "#2c7be5").text(260, 382, "Sign in", color="#ffffff")
    words = [child.text for button in find_labels(page)["button"] for child in button.children]
    assert words == ["Sign in"]
