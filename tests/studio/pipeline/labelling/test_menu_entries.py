"""A menu's entry is a word or two, alone or beside a small icon or a count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.pipeline.labelling.rules.asides import fold_sidebar, label_asides, label_sidebar
from studio.pipeline.labelling.rules.menus import (
    find_entry_text,
    gather_footer_menus,
    gather_header_menus,
    is_entry,
    is_menu,
    label_link_columns,
    link_brand,
    link_usual_words,
    list_navs,
)
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.nodes import Node
from tests.studio.pipeline.hand_made import (
    list_texts,
    make_box,
    make_group,
    make_picture,
    make_text,
    set_label,
)

WORDS = ("Boats", "Prices", "Press", "Contact")


def make_line(words: str, x: float = 0, y: float = 0, **look: object) -> Node:
    return set_label(make_text(words, x, y, **look), "p", "text")


def make_row(*nodes: Node) -> Node:
    return set_label(make_group("row", *nodes), "div", "row")


def make_column(*nodes: Node) -> Node:
    return set_label(make_group("column", *nodes), "div", "column")


def write_row(words: tuple[str, ...] = WORDS, x: float = 0) -> list[Node]:
    return [make_line(word, x + 120 * i) for i, word in enumerate(words)]


def write_column(words: tuple[str, ...] = WORDS, x: float = 0, y: float = 0) -> list[Node]:
    return [make_line(word, x, y + 40 * i) for i, word in enumerate(words)]


def list_links(node: Node) -> list[str]:
    return [n.text for n in node.walk() if n.flow == "text" and n.label.tag == "a"]


@pytest.mark.parametrize("words", ["Boats", "Our prices", "About the old harbour"])
def test_a_few_words_may_be_an_entry(words: str):
    assert is_entry(make_line(words))


@pytest.mark.parametrize(
    "node",
    [
        make_line("A boat for each quiet day"),
        make_line("Two\nlines"),
        make_line("Boats", size=32),
        make_line("2026"),
        make_text("Boats", marker="•"),
        set_label(make_text("Boats"), "h2", "heading"),
        make_box(0, 0, 100, 40),
    ],
    ids=["a sentence", "two lines", "large", "a number", "marked", "a title", "a box"],
)
def test_other_things_are_no_entry(node: Node):
    assert not is_entry(node)


def test_a_word_beside_an_icon_is_an_entry_by_its_word():
    row = make_row(make_picture(0, 0, 20, 20), make_line("Boats", 30))
    assert find_entry_text(row).text == "Boats"


def test_a_word_between_an_icon_and_a_count_is_an_entry_by_its_word():
    badge = set_label(make_box(120, 0, 24, 20, make_text("12", 124)), "a", "badge")
    row = make_row(make_picture(0, 0, 20, 20), make_line("Orders", 30), badge)
    assert find_entry_text(row).text == "Orders"


def test_two_words_beside_each_other_are_no_single_entry():
    assert find_entry_text(make_row(make_line("Boats"), make_line("Prices", 100))) is None


def test_a_word_beside_a_photo_is_no_entry():
    photo = make_picture(0, 0, 200, 150, kind="photo")
    assert find_entry_text(make_row(photo, make_line("Boats", 220))) is None


def test_the_words_of_a_header_are_a_nav_of_links():
    header = gather_header_menus(make_row(make_picture(0, 0, 40, 40), *write_row(x=400)))
    [nav] = [node for node in header.walk() if node.label.role == "nav"]
    assert list_links(nav) == list(WORDS)


def test_of_two_runs_in_a_header_the_longer_is_the_nav():
    header = gather_header_menus(
        make_row(*write_row(x=100), make_picture(800, 0, 20, 20), *write_row(("Ask", "Go"), 1000))
    )
    [nav] = [node for node in header.walk() if node.label.role == "nav"]
    assert list_texts(nav) == list(WORDS)


def test_large_words_in_a_header_are_no_title():
    name = set_label(make_text("Harbour", size=28, weight=700), "h2", "heading")
    header = gather_header_menus(make_row(name, *write_row(x=400)))
    assert "heading" not in {node.label.role for node in header.walk()}


def test_a_nav_inside_a_bar_that_is_one_itself_is_a_list():
    bar = gather_header_menus(make_row(make_picture(0, 0, 40, 40), *write_row(x=400)))
    listed = list_navs(set_label(bar, "nav", "row"))
    assert [n.label.tag for n in listed.walk() if n.label.role in ("nav", "list")] == ["ul"]


def test_the_first_text_of_a_header_is_the_sites_name_and_a_link():
    header = link_brand(make_row(make_line("Harbour"), make_line("Open all day", 300)))
    assert list_links(header) == ["Harbour"]


def test_the_only_text_of_a_header_is_its_title():
    assert list_links(link_brand(make_row(make_line("Harbour")))) == []


def test_words_in_a_footer_are_links_in_columns_and_in_rows():
    column = make_column(*write_column())
    row = make_row(*write_row(("Imprint", "Privacy", "Terms"), x=400))
    footer = gather_footer_menus(make_row(column, row))
    assert list_links(footer) == [*WORDS, "Imprint", "Privacy", "Terms"]


def test_two_words_side_by_side_in_a_footer_are_no_menu():
    footer = gather_footer_menus(make_column(make_row(*write_row(("Ada Brown", "Captain")))))
    assert not [node for node in footer.walk() if is_menu(node)]


def test_words_far_from_each_other_are_no_menu():
    words = [make_line(word, 300 * i) for i, word in enumerate(WORDS)]
    assert not [n for n in gather_footer_menus(make_row(*words)).walk() if is_menu(n)]


def test_columns_of_words_under_titles_are_lists_of_links():
    columns = [
        make_column(
            set_label(make_text(title, 300 * i, 0, weight=700), "h3", "heading"),
            *write_column(x=300 * i, y=40),
        )
        for i, title in enumerate(("Company", "Services"))
    ]
    labelled = label_link_columns(make_row(*columns))
    assert list_links(labelled) == [*WORDS, *WORDS]


def test_a_single_column_of_words_under_a_title_may_be_anything():
    title = set_label(make_text("Company", weight=700), "h3", "heading")
    column = make_column(title, *write_column(y=40))
    assert list_links(label_link_columns(make_row(column, make_line("Beside", 600)))) == []


def test_a_list_is_a_menu_only_where_all_its_items_are_links():
    links = [set_label(line, "a", "link") for line in write_column()]
    assert is_menu(set_label(make_group("column", *links), "ul", "list"))
    assert not is_menu(set_label(make_group("column", *links, make_line("Text")), "ul", "list"))
    assert not is_menu(make_column(*links))


def test_scattered_words_of_one_look_in_a_sidebar_are_links():
    rows = [
        make_row(make_line(word, 40, 90 * i), make_line("…", 200, 90 * i))
        for i, word in enumerate(WORDS)
    ]
    assert list_links(link_usual_words(make_column(*rows))) == list(WORDS)


def test_a_few_scattered_words_in_a_sidebar_are_texts():
    rows = [make_row(make_line(word, 40, 90 * i)) for i, word in enumerate(WORDS[:2])]
    assert list_links(link_usual_words(make_column(*rows))) == []


def make_sidebar(*parts: Node) -> Node:
    return set_label(make_group("column", *parts), "aside", "sidebar")


def test_several_menus_of_a_sidebar_are_one_nav_with_the_captions_between_them():
    caption = make_line("Your account", y=200, size=12, weight=700)
    parts = [*write_column(), caption, *write_column(("Profile", "Orders", "Help"), y=240)]
    sidebar = label_sidebar(make_sidebar(*parts))
    [nav] = [node for node in sidebar.walk() if node.label.tag == "nav"]
    assert "Your account" in list_texts(nav)
    assert list_links(nav) == [*WORDS, "Profile", "Orders", "Help"]


def test_a_sidebar_with_a_menu_folds_and_one_without_does_not():
    with_menu = fold_sidebar(label_sidebar(make_sidebar(*write_column())))
    without = fold_sidebar(make_sidebar(make_picture(0, 0, 200, 200)))
    assert "folds" in with_menu.label.flags
    assert "folds" not in without.label.flags


def test_the_menu_of_a_sidebar_that_folds_has_a_name():
    sidebar = fold_sidebar(
        label_sidebar(make_sidebar(make_picture(0, -90, 40, 40), *write_column()))
    )
    assert [n.label.name for n in sidebar.walk() if n.label.tag == "nav"] == ["site-menu"]


def test_a_word_beside_a_large_icon_and_one_in_a_high_box_are_no_entries():
    assert find_entry_text(make_row(make_picture(0, 0, 50, 50), make_line("Boats", 60))) is None
    box = make_box(0, 0, 200, 120, make_picture(10, 50, 20, 20), make_line("Boats", 40, 50))
    assert find_entry_text(set_label(box, "div", "panel")) is None


def count_menus(*nodes: Node) -> int:
    return sum(is_menu(node) for node in gather_footer_menus(make_column(*nodes)).walk())


@pytest.mark.parametrize(("off", "menus"), [(2, 1), (12, 0)])
def test_words_of_a_column_begin_at_one_edge(off: float, menus: int):
    words = [
        make_line(word, off * i, 40 * i) for i, word in enumerate(("Bo", "Prices today", "Press"))
    ]
    assert count_menus(*words) == menus


@pytest.mark.parametrize(("off", "is_whole"), [(2, True), (14, False)])
def test_words_of_a_column_stand_at_one_pitch(off: float, is_whole: bool):
    places = (0, 40, 80 + off, 120 + off, 160 + off)
    words = [make_line(f"Link {i}", 0, y) for i, y in enumerate(places)]
    menus = [n for n in gather_footer_menus(make_column(*words)).walk() if is_menu(n)]
    assert any(len(menu.children) == len(words) for menu in menus) == is_whole


@pytest.mark.parametrize(("size", "menus"), [(17.5, 1), (22, 0)])
def test_words_side_by_side_are_of_one_size(size: float, menus: int):
    words = [make_line("Boats"), make_line("Prices", 100, size=size), make_line("Press", 200)]
    assert count_menus(make_row(*words)) == menus


def test_columns_of_two_words_under_titles_may_be_anything():
    columns = [
        make_column(
            set_label(make_text("Company", x, 0, weight=700), "h3", "heading"),
            *write_column(WORDS[:2], x=x, y=40),
        )
        for x in (0, 300)
    ]
    assert list_links(label_link_columns(make_row(*columns))) == []


FACTS = PageFacts(1280, 2000, 16.0, "#222222", {})
LINKS = ("Profile", "Orders", "Addresses", "Payment", "Reviews", "Help")


def label_beside(words: tuple[str, ...] = LINKS, *, pitch: float = 50, width: float = 200) -> str:
    """Return the tag of a column of links beside content more than twice as wide."""
    links = [set_label(line, "a", "link") for line in write_column(words)]
    links = [replace(link, box=replace(link.box, y=pitch * i)) for i, link in enumerate(links)]
    column = make_column(*links)
    column = replace(column, box=replace(column.box, width=width))
    content = set_label(
        make_box(width + 40, 0, 1100, 400, make_line("Your orders")), "div", "panel"
    )
    section = set_label(make_group("row", column, content), "div", "columns")
    return label_asides(section, FACTS).children[0].label.tag


def test_a_narrow_column_of_many_links_is_an_aside():
    assert label_beside() == "aside"


def test_a_wide_a_short_and_a_low_column_are_none():
    assert label_beside(width=520) == "div"
    assert label_beside(LINKS[:3], pitch=120) == "div"
    assert label_beside(pitch=20) == "div"
