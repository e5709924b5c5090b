"""What a person changes of an outline: sections in order, each once, with our texts where there are none."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.outline.outline_edits import (
    add_section,
    can_move,
    complete_outline,
    describe_outline_changes,
    find_unwritten,
    list_missing_kinds,
    move_section,
    remove_section,
    set_count,
)
from studio.pipeline.outline.plan import plan_outline
from studio.pipeline.outline.schema import (
    Item,
    Outline,
    OutlineError,
    Section,
    read_outline,
    write_outline,
)
from studio.pipeline.outline.section_kinds import SPECS, SectionKind
from studio.pipeline.outline.stored import OUTLINE_FILE, load_outline
from studio.pipeline.sections.page import build_page

PAGE = plan_outline("A page for a bakery called Lia with three products, a story and contact")
SCREEN = plan_outline("A dashboard for a shop with stats and a chart")


def list_kinds(outline: Outline) -> list[str]:
    return [section.kind for section in outline.sections]


def find_place(outline: Outline, kind: SectionKind) -> int:
    return list_kinds(outline).index(kind)


def test_sections_move_past_each_other_but_not_past_header_and_footer() -> None:
    place = find_place(PAGE, "story")
    moved = move_section(PAGE, place, -1)
    assert find_place(moved, "story") == place - 1
    assert sorted(list_kinds(moved)) == sorted(list_kinds(PAGE))
    assert not can_move(PAGE, 0, 1)
    assert not can_move(PAGE, 1, -1)
    assert move_section(PAGE, 1, -1) == PAGE
    assert move_section(PAGE, len(PAGE.sections) - 1, 1) == PAGE


def test_a_section_is_removed_and_the_last_one_stays() -> None:
    assert "story" not in list_kinds(remove_section(PAGE, find_place(PAGE, "story")))
    single = replace(PAGE, sections=PAGE.sections[:1])
    assert remove_section(single, 0) == single


def test_a_section_of_the_closed_set_is_added_with_our_texts() -> None:
    added = add_section(PAGE, "faq")
    faq = added.find("faq")
    assert faq is not None
    assert faq.title
    assert all(item.title and item.text for item in faq.items)
    assert find_place(added, "faq") < find_place(added, "contact")


@pytest.mark.parametrize("kind", ["products", "board", "nothing"])
def test_a_section_that_is_there_or_does_not_suit_the_page_is_not_added(
    kind: SectionKind,
) -> None:
    assert kind not in list_missing_kinds(PAGE)
    with pytest.raises(OutlineError, match="cannot be added"):
        add_section(PAGE, kind)


def test_an_application_gets_screens() -> None:
    assert "table" in [*list_missing_kinds(SCREEN), *list_kinds(SCREEN)]
    assert "newsletter" not in list_missing_kinds(SCREEN)


def test_emptied_texts_become_ours_again_and_hidden_facts_stay() -> None:
    products = PAGE.sections[find_place(PAGE, "products")]
    emptied = replace(products, title="", actions=(), items=(Item(),) * 3)
    sections = tuple(emptied if one is products else one for one in PAGE.sections)
    edited = Outline(name="Lia", look=PAGE.look, sections=sections, subject="something else")
    assert complete_outline(edited, PAGE) == PAGE


def test_outlines_that_make_no_page_are_refused_with_what_is_allowed() -> None:
    with pytest.raises(OutlineError, match="at least one"):
        complete_outline(replace(PAGE, sections=()), PAGE)
    with pytest.raises(OutlineError, match="use each section once"):
        complete_outline(replace(PAGE, sections=(*PAGE.sections, Section("hero"))), PAGE)
    with pytest.raises(OutlineError, match="The section signin cannot be added; use one of logos"):
        complete_outline(replace(PAGE, sections=(*PAGE.sections, Section("signin"))), PAGE)
    with pytest.raises(OutlineError, match="Got 0 items for faq; use 2 to 10"):
        complete_outline(replace(PAGE, sections=(Section("faq"),)), PAGE)


def test_only_added_sections_without_a_text_of_a_person_are_left_to_a_writer() -> None:
    added = add_section(PAGE, "faq")
    place = find_place(added, "faq")
    assert find_unwritten(added, PAGE) == (place,)
    sections = [*added.sections]
    sections[place] = replace(sections[place], title="Ask us")
    assert find_unwritten(replace(added, sections=tuple(sections)), PAGE) == ()
    assert find_unwritten(add_section(PAGE, "newsletter"), PAGE) == ()  # no writer is asked for it


def test_a_count_keeps_the_items_that_stay() -> None:
    products = PAGE.sections[find_place(PAGE, "products")]
    assert set_count(products, 2).items == products.items[:2]
    assert set_count(products, 5).items[:3] == products.items
    assert set_count(products, 3) is products


def test_changes_are_described_in_a_line() -> None:
    assert describe_outline_changes(PAGE, PAGE) == ""
    changed = add_section(remove_section(PAGE, find_place(PAGE, "story")), "faq")
    changed = replace(changed, look=replace(PAGE.look, is_dark=True), name="Casa")
    told = describe_outline_changes(changed, PAGE)
    assert told == "Outline: added faq; removed story; look; name"
    moved = move_section(PAGE, find_place(PAGE, "story"), -1)
    assert describe_outline_changes(moved, PAGE) == "Outline: order"


def test_characters_that_cannot_be_stored_are_left_out_of_texts() -> None:
    assert read_outline({"name": "Li\0a\ud800\x1b \n bakes"}).name == "Lia bakes"


@pytest.mark.parametrize("color", ["red", "#abc", "#+f+f+f", "#12345g"])
def test_what_is_no_color_is_refused(color: str) -> None:
    with pytest.raises(OutlineError, match="use '#rrggbb'"):
        read_outline({"look": {"accent": color}})


@pytest.mark.parametrize("kind", list(SPECS))
def test_a_page_is_made_of_any_stored_outline_or_it_is_not_read(kind: SectionKind) -> None:
    """A page that somebody imports may bring any outline along."""
    for count in (0, 1, 40):
        hostile = Outline(sections=(Section(kind, items=(Item(),) * count),))
        text = json.dumps(write_outline(hostile))
        outline = load_outline(Bundle({OUTLINE_FILE: text}))
        assert outline is not None or count == 0
        if outline is not None:
            assert build_page(outline).files
