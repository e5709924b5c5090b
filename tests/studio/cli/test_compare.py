"""`likeness compare` in a folder: what it measures, prints and ends with."""

from __future__ import annotations

import argparse
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.cli import compare_command
from studio.cli.command import main
from studio.cli.compare_report import CheckedPage, make_file_name, write_lines, write_markdown
from studio.cli.errors import RemoteError
from studio.cli.page_checks import PageCheck, read_arguments, read_file
from tests.drawing import landing_page
from tests.processes import ROOT

CHECK = PageCheck("pricing", "a.png", "page.html", 800, 0.9)
SCORES = {
    "likeness": 0.8,
    "width": 800,
    "parts": {"words": 0.9},
    "overflow": 0.0,
    "differences": [{"words": "'a | <b>' 3 px too low"}],
    "problems": [],
}


def likeness(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "studio.cli", "compare", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_page_and_its_picture_pass_or_fail_by_the_bar(tmp_path: Path) -> None:
    landing_page().save(tmp_path / "mockup.png")
    (tmp_path / "page.html").write_text("<title>H</title><h1>Boats for a quiet day</h1>")
    passed = likeness(
        tmp_path, "mockup.png", "page.html", "--min", "0.01", "--json", "--out", "proof"
    )
    assert passed.returncode == 0, passed.stderr
    outcome = json.loads(passed.stdout)
    assert outcome["passes"]
    assert outcome["pages"][0]["width"] == 800
    for name in ("report.md", "report.json", *outcome["pages"][0]["pictures"]):
        assert (tmp_path / "proof" / name).stat().st_size > 0
    failed = likeness(tmp_path, "mockup.png", "page.html", "--width", "800")
    assert failed.returncode == 1
    assert failed.stdout.startswith("FAIL  page.html at 800 px: likeness 0.")


def test_a_missing_picture_fails_its_page(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>")
    done = likeness(tmp_path, "none.png", "page.html")
    assert done.returncode == 2  # nothing could be measured
    assert "There is no file" in done.stdout


@pytest.mark.parametrize(
    ("errors", "ends_with"), [(("", ""), 1), (("", "No file."), 1), (("No file.", "No file."), 2)]
)
def test_it_ends_with_2_only_when_nothing_could_be_measured(
    monkeypatch: pytest.MonkeyPatch, errors: tuple[str, ...], ends_with: int
) -> None:
    pages = [CheckedPage(CHECK, {} if error else SCORES, error) for error in errors]
    monkeypatch.setattr(compare_command, "_measure", lambda *args, **more: pages)
    assert main(["compare", "a.png", "page.html"]) == ends_with


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [CheckedPage(CHECK, SCORES)]
    monkeypatch.setattr(compare_command, "_measure", lambda *args, **more: pages)
    (tmp_path / "proof").write_text("a file")
    assert main(["compare", "a.png", "page.html", "--out", str(tmp_path / "proof")]) == 2
    told = capsys.readouterr().err
    assert told.endswith(
        "proof cannot be written: File exists; choose another folder with --out.\n"
    )


def test_a_page_that_cannot_be_opened_fails_alone(tmp_path: Path) -> None:
    landing_page().save(tmp_path / "mockup.png")
    done = likeness(tmp_path, "mockup.png", "a" * 300 + ".html")
    assert done.returncode == 2
    assert "File name too long." in done.stdout
    assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "fonts")

    monkeypatch.setattr(compare_command, "_measure", refuse)
    assert main(["compare", "a.png", "page.html"]) == 2
    assert capsys.readouterr().err == "fonts: Permission denied.\n"


def test_a_file_lists_pages_with_bars_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "likeness.toml"
    path.write_text(
        'min = 0.9\n[[page]]\nmockup = "a.png"\nurl = "http://localhost:3000/pricing"\n'
        '[[page]]\nname = "phone"\nmockup = "b.png"\npage = "b.html"\nwidth = 390\nmin = 0.5\n'
        "ignore = [[0, 0, 390, 64]]\n"
    )
    first, second = read_file(path, 0.95)
    assert (first.name, first.page, first.least) == (
        "pricing",
        "http://localhost:3000/pricing",
        0.9,
    )
    assert (second.name, second.width, second.least) == ("phone", 390, 0.5)
    assert second.arguments["ignore"] == [{"x": 0, "y": 0, "width": 390, "height": 64}]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("min = 0.9", "needs 1 to 200 tables"),
        ("[[page]]\nmockup = 'a.png'", "needs texts `mockup` and `url`"),
        ("[[page]]\nmockup = 'a.png'\nurl = 'u'\npage = 'p'", "both `url` and `page`"),
        ("[[page]]\nmockup = 'a.png'\nurl = 'u'\nheight = 3", "has 'height'; the keys are"),
        ("[[page]]\nmockup = 'a.png'\nurl = 'u'\nmin = 95", "use a likeness from 0 to 1"),
        ("[[page]]\nmockup = 'a.png'\nurl = 'u'\nwidth = '9'", "whole number of CSS px"),
        ("[[page]]\nmockup = 'a.png'\nurl = 'u'\nignore = [[1, 2]]", "is no area"),
        ("page = 3", "needs 1 to 200 tables"),
        ("[[page", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "likeness.toml"
    path.write_text(text)
    with pytest.raises(RemoteError, match=reason):
        read_file(path, 0.95)


def test_without_pages_and_without_a_file_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RemoteError, match=r"There is no .*likeness.toml; name a mockup"):
        read_file(tmp_path / "likeness.toml", 0.95)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["a.png"], "Name the page"),
        (["a.png", "b.html", "--url", "http://localhost/"], "and not both"),
        (["--url", "http://localhost/"], "need a mockup"),
        (["--width", "390"], "need a mockup"),
        (["a.png", "b.html", "--min", "95"], "--min is 95.0; use a likeness from 0 to 1"),
        (["a.png", "b.html", "--min", "nan"], "--min is nan; use a likeness from 0 to 1"),
    ],
)
def test_arguments_that_contradict_each_other_are_refused(words: list[str], reason: str) -> None:
    parser = argparse.ArgumentParser()
    compare_command.add_arguments(parser)
    with pytest.raises(RemoteError, match=reason):
        read_arguments(parser.parse_args(words))


