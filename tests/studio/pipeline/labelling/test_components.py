"""What repeats is one component: one name, equal labels, also where parts differ."""

from __future__ import annotations

from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from tests.studio.pipeline.codegen.sketch import Sketch, cards

WORDS = (
    ("Fast start", "Import the list and begin"),
    ("Clear inbox", "Each reply beside its task"),
    ("Quiet alerts", "You hear of what matters"),
)


def labelled(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def named(nodes: list[Node], name: str) -> list[Node]:
    return [node for node in nodes if node.label.name == name]


def features(*, without_icon: int = -1, boxed: bool = False) -> Sketch:
    """Three columns of an icon, a title and a line; one may lack its icon."""
    page = Sketch().text(400, 80, "What you get today", size=36, weight=700)
    for i, (title, line) in enumerate(WORDS):
        x = 100 + 380 * i
        if boxed:
            page.rect(x - 20, 160, 340, 200, "#ffffff", border="#dddddd")
        if i != without_icon:
            page.picture(x, 180, 28, 28, kind="icon")
        page.text(x, 250, title, size=22, weight=700).text(x, 290, line)
    return page


def test_columns_of_icon_title_and_text_are_features():
    nodes = labelled(features())
    assert len(named(nodes, "feature")) == 3
    assert len(named(nodes, "features")) == 1


def test_one_without_its_icon_is_one_of_them():
    assert len(named(labelled(features(without_icon=1, boxed=True)), "feature")) == 3


def test_titles_of_one_component_are_headings_of_one_level():
    titles = {title for title, _ in WORDS}
    page = features(boxed=True)
    # The second title is measured a little smaller, as perception does.
    page.texts = [
        line if line.text != "Clear inbox" else type(line)(**{**vars_of(line), "size": 21.2})
        for line in page.texts
    ]
    tags = {node.label.tag for node in labelled(page) if node.text in titles and node.lines}
    assert tags == {"h2"}


def vars_of(line: object) -> dict[str, object]:
    return {name: getattr(line, name) for name in line.__dataclass_fields__}  # type: ignore[attr-defined]


def test_rows_of_cards_are_one_component():
    page = Sketch(height=1200)
    for row in range(2):
        for i in range(3):
            x, y = 100 + 380 * i, 100 + 300 * row
            page.rect(x, y, 340, 240, "#ffffff", border="#cccccc")
            page.text(x + 20, y + 50, f"Title {'abc'[i]}", size=22, weight=700)
            page.text(x + 20, y + 90, "A line about it")
    nodes = labelled(page)
    assert len(named(nodes, "card")) == 6
    assert len(named(nodes, "cards")) == 2


def test_cards_with_a_price_a_month_are_plans_and_the_painted_one_is_one_of_them():
    page = Sketch(background="#f5f5f5")
    for i, (name, price) in enumerate((("Starter", "$9"), ("Pro", "$29"), ("Team", "$49"))):
        x = 140 + i * 340
        page.rect(x, 140, 320, 240, "#ffffff" if i != 1 else "#222222", border="#cccccc")
        color = "#222222" if i != 1 else "#ffffff"
        page.text(x + 24, 184, name, size=22, weight=700, color=color)
        page.text(x + 24, 240, price, size=34, weight=700, color=color)
        page.text(x + 90, 240, "/month", size=14, color=color)
        page.rect(x + 24, 300, 272, 44, "#2563eb", radius=6.0)
        page.text(x + 132, 327, "Choose", color="#ffffff")
    assert len(named(labelled(page), "plan")) == 3


def test_a_number_over_a_word_is_a_stat_and_no_heading():
    page = Sketch()
    for i, (number, word) in enumerate((("4,120", "Orders"), ("37", "Refunds"), ("92k", "Visits"))):
        x = 100 + 300 * i
        page.rect(x, 100, 260, 110, "#ffffff", border="#cccccc")
        page.text(x + 20, 140, word, size=14).text(x + 20, 180, number, size=28, weight=700)
    nodes = labelled(page)
    assert len(named(nodes, "stat")) == 3
    assert not [node for node in nodes if node.label.role == "heading"]


def test_the_same_page_gets_the_same_names():
    names = [[node.label.name for node in labelled(features())] for _ in range(2)]
    assert names[0] == names[1]


def test_sections_are_called_after_their_headings():
    page = Sketch(height=1400).rect(0, 500, 1280, 300, "#eeeeee").rect(0, 800, 1280, 300, "#dddddd")
    page.text(100, 100, "Plan the week", size=48, weight=700).text(100, 160, "A calm board")
    page.text(100, 580, "Latest orders", size=30, weight=700).text(100, 640, "None so far today")
    page.text(100, 880, "Opening hours", size=30, weight=700).text(100, 940, "From nine to five")
    sections = [node.label.name for node in labelled(page) if node.label.role == "section"]
    assert {"latest", "opening"} <= set(sections)


def test_cards_keep_their_own_role_and_name():
    nodes = labelled(cards())
    assert [node.label.role for node in named(nodes, "card")] == ["card"] * 3


def end_cards_with(words: tuple[str, str, str], **look: object) -> set[str]:
    """The tags of what three cards end with."""
    page = features(boxed=True)
    for i, text in enumerate(words):
        page.text(
            100 + 380 * i, 330, text, **{"size": 15, "weight": 700, "color": "#8bb1b1", **look}
        )
    return {node.label.tag for node in labelled(page) if node.text in words}


def test_the_same_bold_words_at_the_end_of_each_card_are_links():
    assert end_cards_with(("Find a home",) * 3) == {"a"}


def test_other_words_in_each_card_are_no_links():
    assert "a" not in end_cards_with(("Ada Adams", "Ben Brown", "Cleo Clark"))


def test_the_same_plain_words_in_each_card_are_no_links():
    assert "a" not in end_cards_with(("per month",) * 3, weight=400, color="#222222")
