"""Items become rows and columns where a straight line separates them, else a stack."""

from __future__ import annotations

import pytest

from studio.pipeline.layout.bands import split_into_bands
from studio.pipeline.layout.cuts import (
    are_evenly_spread,
    cut_items,
    describe_look,
    make_group,
    split_into_runs,
)
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.paragraphs import Ids
from studio.pipeline.perception.hints import Box
from tests.studio.pipeline.hand_made import (
    list_texts,
    make_box,
    make_picture,
    make_rule,
    make_text,
)


def cut(*items: Node) -> Node:
    return cut_items(items, Ids())


def count_runs(*items: Node) -> int:
    return len(split_into_runs(split_into_bands(items, vertical=True)))


def write_columns(*, texts_at: float = 40, sizes: tuple[float, ...] = (22, 16)) -> list[Node]:
    """Three titles beside each other and a line below each of them."""
    title, text = sizes
    items = []
    for i, word in enumerate(("Boats", "Crews", "Meals")):
        items.append(make_text(word, 300 * i, 0, size=title, weight=700))
        items.append(make_text(f"{word} for a quiet day", 300 * i, texts_at, size=text))
    return items


def test_one_item_needs_no_group():
    item = make_text("Boats")
    assert cut(item) is item


def test_items_below_each_other_are_a_column_from_top_to_bottom():
    column = cut(make_text("Low", 0, 100), make_text("High"))
    assert column.flow == "column"
    assert list_texts(column) == ["High", "Low"]


def test_items_beside_each_other_are_a_row_from_left_to_right():
    row = cut(make_text("Right", 200), make_text("Left"))
    assert row.flow == "row"
    assert list_texts(row) == ["Left", "Right"]


def test_rows_in_a_column_are_cut_on():
    column = cut(make_text("Title", 0, 0, size=40), make_text("A", 0, 100), make_text("B", 90, 100))
    assert [child.flow for child in column.children] == ["text", "row"]


def test_what_lies_on_something_is_stacked_on_it():
    card, badge = make_box(0, 0, 300, 200), make_box(250, -10, 80, 30, fill="#cc2222")
    stack = cut(card, badge)
    assert stack.flow == "stack"
    assert [child.id for child in stack.children] == [card.id, badge.id]


def test_a_second_badge_lies_on_the_same_stack():
    card = make_box(0, 0, 300, 200)
    badges = make_box(250, -10, 80, 30), make_box(-10, 180, 80, 30)
    stack = cut(card, *badges)
    assert stack.flow == "stack"
    assert len(stack.children) == 3


def test_items_that_turn_around_a_middle_still_become_one_node():
    wheel = (
        make_box(0, 0, 200, 90),
        make_box(210, 0, 90, 200),
        make_box(100, 210, 200, 90),
        make_box(0, 100, 90, 200),
    )
    node = cut(*wheel)
    leaves = {inner.id for inner in node.walk() if inner.flow == "shape"}
    assert leaves == {item.id for item in wheel}


def test_a_far_wider_gap_parts_a_row_in_groups():
    words = [make_text(word, 700 + 90 * i) for i, word in enumerate(("Boats", "Prices", "Press"))]
    row = cut(make_text("Harbour"), *words)
    assert [list_texts(child) for child in row.children] == [
        ["Harbour"],
        ["Boats", "Prices", "Press"],
    ]


def test_a_row_at_one_pitch_is_not_parted():
    row = cut(*(make_text(word, 200 * i) for i, word in enumerate(("A", "Boats", "C", "Prices"))))
    assert len(row.children) == 4


def test_texts_below_titles_are_read_column_by_column():
    row = cut(*write_columns())
    assert row.flow == "row"
    assert list_texts(row)[:2] == ["Boats", "Boats for a quiet day"]


def test_rows_far_apart_are_read_row_by_row():
    assert count_runs(*write_columns(texts_at=600)) == 2


def test_a_rule_across_parts_rows_that_would_be_read_by_columns():
    titles_and_texts = write_columns(texts_at=60)
    assert count_runs(*titles_and_texts, make_rule(0, 45, 900)) > 1


def test_pictures_beside_their_words_are_read_row_by_row():
    items = []
    for i in range(3):
        items += [make_picture(0, 60 * i, 40, 40), make_text(f"Boat {i}", 80, 60 * i + 10)]
    assert count_runs(*items) == 3