def test_the_table_holds_no_markup_of_the_page() -> None:
    table = write_markdown([CheckedPage(CHECK, SCORES)], "https://example.org/p")
    assert "| ❌ | pricing | 800 | 0.8000 | 0.9 | 'a \\| \\<b\\>' 3 px too low |" in table
    assert "1 of 1 fail" in table


def test_pictures_are_linked_below_their_address() -> None:
    page = CheckedPage(CHECK, {**SCORES, "likeness": 0.95}, pictures=(("01-a-1.png", b"x"),))
    assert page.passes
    table = write_markdown([page], "https://example.org/p/")
    assert "https://example.org/p/01-a-1.png" in table
    assert "![" not in write_markdown([page])


def test_an_error_fails_the_page() -> None:
    page = CheckedPage(CHECK, {}, "Nothing answers.")
    assert not page.passes
    assert write_lines([page]) == "FAIL  pricing: Nothing answers."


def test_what_is_wrong_with_the_page_itself_is_told_without_its_markup() -> None:
    problems = ["not loaded: http://page.invalid/<b>.css", "script error: \x1b[2J\nno"]
    page = CheckedPage(CHECK, {**SCORES, "likeness": 0.95, "overflow": 12.4, "problems": problems})
    assert write_lines([page]).splitlines()[1:] == [
        "      problem: the page is 12 px wider than the viewport",
        "      problem: not loaded: http://page.invalid/<b>.css",
        "      problem: script error: \N{REPLACEMENT CHARACTER}[2J no",
    ]
    table = write_markdown([page])
    assert "- Problem: the page is 12 px wider than the viewport" in table
    assert "- Problem: not loaded: http://page.invalid/\\<b\\>.css" in table


def test_names_of_pictures_are_plain() -> None:
    assert make_file_name(3, "Preis / Über uns!", "1") == "03-preis-ber-uns-1.png"
