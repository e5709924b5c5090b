"""A page that runs from right to left is written with its direction, its first item on the right."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.layout.direction import mirror_hints, page_direction
from studio.pipeline.perception.hints import Hints
from tests.studio.pipeline.codegen.sketch import Sketch

ARABIC = ("كتب جديدة كل أسبوع", "اختر من آلاف العناوين", "تصفح الكتب")


def arabic_page() -> Sketch:
    page = Sketch(width=800, height=400)
    page.text(560, 60, ARABIC[0], 30, font="DejaVu Sans")
    page.text(640, 120, ARABIC[1], font="DejaVu Sans")
    page.rect(40, 200, 120, 48, "#eeeeee", border="#cccccc")
    page.text(60, 230, ARABIC[2], font="DejaVu Sans")
    return page


def test_an_arabic_page_says_its_language_and_direction() -> None:
    files = make_draft(arabic_page().hints(), {}).bundle.files
    assert '<html lang="ar" dir="rtl">' in files["index.html"]


def test_an_english_page_says_no_direction() -> None:
    files = make_draft(Sketch().text(40, 60, "New books every week").hints(), {}).bundle.files
    assert '<html lang="en">' in files["index.html"]
    assert "dir=" not in files["index.html"]


def test_the_first_item_of_a_row_is_the_one_on_the_right() -> None:
    page = Sketch(width=800, height=200)
    for x, words in ((700, "الرئيسية"), (560, "الكتب"), (420, "اتصل بنا")):
        page.text(x, 60, words, font="DejaVu Sans")
    html = make_draft(page.hints(), {}).bundle.files["index.html"]
    assert re.search("الرئيسية.*الكتب.*اتصل بنا", html, re.S)


def test_a_distance_from_the_right_is_written_as_one() -> None:
    page = Sketch(width=800, height=200)
    page.text(600, 60, ARABIC[1], 20, font="DejaVu Sans")
    sheet = make_draft(page.hints(), {}).bundle.files["styles.css"]
    assert "right" in sheet
    assert "left" not in sheet


def test_a_text_in_another_script_says_its_own_language_and_direction() -> None:
    page = arabic_page().text(40, 320, "Powered by Likeness")
    html = make_draft(page.hints(), {}).bundle.files["index.html"]
    assert re.search(r'<\w+[^>]* lang="en" dir="ltr"[^>]*>Powered by Likeness', html)


def flush_right(baselines: tuple[int, ...]) -> Hints:
    """Lines of different lengths that all end at 760."""
    page = Sketch(width=800, height=600)
    words = ("Letters and books", "for children", "of any age in town")
    for i, baseline in enumerate(baselines):
        page.text(40, baseline, words[i % 3])
    hints = page.hints()
    texts = (replace(line, box=replace(line.box, x=760 - line.box.width)) for line in hints.texts)
    return replace(hints, texts=tuple(texts))


def test_paragraphs_flush_right_make_a_page_run_from_the_right_whatever_its_letters() -> None:
    assert page_direction(flush_right((60, 84, 108, 260, 284, 308))) == "rtl"


def test_a_single_short_paragraph_flush_right_does_not_turn_the_page() -> None:
    assert page_direction(flush_right((60, 84, 108))) == "ltr"


def test_a_mirror_of_a_mirror_is_the_page() -> None:
    hints = arabic_page().hints()
    places = [line.box.x for line in hints.texts]
    assert [line.box.right for line in mirror_hints(hints).texts] == pytest.approx(
        [800 - x for x in places]
    )
    assert [line.box.x for line in mirror_hints(mirror_hints(hints)).texts] == pytest.approx(places)