def test_cards_below_cards_are_read_row_by_row():
    cards = [
        make_box(300 * (i % 3), 200 * (i // 3), 280, 180, make_text("Boat", 300 * (i % 3) + 20))
        for i in range(6)
    ]
    assert count_runs(*cards) == 2


@pytest.mark.parametrize("side", ["left", "middle", "right"])
def test_boxes_are_evenly_spread_by_one_of_their_sides(side: str):
    share = {"left": 0.0, "middle": 0.5, "right": 1.0}[side]
    boxes = [Box(200 * i - share * width, 0, width, 20) for i, width in enumerate((40, 90, 60))]
    assert are_evenly_spread(boxes)


def test_boxes_at_no_common_pitch_are_not_evenly_spread():
    assert not are_evenly_spread([Box(0, 0, 40, 20), Box(200, 0, 90, 20), Box(330, 0, 60, 20)])


def test_texts_of_one_style_look_the_same_whatever_they_say():
    assert describe_look(make_text("Boats")) == describe_look(make_text("Prices", 300, 40))
    assert describe_look(make_text("Boats")) != describe_look(make_text("Boats", size=24))
    assert describe_look(make_text("Boats")) != describe_look(make_text("Boats", color="#cc2222"))


def test_boxes_look_the_same_by_paint_and_number_of_parts():
    one, other = make_box(0, 0, 90, 40), make_box(200, 0, 300, 80)
    assert describe_look(one) == describe_look(other)
    assert describe_look(one) != describe_look(make_box(0, 0, 90, 40, fill="#ffffff"))
    assert describe_look(one) != describe_look(make_box(0, 0, 90, 40, make_text("Boats")))


def test_a_group_is_as_large_as_its_parts():
    group = make_group("row", [make_text("Boats"), make_box(100, 10, 50, 40)], Ids())
    assert group.box == Box(0, 0, 150, 50)


def count_parts(*gaps: float) -> int:
    """Return into how many parts a row of boxes is cut that stand so far apart."""
    left, boxes = 0.0, []
    for i, gap in enumerate((0, *gaps)):
        left += gap
        boxes.append(make_box(left, 0, 40 + 7 * i * i, 40))
        left = boxes[-1].box.right
    return len(cut(*boxes).children)


@pytest.mark.parametrize(
    ("gaps", "parts"),
    [
        ((100, 60, 60), 4),
        ((25, 6, 6), 4),
        ((200, 40, 40), 2),
        ((60, 10, 10), 2),
    ],
    ids=["not much wider", "all of them narrow", "far wider", "wide among narrow ones"],
)
def test_a_gap_parts_a_row_where_it_is_far_wider_than_usual_and_wide(
    gaps: tuple[float, ...], parts: int
):
    assert count_parts(*gaps) == parts


def write_wide_columns(*below: Node, gap: float = 60) -> list[Node]:
    """A wide column and two narrow ones, each with a title and a line `gap` px below it."""
    items = list(below)
    for x, words in (
        (0, "A boat for each quiet day of the whole year"),
        (500, "Crews"),
        (700, "Meals"),
    ):
        items.append(make_text(words[:5], x, 0, size=22, weight=700))
        items.append(make_text(words, x, gap))
    return items


@pytest.mark.parametrize(("width", "parts"), [(90, False), (330, True)])
def test_a_short_rule_stays_in_its_column_and_a_wide_one_parts_the_rows(width: float, parts: bool):
    assert (count_runs(*write_wide_columns(make_rule(0, 40, width))) > 1) == parts


@pytest.mark.parametrize(("gap", "belongs"), [(20, True), (100, False)])
def test_a_single_text_right_below_a_column_belongs_to_it(gap: float, belongs: bool):
    items = write_wide_columns(make_text("and for the night", 0, 80 + gap))
    assert (count_runs(*items) == 1) == belongs


@pytest.mark.parametrize(("gap", "are_columns"), [(70, True), (180, False)])
def test_columns_close_to_each_other_have_rows_close_to_each_other(gap: float, are_columns: bool):
    items = []
    for x in (0, 90, 180):
        items.append(make_text("Boats", x, 0, size=24, weight=700))
        items.append(make_text("for a day", x, gap))
    assert (count_runs(*items) == 1) == are_columns
