"""`manage.py record_newcomer`: its deadline, its table and its contact sheet. The whole journey takes minutes
and is recorded by hand before a release.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from PIL import Image

from studio.load import contact_sheet, newcomer
from studio.load.contact_sheet import MOST_BYTES, make_contact_sheet
from studio.load.newcomer import Journey, JourneyError, Moment, Newcomer
from studio.load.scripted_answers import make_answers
from studio.management.commands.record_newcomer import describe_journeys
from studio.processes.trial_studio import Trial


def draw_frame(size: tuple[int, int] = newcomer.WINDOW) -> Image.Image:
    """Return a picture that compresses badly."""
    return Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3))


def show_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def browser() -> Any:
    """A browser whose pages show white and have nothing on them."""
    made = MagicMock()
    page = made.new_context.return_value.new_page.return_value
    page.screenshot.return_value = show_png(Image.new("RGB", (8, 5), "white"))
    page.locator.return_value.count.return_value = 0
    return made


def walk(browser: Any, folder: Path, log: str) -> Newcomer:
    (folder / "log").write_text(log)
    studio = Trial("http://127.0.0.1:1", folder, {}, 0, folder / "log")
    return Newcomer(browser, studio, folder)


def test_a_journey_that_does_not_end_is_given_up_at_its_deadline_and_names_the_step(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newcomer, "TOTAL_SECONDS", 0.0)
    with pytest.raises(JourneyError, match="the newcomer is at: start page"):
        walk(browser, tmp_path, log="no mail").walk()
    page = browser.new_context.return_value.new_page.return_value
    page.context.close.assert_called_once()


def test_the_link_of_the_mail_is_opened(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newcomer, "TOTAL_SECONDS", 0.0)
    mail = "open this link and choose a password:\n\nhttp://127.0.0.1:1/sign-up/abc:def\n\nIt is"
    with pytest.raises(JourneyError):
        walk(browser, tmp_path, log=mail).walk()
    page = browser.new_context.return_value.new_page.return_value
    page.goto.assert_called_with("/sign-up/abc:def")


def make_moments(folder: Path, *names: str) -> list[Moment]:
    for name in names:
        draw_frame().save(folder / f"{name}.png")
    return [Moment(name, 1.5, place, f"{name}.png") for place, name in enumerate(names)]


def test_a_contact_sheet_shows_each_moment_and_is_small_enough(tmp_path: Path) -> None:
    moments = make_moments(tmp_path, "start", "dropped", "result", "fixed")
    make_contact_sheet([*moments, Moment("lost", 2.0, 5, "")], tmp_path, tmp_path / "sheet.webp")
    file = tmp_path / "sheet.webp"
    assert file.stat().st_size <= MOST_BYTES
    columns, (width, height) = contact_sheet.COLUMNS, contact_sheet.TILE
    with Image.open(file) as sheet:
        assert sheet.width > columns * width
        assert 2 * height < sheet.height < 3 * height  # the moment without a frame has no place


def test_the_table_has_a_line_for_each_moment_and_a_column_for_each_model() -> None:
    def go(*seconds: float) -> Journey:
        moments = [Moment("step", second, 3, "") for second in seconds]
        return Journey(moments, 7, "'Boats' 3 px too low", 0.9, 0.95, 8)

    lines = describe_journeys({"fast": go(1, 2), "slow": go(30, 60)})
    assert lines[:3] == [
        "moment | clicks | fast model, s | slow model, s",
        "step | 3 | 1 | 30",
        "step | 3 | 2 | 60",
    ]
    assert lines[3].startswith(
        "fast model: likeness 90.0%, then 95.0% after “'Boats' 3 px too low”"
    )


def test_the_scripted_model_leaves_the_footer_out_at_first() -> None:
    first, second = make_answers()
    assert "<footer" not in first
    assert "<footer" in second
