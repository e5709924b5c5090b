"""What a screenshot shows around the page is cut off and said."""

from __future__ import annotations

import pytest
from PIL import Image

from studio.pipeline.perception.frame import read_page
from studio.pipeline.perception.perceive import find_hints
from tests.studio.pipeline.perception.paper import FACTOR, Paper


def add_page(paper: Paper, top: float, left: float = 40) -> None:
    paper.text(left, top + 60, "Plan your week", 28, bold=True)
    paper.text(left, top + 100, "A calm planner for small teams.", 16)
    paper.box(left, top + 130, 140, 44, "#2563eb", 8)
    paper.text(left + 40, top + 158, "Start it", 16, color="#ffffff")


def browser(address: str = "planner.example.com/week") -> Image.Image:
    paper = Paper(1100, 420)
    paper.box(0, 0, 1100, 40, "#dee1e6")
    for i, color in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        paper.box(14 + 20 * i, 14, 12, 12, color, 6)
    paper.box(120, 52, 900, 28, "#eceff1", 14)
    paper.text(140, 71, address, 14)
    paper.box(0, 90, 1100, 1, "#c4c7cc")
    add_page(paper, 91)
    return paper.picture()


def phone(clock: str) -> Image.Image:
    paper = Paper(390, 700)
    paper.text(32, 33, clock, 16, bold=True)
    paper.box(320, 22, 18, 11, "#111111", 3)
    paper.box(344, 22, 24, 11, "#111111", 3)
    add_page(paper, 60, left=24)
    return paper.canvas.resize((1170, 2100), Image.Resampling.BOX)


def framed_phone(frame: str, ground: str) -> Image.Image:
    """A phone whose screen of 390 × 760 px has round corners, edge to edge on its ground."""
    paper = Paper(430, 830, ground)
    paper.box(4, 4, 422, 822, frame, 46, (4, "#8a8f96"))
    paper.box(20, 36, 390, 760, "#ffffff", 30)
    paper.box(180, 16, 70, 6, "#b9bcc2", 3)
    paper.pen.rectangle([20 * FACTOR, 380 * FACTOR, 410 * FACTOR - 1, 440 * FACTOR], fill="#e8eefc")
    add_page(paper, 70, left=44)
    return paper.picture()


def phone_with_keys(signs: int) -> Image.Image:
    """A page above a bar with so many signs."""
    paper = Paper(390, 700)
    add_page(paper, 20, left=24)
    paper.box(0, 652, 390, 48, "#111111")
    for i in range(signs):
        paper.box(390 * (i + 1) / (signs + 1) - 8, 668, 16, 16, "#dddddd", 8 * (i % 2))
    return paper.picture()


def desktop(clock: str) -> Image.Image:
    paper = Paper(1100, 420)
    add_page(paper, 0)
    paper.box(0, 372, 1100, 48, "#1f2430")
    paper.text(24, 402, "Start", 15, color="#ffffff")
    paper.text(1030, 402, clock, 15, color="#ffffff")
    return paper.picture()


def test_a_browsers_bar_is_cut_off_and_said() -> None:
    picture, hints = read_page(browser(), scale=1)
    assert picture.size == (1100, 329)
    assert hints.cut == (91, 0, 0, 0)
    assert hints.notes == (
        "The top 91 px are the browser's or the window's bar, not the page; they were cut off.",
    )
    assert [line.text for line in hints.texts][:2] == [
        "Plan your week",
        "A calm planner for small teams.",
    ]


def test_an_address_of_numbers_is_an_address() -> None:
    _, hints = read_page(browser("127.0.0.1:5501/homepage.html"), scale=1)
    assert hints.cut == (91, 0, 0, 0)


def test_a_phones_status_bar_is_cut_off_and_said() -> None:
    picture, hints = read_page(phone("9:41"))
    assert hints.scale == 3
    assert 35 <= hints.cut[0] / 3 <= 62
    assert picture.height == 2100 - hints.cut[0]
    assert "the phone's status bar" in hints.notes[0]
    assert "9:41" not in {line.text for line in hints.texts}


