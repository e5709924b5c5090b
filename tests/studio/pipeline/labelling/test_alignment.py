"""Groups are alike by the leaves that they have in common, in one order."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules.components import (
    align_leaves,
    label_components,
    list_leaves,
    measure_likeness,
)
from studio.pipeline.layout.nodes import Node
from tests.studio.pipeline.hand_made import (
    make_box,
    make_group,
    make_page,
    make_picture,
    make_text,
    set_label,
)


def make_title(words: str = "Boats", y: float = 0) -> Node:
    return set_label(make_text(words, 0, y, size=24, weight=700), "h3", "heading")


def make_line(words: str = "for a quiet day", y: float = 40) -> Node:
    return set_label(make_text(words, 0, y), "p", "text")


def make_icon() -> Node:
    return set_label(make_picture(0, -50, 40, 40), "img", "icon")


def make_badge(words: str = "New") -> Node:
    return set_label(make_box(0, 80, 60, 24, make_text(words, 10, 84)), "a", "badge")


def test_leaves_are_texts_pictures_controls_and_tables():
    badge, table = make_badge(), make_group("table", make_group("row", make_line()))
    group = make_group("column", make_group("row", make_icon(), make_title()), badge, table)
    assert [leaf.flow for leaf in list_leaves(group)] == ["picture", "text", "column", "table"]


def test_leaves_that_are_set_alike_are_paired_in_order():
    first, second = [make_title(), make_line()], [make_title("Crews"), make_line("for it")]
    assert align_leaves(first, second) == [(0, 0), (1, 1)]


def test_a_leaf_that_one_of_them_lacks_is_left_out():
    full, short = [make_icon(), make_title(), make_line()], [make_title(), make_line()]
    assert align_leaves(full, short) == [(1, 0), (2, 1)]


def test_leaves_in_another_order_are_not_all_paired():
    assert len(align_leaves([make_title(), make_icon()], [make_icon(), make_title()])) == 1


def test_a_badge_is_paired_with_a_badge_only():
    assert align_leaves([make_badge()], [make_badge("Sold")]) == [(0, 0)]
    assert align_leaves([make_badge()], [make_line()]) == []


def test_texts_of_another_weight_or_size_are_not_paired():
    assert align_leaves([make_title()], [make_line()]) == []
    assert align_leaves([make_line()], [set_label(make_text("x", size=20), "p", "text")]) == []


@pytest.mark.parametrize(
    ("parts", "likeness"),
    [
        ([make_title(), make_line()], 1.0),
        ([make_icon(), make_title(), make_line()], 0.8),
        ([make_icon()], 0.0),
    ],
)
def test_likeness_is_the_share_of_common_leaves(parts: list[Node], likeness: float):
    one, other = make_group("column", make_title(), make_line()), make_group("column", *parts)
    assert measure_likeness(one, other) == pytest.approx(likeness)


def label(*instances: Node) -> list[Node]:
    """Return three or more groups in a row after components were found."""
    row = set_label(make_group("row", *instances), "div", "columns")
    [labelled] = label_components(make_page(row)).children
    return list(labelled.children)


def make_instance(*parts: Node, tag: str = "div", role: str = "column") -> Node:
    return set_label(make_group("column", *parts), tag, role)


def test_instances_get_the_label_that_most_of_them_have():
    cards = [make_instance(make_title(), make_line(), make_icon()) for _ in range(3)]
    cards[0] = set_label(cards[0], "div", "panel")
    for i in (1, 2):
        cards[i] = set_label(cards[i], "article", "card")
    assert {card.label.role for card in label(*cards)} == {"card"}


def test_texts_in_one_place_of_the_instances_get_one_label():
    cards = [make_instance(make_icon(), make_title(), make_line()) for _ in range(3)]
    odd = make_instance(make_icon(), set_label(make_title(), "p", "text"), make_line())
    roles = {card.children[1].label.role for card in label(*cards, odd)}
    assert roles == {"heading"}


def test_what_each_instance_ends_with_in_a_color_of_its_own_is_a_link():
    def make_call() -> Node:
        return set_label(make_text("Find out", 0, 90, weight=700, color="#cc2222"), "p", "text")

    cards = [make_instance(make_icon(), make_title(), make_line(), make_call()) for _ in range(3)]
    assert {card.children[-1].label.role for card in label(*cards)} == {"link"}


def test_different_last_words_are_no_link():
    cards = [
        make_instance(
            make_icon(),
            make_title(),
            make_line(),
            set_label(make_text(words, 0, 90, weight=700, color="#cc2222"), "p", "text"),
        )
        for words in ("Monday", "Tuesday", "Sunday")
    ]
    assert {card.children[-1].label.role for card in label(*cards)} == {"text"}


def test_groups_without_common_leaves_are_no_component():
    one = make_instance(make_icon(), make_icon(), make_icon())
    other = make_instance(make_title(), make_line(), make_badge())
    assert [group.label.name for group in label(one, other)] == ["", ""]


def name(*instances: Node) -> list[str]:
    return [instance.label.name for instance in label(*instances)]


def make_leaves(count: int) -> list[Node]:
    """Return texts of which each second one is a title."""
    return [make_title(y=40 * i) if i % 2 else make_line(y=40 * i) for i in range(count)]


def test_sizes_that_were_measured_a_pixel_apart_are_one_place() -> None:
    measured = set_label(make_text("for a loud day", size=17), "p", "text")
    assert align_leaves([make_line()], [measured]) == [(0, 0)]


def test_groups_with_a_third_of_their_leaves_in_common_are_no_component() -> None:
    one = make_instance(make_title(), make_icon(), make_icon())
    other = make_instance(make_title(), make_badge(), make_badge())
    assert name(one, other) == ["", ""]


def test_a_painted_one_among_plain_ones_is_the_same_component_if_nearly_all_agrees() -> None:
    plain = [make_instance(make_icon(), make_title(), make_line()) for _ in range(2)]
    painted = set_label(
        make_box(0, 0, 300, 200, make_icon(), make_title(), make_line()), "div", "panel"
    )
    assert len(set(name(*plain, painted))) == 1


def test_a_painted_one_that_lacks_a_part_is_another_thing() -> None:
    plain = [make_instance(make_icon(), make_title(), make_line()) for _ in range(2)]
    painted = set_label(make_box(0, 0, 300, 200, make_title(), make_badge()), "div", "panel")
    *names, odd = name(*plain, painted)
    assert odd not in names


def make_card(width: float) -> Node:
    card = make_box(0, 0, width, 200, make_icon(), make_title(), make_line())
    return set_label(card, "article", "card")


def test_boxes_of_nearly_one_width_are_one_component() -> None:
    assert len({*name(make_card(300), make_card(318), make_card(300))}) == 1


def test_boxes_of_clearly_other_widths_are_not() -> None:
    assert name(make_card(300), make_card(420)) == ["", ""]


def test_groups_of_twenty_leaves_are_a_component_and_of_a_hundred_sections() -> None:
    rich = [make_instance(*make_leaves(20)) for _ in range(2)]
    whole = [make_instance(*make_leaves(100)) for _ in range(2)]
    assert "" not in name(*rich)
    assert name(*whole) == ["", ""]


def test_groups_in_two_rows_are_one_component_where_most_leaves_agree() -> None:
    full = make_icon(), make_title(), make_line(), make_badge()
    most, half = (make_icon(), make_title(), make_line()), (make_title(), make_badge())
    for parts, are_same in ((most, True), (half, False)):
        rows = [
            set_label(make_group("row", *(make_instance(*one) for _ in range(3))), "div", "row")
            for one in (full, parts)
        ]
        first, second = label_components(make_page(*rows)).children
        names = {first.children[0].label.name, second.children[0].label.name}
        assert (len(names) == 1) == are_same


def test_a_container_is_called_after_instances_that_are_most_of_its_parts() -> None:
    instances = [make_instance(make_icon(), make_title(), make_line()) for _ in range(2)]
    for others, is_named in ((0, True), (3, False)):
        row = make_group("row", *instances, *(make_line() for _ in range(others)))
        [container] = label_components(make_page(set_label(row, "div", "row"))).children
        assert bool(container.label.name) == is_named


def test_a_long_last_sentence_is_no_link_though_it_is_set_off() -> None:
    def make_end() -> Node:
        words = "Find out what a day on the water costs"
        return set_label(make_text(words, 0, 90, weight=700, color="#cc2222"), "p", "text")

    cards = [make_instance(make_icon(), make_title(), make_line(), make_end()) for _ in range(3)]
    assert {card.children[-1].label.role for card in label(*cards)} == {"text"}
