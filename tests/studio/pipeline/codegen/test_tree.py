from __future__ import annotations

import json

from studio.pipeline.layout.tree import Node, build_tree
from studio.pipeline.perception.hints import Border, Hints
from tests.studio.pipeline.codegen.sketch import STORY, Sketch, article, bill, cards


def texts(node: Node) -> list[str]:
    return [n.text for n in node.walk() if n.flow == "text"]


def flows(node: Node) -> list[str]:
    return [n.flow for n in node.walk()]


def test_lines_of_a_paragraph_become_one_text():
    assert texts(build_tree(article().hints())) == ["A quiet revolution", " ".join(STORY)]


def test_a_line_that_ends_early_ends_its_paragraph():
    page = Sketch().paragraph(
        100, 140, [STORY[0], "glove box.", STORY[1], "day that everybody carried one."]
    )
    assert texts(build_tree(page.hints())) == [
        f"{STORY[0]} glove box.",
        f"{STORY[1]} day that everybody carried one.",
    ]


def test_pieces_of_one_line_in_two_colours_are_one_text():
    page = Sketch().text(100, 100, "Built with").text(169, 100, "Likeness", color="#0055ff")
    assert texts(build_tree(page.hints())) == ["Built with Likeness"]


def test_words_far_apart_on_one_baseline_stay_apart():
    page = Sketch().text(100, 100, "Home").text(170, 100, "About").text(240, 100, "Contact")
    assert texts(build_tree(page.hints())) == ["Home", "About", "Contact"]


def test_cards_are_read_one_after_the_other():
    words = texts(build_tree(cards().hints()))
    assert words[1:7] == [
        "Starter",
        "Everything you need to begin",
        "Choose",
        "Studio",
        "Everything you need to begin",
        "Choose",
    ]


def test_features_without_boxes_are_read_by_columns():
    page = Sketch()
    for i, name in enumerate(("Fast", "Safe", "Kind")):
        page.text(150 + 350 * i, 200, name, size=24, weight=700).text(
            150 + 350 * i, 240, "Words about it go here"
        )
    assert texts(build_tree(page.hints()))[:3] == ["Fast", "Words about it go here", "Safe"]


def test_a_list_of_pictures_with_words_is_read_by_rows():
    page = Sketch()
    for i, name in enumerate(("One", "Two", "Three")):
        page.picture(100, 100 + 160 * i, 200, 120).text(
            360, 150 + 160 * i, f"Chapter {name}", size=22
        )
    rows = [n for n in build_tree(page.hints()).walk() if n.flow == "row"]
    assert [[c.flow for c in row.children] for row in rows] == [["picture", "text"]] * 3


def test_rows_between_rules_become_a_table():
    tables = [n for n in build_tree(bill().hints()).walk() if n.flow == "table"]
    assert len(tables) == 1
    rows = [row for row in tables[0].children if row.flow == "row"]
    assert [[cell.text for cell in row.children] for row in rows] == [
        ["Item", "Price"],
        ["Website design", "$300.00"],
        ["Hosting", "$75.00"],
    ]


def test_strokes_that_cross_become_cells_that_span():
    page = Sketch()
    for x in (300, 500):
        page.rect(x, 100, 1, 120, "#999999")
    page.rect(700, 140, 1, 80, "#999999").rect(100, 140, 800, 1, "#999999").rect(
        100, 180, 800, 1, "#999999"
    )
    page.rect(100, 100, 800, 1, "#999999").rect(100, 219, 800, 1, "#999999")
    for i, words in enumerate(("Name", "Mass", "Other facts")):
        page.text(150 + 200 * i, 125, words)
    for row in (165, 205):
        for i in range(4):
            page.text(150 + 200 * i, row, f"cell{row}{i}")
    [table] = [n for n in build_tree(page.hints()).walk() if n.flow == "table"]
    assert [[cell.spans for cell in row.children] for row in table.children] == [
        [(1, 1), (1, 1), (2, 1)],
        [(1, 1)] * 4,
        [(1, 1)] * 4,
    ]


def test_bullets_leave_the_text_and_stay_as_markers():
    page = Sketch().text(100, 80, "Things to know")
    for i, words in enumerate(("• First of all", "• Then the rest", "• And the end")):
        page.text(100, 120 + 26 * i, words)
    marked = [n for n in build_tree(page.hints()).walk() if n.marker]
    assert [(n.marker, n.text) for n in marked] == [
        ("•", "First of all"),
        ("•", "Then the rest"),
        ("•", "And the end"),
    ]


def test_a_badge_over_a_corner_is_stacked_on_its_card():
    page = (
        cards()
        .rect(260, 128, 80, 24, "#dc2626")
        .text(276, 144, "Popular", size=12, color="#ffffff")
    )
    [stack] = [n for n in build_tree(page.hints()).walk() if n.flow == "stack"]
    assert stack.children[1].surface is not None
    assert stack.children[1].surface.fill == "#dc2626"


def test_strokes_inside_a_photo_and_along_an_edge_are_not_drawn_again():
    page = Sketch().picture(100, 100, 600, 400).rect(200, 200, 80, 1, "#123456")
    page.rect(800, 100, 300, 200, "#eeeeee", border=Border(1.0, "#999999")).rect(
        800, 299, 300, 1, "#999999"
    )
    assert "rule" not in flows(build_tree(page.hints()))


def test_a_sidebar_cut_by_its_active_entry_is_one_panel():
    page = (
        Sketch()
        .rect(0, 0, 220, 70, "#111111")
        .rect(0, 70, 220, 36, "#333333")
        .rect(0, 106, 220, 694, "#111111")
    )
    page.text(24, 40, "Orbit", color="#ffffff").text(24, 92, "Overview", color="#ffffff").text(
        24, 130, "Reports", color="#ffffff"
    )
    page.text(300, 60, "Overview", size=28)
    panels = [
        n.box.height
        for n in build_tree(page.hints()).walk()
        if n.surface and n.surface.fill == "#111111"
    ]
    assert panels == [800]


def test_the_same_hints_give_the_same_tree():
    hints = cards().hints()
    again = Hints.from_json(json.loads(json.dumps(hints.to_json())))
    assert build_tree(hints) == build_tree(again)


def test_an_empty_mockup_gives_a_page_without_children():
    assert build_tree(Sketch().hints()).children == ()


def test_a_long_table_is_cut_without_comparing_what_its_nodes_hold(monkeypatch):
    page = Sketch(height=40 + 60 * 30)
    for row in range(60):
        for column in range(6):
            page.text(
                20 + 200 * column,
                40 + 30 * row,
                f"{row}·{column}" if column else f"Entry number {row}",
                size=14,
            )
    compared = []
    monkeypatch.setattr(Node, "__eq__", lambda one, other: compared.append(1) or one is other)
    tree = build_tree(page.hints())
    assert sorted(texts(tree)) == sorted(line.text for line in page.texts)
    assert len(compared) < len(page.texts)
