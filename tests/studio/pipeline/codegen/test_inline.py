"""Bold words, links, code on grey and struck prices stand inside their paragraph, which stays one."""

from __future__ import annotations

import re

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.layout.font_metrics import text_width
from tests.studio.pipeline.codegen.sketch import SANS, Sketch


def html_of(page: Sketch) -> str:
    return make_draft(page.hints(), {}).bundle.files["index.html"]


def line_of(
    page: Sketch, x: float, baseline: float, *pieces: tuple[str, dict[str, object]]
) -> None:
    """Pieces of one line, each a word space after the one before it."""
    for words, look in pieces:
        page.text(x, baseline, words, **look)
        weight = int(str(look.get("weight", 400)))
        x += text_width(words + " ", SANS, weight, False, 16)


def test_bold_words_at_the_start_of_a_line_leave_the_paragraph_whole() -> None:
    page = Sketch(width=600, height=200)
    line_of(page, 40, 60, ("Connect the sensor to the left port of the board and wait until", {}))
    line_of(
        page,
        40,
        84,
        ("the green light", {"weight": 700}),
        ("stays on before you open the lid again.", {}),
    )
    html = html_of(page)
    assert html.count("<p") == 1
    assert re.search(r"<strong[^>]*>the green light</strong> stays on", html)


def test_the_paragraph_looks_as_most_of_its_letters_do() -> None:
    page = Sketch(width=600, height=200)
    line_of(
        page,
        40,
        60,
        ("Note:", {"weight": 700}),
        ("connect the sensor to the left port of the board", {}),
    )
    line_of(page, 40, 84, ("and wait until the green light stays on before you go.", {}))
    html, sheet = (
        make_draft(page.hints(), {}).bundle.files[name] for name in ("index.html", "styles.css")
    )
    assert re.search(r"<p[^>]*><strong[^>]*>Note:</strong> connect", html)
    assert not re.search(r"\bbody {[^}]*font-weight: 700", sheet)


def test_code_on_grey_is_part_of_its_sentence() -> None:
    page = Sketch(width=600, height=200)
    page.text(40, 60, "Run the command")
    left = 40 + text_width("Run the command ", SANS, 400, False, 16)
    page.text(left + 6, 60, "station", family="mono", font="Liberation Mono", size=14)
    word = page.texts[-1].box
    page.rect(word.x - 6, 45, word.width + 12, 21, "#eef0f3", radius=4.0)
    page.text(word.right + 11, 60, "once a day and no more")
    html, sheet = (
        make_draft(page.hints(), {}).bundle.files[name] for name in ("index.html", "styles.css")
    )
    assert re.search(r"Run the command <code[^>]*>station</code> once a day and no more", html)
    assert re.search(
        r"\.code {[^}]*background-color: [^;]+;[^}]*border-radius: 0.25rem", sheet, re.S
    )


def test_a_button_beside_no_sentence_stays_a_box() -> None:
    page = Sketch(width=600, height=200)
    page.rect(40, 40, 120, 24, "#eef0f3", radius=4.0)
    page.text(60, 57, "Add")
    page.text(300, 57, "three items are in the basket")
    assert "<code" not in html_of(page)
    assert all(line.chip is None for line in page.hints().texts)


def test_a_struck_price_is_struck() -> None:
    page = Sketch(width=600, height=200).text(40, 60, "$169.99", strike=True)
    assert "line-through" in make_draft(page.hints(), {}).bundle.files["styles.css"]


def test_a_new_price_beside_a_longer_struck_one_is_not_struck() -> None:
    page = Sketch(width=600, height=200)
    line_of(page, 40, 60, ("$1,120.00", {"strike": True}), ("$25.00", {}))
    html = html_of(page)
    assert re.search(r"<p[^>]*><s[^>]*>\$1,120\.00</s> \$25\.00</p>", html)


def test_a_link_in_a_title_keeps_the_titles_size_beside_a_link_that_stands_alone() -> None:
    page = Sketch(height=600).text(100, 60, "Read more", size=14, weight=700, color="#667fea")
    page.text(100, 200, "Hello from all at", size=48, weight=700)
    start = 100 + text_width("Hello from all at ", SANS, 700, False, 48)
    page.text(start, 200, "Kiel", size=48, weight=700, color="#667fea")
    page.paragraph(100, 280, ["Boats for a quiet day", "and for a loud one, too."])
    html, sheet = (
        make_draft(page.hints(), {}).bundle.files[name] for name in ("index.html", "styles.css")
    )
    link = re.search(r'<h1[^>]*>Hello from all at <a class="([^"]*)"[^>]*>Kiel</a>', html)
    assert link, html
    rules = [re.search(rf"\.{name} {{([^}}]*)}}", sheet) for name in link[1].split()]
    assert not any("font-size" in rule[1] for rule in rules if rule)
