"""What stays side by side on a phone, and what does not."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from studio.pipeline.codegen.draft import make_draft
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def write_files(page: Sketch) -> tuple[BeautifulSoup, str]:
    """Return the page, and the rules for narrow screens."""
    files = make_draft(page.hints(), {}).bundle.files
    narrow = files["styles.css"].split("@media", 1)
    return BeautifulSoup(files["index.html"], "html.parser"), narrow[1] if narrow[1:] else ""


def make_page() -> Sketch:
    return Sketch(height=1000).text(100, 80, "Rents", size=24).paragraph(100, 130, STORY)


def find_row_rules(page: Sketch, words: str) -> str:
    """Return the rules of the classes of the row that holds the words."""
    files = make_draft(page.hints(), {}).bundle.files
    parsed = BeautifulSoup(files["index.html"], "html.parser")
    row = parsed.find(string=words).find_parent(class_=re.compile("row|item|columns"))
    rules = re.findall(r"\.([\w-]+) \{([^}]*)\}", files["styles.css"])
    return "".join(body for name, body in rules if name in row["class"])


def test_an_amount_beside_its_words_does_not_wrap():
    page = make_page().text(100, 300, "Rent collection rate").text(1040, 300, "92%")
    assert "wrap" not in find_row_rules(page, "92%")


def test_two_texts_side_by_side_wrap():
    page = make_page().text(100, 300, "Rent collection rate").text(900, 300, "Of all tenants here")
    assert "wrap" in find_row_rules(page, "Rent collection rate")


def test_a_small_picture_keeps_its_text_beside_it():
    page = make_page().picture(100, 300, 80, 130).paragraph(210, 320, [*STORY, *STORY])
    assert "grid-template-columns" not in write_files(page)[1]


def test_a_photo_gets_a_line_of_its_own():
    page = make_page().picture(100, 300, 400, 300).paragraph(560, 320, [*STORY, *STORY])
    assert "grid-template-columns: minmax(0, 1fr)" in write_files(page)[1]


def draw_columns(wide: str, titles: tuple[str, ...]) -> Sketch:
    page = make_page()
    for i, title in enumerate(titles):
        x = 400 + 200 * i
        page.text(x, 700, title, size=18, weight=700)
        for k, word in enumerate(("About", "Team", "Jobs")):
            page.text(x, 740 + 30 * k, word)
    return page.paragraph(100, 700, [wide, "and more of this until the end", "of the line"])


def test_columns_of_links_stand_in_pairs_below_what_is_wide():
    page = draw_columns("We sail with you every day of", ("Company", "Boats", "Help", "Legal"))
    narrow = write_files(page)[1]
    assert "repeat(2, minmax(0, 1fr))" in narrow
    assert "grid-column: 1 / -1" in narrow


def test_a_textarea_is_a_block_so_that_no_room_is_below_it():
    page = make_page().rect(100, 300, 420, 120, "#ffffff", border="#aaaaaa")
    page.text(116, 330, "Message", color="#777777")
    files = make_draft(page.hints(), {}).bundle.files
    assert "<textarea" in files["index.html"]
    assert re.search(r"\{[^}]*display: block;[^}]*\}", files["styles.css"].split("label {")[1])


def test_a_wide_gap_that_is_not_what_the_row_leaves_free_wraps():
    page = make_page().text(190, 300, "92%").text(500, 300, "Of the rent was paid")
    page.paragraph(100, 400, ["A line that is much longer than the others are, up to here"])
    page.rect(100, 440, 1000, 1, "#cccccc")
    assert "wrap" in find_row_rules(page, "92%")
