"""One rule for what elements of a name share; modifiers for what sets some apart."""

from __future__ import annotations

import pytest

from studio.pipeline.codegen.class_rules import write_class_rules
from studio.pipeline.codegen.element import Element, Styles

BASE: Styles = {"font-size": 16.0, "color": "#222222", "line-height": "1.5"}


def make_page(*children: Element) -> Element:
    return Element("body", children=list(children))


def write(*children: Element) -> dict[str, Styles]:
    return {name: style for name, style, _ in write_class_rules(make_page(*children), BASE)}


def item(words: str = "One", name: str = "card__text", **style: float | str) -> Element:
    styles = {key.replace("_", "-"): value for key, value in style.items()}
    return Element("p", name, styles, children=[words])


def test_equal_elements_share_one_rule():
    one, other = item(color="#555555"), item(color="#555555")
    assert write(one, other) == {"card__text": {"color": "#555555"}}
    assert one.classes == other.classes == "card__text"


def test_numbers_that_nearly_agree_are_one():
    elements = [item(font_size=size) for size in (14.0, 14.4, 14.0)]
    assert write(*elements) == {"card__text": {"font-size": 14.0}}


def test_colors_that_nearly_agree_are_one():
    elements = [item(color=color) for color in ("#555555", "#575657", "#555555")]
    assert write(*elements) == {"card__text": {"color": "#555555"}}


def test_shadows_that_were_seen_differently_are_one():
    soft, other = "0px 2px 4px rgb(0 0 0 / 0.1)", "0px 1px 3px rgb(0 0 0 / 0.12)"
    elements = [item(name="card", box_shadow=shadow) for shadow in (soft, other, soft)]
    assert write(*elements) == {"card": {"box-shadow": soft}}


def test_what_sets_one_apart_is_a_modifier_beside_the_class():
    elements = [item(font_size=14.0), item(font_size=14.0), item(font_size=22.0)]
    rules = write(*elements)
    assert rules["card__text--large"] == {"font-size": 22.0}
    assert elements[2].classes == "card__text card__text--large"


def test_a_modifier_undoes_what_its_element_does_not_have():
    elements = [item(margin_top=16.0), item(margin_top=16.0), item()]
    assert write(*elements)["card__text--close"] == {"margin-top": 0.0}


def test_paint_and_place_are_modifiers_of_their_own_so_that_others_can_share_them():
    plain = [item() for _ in range(3)]
    red, far = item(color="#cc0000"), item(margin_top=40.0)
    both = item(color="#cc0000", margin_top=40.0)
    rules = write(*plain, red, far, both)
    assert set(both.classes.split()) == {*red.classes.split(), *far.classes.split()}
    assert len(rules) == 2


def test_a_part_keeps_its_name_in_every_instance_though_it_looks_like_the_page():
    first, second = item(), item()
    assert write(first, second) == {}
    assert first.classes == second.classes == "card__text"


def test_the_chosen_entry_of_a_nav_is_active():
    entries = [item(name="nav__link", color="#888888") for _ in range(3)]
    active = item(name="nav__link", color="#ffffff")
    write(*entries, active)
    assert active.classes == "nav__link nav__link--active"


def test_badges_are_called_after_the_state_that_they_say():
    states = [item("Paid", "badge", background_color="#dcf5e6") for _ in range(3)]
    failed = item("Failed", "badge", background_color="#fde0dd")
    write(*states, failed)
    assert failed.classes == "badge badge--failed"


def test_one_side_of_a_margin_can_be_undone():
    centered = [item(margin_inline="auto"), item(margin_inline="auto")]
    left = item(margin_left=24.0)
    rules = write(*centered, left)
    assert rules["card__text"] == {"margin-left": "auto", "margin-right": "auto"}
    assert left.classes.startswith("card__text card__text--")


def test_a_control_s_place_is_a_class_of_its_block():
    button = item("Buy", "button", background_color="#2563eb", margin_top=24.0)
    button.mix = "hero__button"
    rules = write(button)
    assert rules == {
        "button": {"background-color": "#2563eb"},
        "hero__button": {"margin-top": 24.0},
    }
    assert button.classes == "button hero__button"


def test_texts_that_wrap_get_a_width_at_which_all_break_as_they_should():
    one, other = item(max_width=200.0), item(max_width=260.0)
    one.wrap, other.wrap = (190.0, 300.0), (240.0, 330.0)
    assert write(one, other) == {"card__text": {"max-width": 240.0}}


def test_what_equal_numbers_add_to_the_height_is_taken_from_the_next_free_space():
    rows = [item(name="list__item", margin_top=space) for space in (10.0, 12.0, 11.0, 12.0)]
    below = item(name="section__text", margin_top=40.0)
    rules = write(*rows, below)
    before = 10 + 12 + 11 + 12 + 40
    [shared] = {rules["list__item"]["margin-top"]}
    assert isinstance(shared, float)
    after = 4 * shared + float(rules["section__text"]["margin-top"])
    assert abs(after - before) <= 0.5


def test_the_small_rules_of_a_class_are_kept_for_those_that_need_others():
    wide = Element("div", "cards", {"gap": 24.0}, {"gap": 16.0})
    page = make_page(wide)
    assert write_class_rules(page, BASE) == [("cards", {"gap": 24.0}, {"gap": 16.0})]


@pytest.mark.parametrize(
    ("whole", "part"), [("background", "background-color"), ("border", "border-top")]
)
def test_undoing_a_shorthand_leaves_a_part_of_its_own(whole: str, part: str):
    shared = [item(name="panel", **{whole: "1px solid #cccccc"}) for _ in range(2)]
    other = item(name="panel", **{part: "2px solid #2563eb"})
    rules = write(*shared, other)
    [modifier] = [name for name in other.classes.split() if name != "panel"]
    assert list(rules[modifier]) == [whole, part]
