"""In lines, cells and stacks pictures and boxes keep the size that they were cut with."""

from __future__ import annotations

import re

from studio.pipeline.codegen.draft import make_draft
from tests.studio.pipeline.codegen.sketch import Sketch


def write(page: Sketch) -> tuple[str, str]:
    files = make_draft(page.hints(), {}).bundle.files
    return files["index.html"], files["styles.css"]


def test_a_picture_beside_words_is_not_as_wide_as_its_line():
    page = Sketch().picture(100, 100, 100, 100).text(240, 155, "A watch for people who wait")
    html, css = write(page)
    assert 'width="100"' in html
    assert not re.search(r"\.image \{[^}]*width: 100%", css)


def test_pictures_in_a_table_keep_their_width():
    page = Sketch()
    for i in range(3):
        y = 100 + 80 * i
        page.picture(210, y, 60, 60).text(400, y + 35, f"Watch {i}").text(900, y + 35, f"${i}0")
        page.rect(200, y + 70, 880, 1, "#cccccc")
    html, css = write(page)
    assert "<table" in html
    assert not re.search(r"\.image[-\d]* \{[^}]*width: 100%", css)


def test_a_box_around_an_icon_keeps_its_width_in_a_line():
    page = Sketch().rect(100, 100, 56, 56, "#ddeeff", radius=12.0).text(180, 134, "Fast start")
    page.picture(116, 116, 24, 24, kind="icon")
    _, css = write(page)
    assert re.search(r"flex: 0 0 3\.5rem", css)


def test_a_gap_between_columns_is_no_gap_between_wrapped_lines():
    page = Sketch()
    for i, words in enumerate(("Home", "Prices", "Team", "Contact")):
        page.text(100 + 160 * i, 60, words)
    page.text(100, 200, "Something below the row of words, longer than it", size=30)
    _, css = write(page)
    assert re.search(r"gap: 0\.75rem \d", css)


def test_words_at_the_end_of_a_line_have_room_to_come_out_wider():
    """A round photo of 92 px beside a name and its role, on a page that leaves 100 px free."""
    page = Sketch(width=498, height=180).picture(19, 44, 92, 92, radius=46.0)
    page.text(135, 82, "Marit Solheim", 30, weight=700).text(135, 116, "Head of Field Research", 23)
    html, css = write(page)
    assert 'width="92"' in html
    assert "border-radius: 2.875rem" in css
    words = max(line.box.width for line in page.texts)
    (basis,) = re.findall(r"flex: 0 1 ([\d.]+)rem", css)
    assert 1.03 * words <= 16 * float(basis) <= 1.06 * words


def test_a_roomy_button_beside_words_keeps_its_padding_and_takes_no_more():
    page = Sketch().rect(371, 100, 538, 400, "#f5f5f5").text(391, 160, "Looking for a boat?", 28)
    page.text(391, 300, "We look with you", 16)
    page.rect(669, 274, 220, 44, "#ff5a3d").text(739, 301, "Explore", 16, color="#ffffff")
    _, css = write(page)
    [rule] = re.findall(r"\.button \{([^}]*)\}", css)
    assert "width: 100%" not in rule
    padding = re.search(r"padding[^;]* ([\d.]+)rem;", rule)
    assert padding is not None
    assert abs(16 * float(padding[1]) - 80) < 6


def test_words_in_a_row_that_fills_its_room_are_spaced_between():
    page = Sketch().text(20, 50, "Transports", 34, weight=700).text(1020, 50, "1 234 567 8910", 32)
    page.text(100, 200, "Something below the row of words, longer than it", size=30)
    _, css = write(page)
    assert "justify-content: space-between" in css


def test_links_far_apart_beside_a_logo_keep_their_distance():
    """A menu within a line is as wide as its links, so no room is left to be spread between them."""
    page = Sketch().rect(0, 0, 1280, 60, "#101010").picture(20, 10, 80, 40)
    for i, words in enumerate(("Home", "Prices", "Team", "Contact")):
        page.text(500 + 120 * i, 38, words, 16, color="#ffffff")
    page.text(100, 200, "Something below the bar, longer than it", 30)
    html, css = write(page)
    assert len(re.findall(r"<li[ >]", html)) == 4
    gaps = [float(gap) * 16 for gap in re.findall(r"gap: (?:0\.75rem )?([\d.]+)rem", css)]
    assert max(gaps) > 48