def test_a_task_bar_is_cut_off_and_said() -> None:
    picture, hints = read_page(desktop("14:32"), scale=1)
    assert picture.size == (1100, 372)
    assert "the system's task bar" in hints.notes[0]


@pytest.mark.parametrize("picture", [phone("Hello"), desktop("Contact")], ids=["phone", "desktop"])
def test_a_page_with_a_bar_of_its_own_is_left_whole(picture: Image.Image) -> None:
    kept, hints = read_page(picture)
    assert kept.size == picture.size
    assert (hints.notes, hints.cut) == ((), (0.0, 0.0, 0.0, 0.0))


def test_a_thumbnail_is_said() -> None:
    paper = Paper(300, 200)
    paper.text(20, 60, "Plan your week", 18)
    notes = find_hints(paper.picture(), scale=1).notes
    assert len(notes) == 1
    assert "only 300 CSS px wide" in notes[0]


def test_a_blown_up_picture_is_said_and_a_sharp_one_at_ratio_2_is_not() -> None:
    paper = Paper(700, 300)
    add_page(paper, 0)
    small = paper.picture()
    blown_up = small.resize((1400, 600), Image.Resampling.BICUBIC)
    assert any("blown up" in note for note in find_hints(blown_up, scale=2).notes)
    sharp = paper.canvas.resize((1400, 600), Image.Resampling.BOX)
    assert sharp.width == 2 * paper.canvas.width // FACTOR
    assert find_hints(sharp, scale=2).notes == ()


def test_a_column_left_over_from_another_window_is_not_the_pages_ground() -> None:
    paper = Paper(640, 400, "#f5f5f5")
    paper.box(639, 0, 1, 400, "#ffffff")
    paper.box(40, 200, 560, 200, "#ffffff", 12)
    paper.text(60, 100, "Sales overview", 24)
    paper.text(80, 260, "Invoices of this week", 16)
    hints = find_hints(paper.picture(), scale=1)
    assert hints.background == "#f5f5f5"


def test_a_scrollbar_is_not_the_pages_ground() -> None:
    paper = Paper(700, 300, "#0d1323")
    paper.text(40, 60, "Plan your week", 28, color="#ffffff")
    paper.box(688, 0, 12, 300, "#f1f1f1")
    assert find_hints(paper.picture(), scale=1).background == "#0d1323"


@pytest.mark.parametrize("ground", ["#ffffff", "#7c7c7c"])
def test_a_phones_frame_is_cut_off_on_all_sides_and_said(ground: str) -> None:
    picture, hints = read_page(framed_phone("#141416", ground), scale=1)
    assert "shows a phone" in hints.notes[0]
    assert (abs(hints.width - 390) <= 1, abs(hints.height - 760) <= 2) == (True, True)
    assert picture.size == (hints.width, hints.height)
    assert [line.text for line in hints.texts][:2] == [
        "Plan your week",
        "A calm planner for small teams.",
    ]
    corners = [picture.getpixel(at) for at in ((0, 0), (389, 0), (0, hints.height - 1))]
    assert corners == [(255, 255, 255)] * 3


@pytest.mark.parametrize("card", ["#ffffff", "#1c1c1e"])
def test_a_page_of_one_large_card_is_no_phones_frame(card: str) -> None:
    paper = Paper(390, 780, "#111113")
    paper.box(16, 16, 358, 748, card, 16)
    paper.text(40, 100, "Plan your week", 28, bold=True, color="#2563eb")
    kept, hints = read_page(paper.picture(), scale=1)
    assert hints.cut == (0, 0, 0, 0)
    assert kept.size == (390, 780)


def test_a_phones_navigation_bar_is_cut_off_and_said() -> None:
    picture, hints = read_page(phone_with_keys(3), scale=1)
    assert picture.size == (390, 652)
    assert "navigation bar" in hints.notes[0]


def test_a_bar_of_five_signs_is_the_pages_own() -> None:
    picture, hints = read_page(phone_with_keys(5), scale=1)
    assert (picture.size, hints.notes) == ((390, 700), ())
