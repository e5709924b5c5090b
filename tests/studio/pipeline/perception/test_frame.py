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


def browser() -> Image.Image:
    paper = Paper(1100, 420)
    paper.box(0, 0, 1100, 40, "#dee1e6")
    for i, color in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        paper.box(14 + 20 * i, 14, 12, 12, color, 6)
    paper.box(120, 52, 900, 28, "#eceff1", 14)
    paper.text(140, 71, "planner.example.com/week", 14)
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
    assert hints.cut == (91, 0)
    assert hints.notes == (
        "The top 91 px are the browser's or the window's bar, not the page; they were cut off.",
    )
    assert [line.text for line in hints.texts][:2] == [
        "Plan your week",
        "A calm planner for small teams.",
    ]


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
    assert (hints.notes, hints.cut) == ((), (0.0, 0.0))


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


def test_a_scrollbar_is_not_the_pages_ground() -> None:
    paper = Paper(700, 300, "#0d1323")
    paper.text(40, 60, "Plan your week", 28, color="#ffffff")
    paper.box(688, 0, 12, 300, "#f1f1f1")
    assert find_hints(paper.picture(), scale=1).background == "#0d1323"
