"""HTML and CSS made to be slow to read are read in one pass or refused; work is counted, no clock
is asked.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from studio.pipeline import html_tokens
from studio.pipeline.bounds import LIMITS, OutOfBounds, check_code, check_markup, check_style
from studio.pipeline.bundle import Bundle
from studio.pipeline.editing import source_positions as source
from studio.pipeline.editing.edit_error import EditError
from studio.pipeline.editing.manual_edits import ManualEdit, apply_changes
from studio.pipeline.editing.source_positions import find_tags, mark_tags, without_elements
from studio.pipeline.html_tokens import StartTag, finished, tokens, unescape
from studio.pipeline.scoring.quality.html_validity import find_html_faults
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.kinds import StackError
from studio.pipeline.stacks.sources import make_measured_page, make_preview_files
from studio.pipeline.types import RenderError
from studio.versions.page_import import ImportRefused, read_import

SAMPLES = sorted((Path(__file__).resolve().parents[3] / "static" / "samples").glob("*.html"))
HOSTILE: dict[str, Callable[[int], str]] = {
    "end tags of another name": lambda n: "<b>" * n + "</i>" * n,
    "tags that never end": lambda n: "<a " * n,
    "a quote that never ends": lambda n: '<a x="' * n,
    "comments that never end": lambda n: "<!--" * n,
    "declarations that never end": lambda n: "<![" * n,
    "styles that never end": lambda n: "<style>" * n,
    "links that never end": lambda n: "<link rel=stylesheet " * n,
    "paragraphs in spans": lambda n: "<p><button>" + "<span>" * n + "<div>" * n,
    "lists in divisions": lambda n: "<ul><li>" + "<div>" * n + "<li>" * n,
    "attributes": lambda n: "<a " + " ".join(f"b{i}" for i in range(n)) + ">",
    "references": lambda n: "<a x='" + "&" * n + "'>",
    "nothing but brackets": lambda n: "<" * n,
}
READERS = (find_tags, mark_tags.__wrapped__, find_html_faults, finished)


def steps(function: Callable[[str], object], html: str) -> int:
    """How many lines of our own code and calls into C the function takes."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        function(html)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_text_takes_twice_the_steps(name: str, read: Callable[[str], object]) -> None:
    short, long = (steps(read, HOSTILE[name](n)) for n in (1000, 2000))
    assert long <= 2.2 * short + 100


@pytest.mark.parametrize("name", HOSTILE)
def test_each_character_is_scanned_a_few_times_at_most(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What regular expressions in C do no profile shows: count the characters that each search was
    given.
    """
    text = Counted(HOSTILE[name](2000))
    list(tokens(text))
    assert text.scanned <= 4 * len(text)


class Counted(str):
    """A text that counts how far it is searched through."""

    scanned = 0

    def find(self, wanted, start=0, *rest):  # type: ignore[no-untyped-def]
        found = super().find(wanted, start, *rest)
        self.scanned += (len(self) if found < 0 else found + len(wanted)) - start
        return found


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_an_ordinary_page_has_the_tags_that_pythons_parser_finds(path: Path) -> None:
    html = path.read_text()
    assert [(tag.name, list(tag.attributes)) for tag in find_tags(html)] == Reference.tags(html)


class Reference(HTMLParser):
    @classmethod
    def tags(cls, html: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
        reader = cls()
        reader.found = []
        reader.feed(html)
        return reader.found

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, attrs))


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<title><b></title><i>", ["title", "i"]),
        ("<textarea><b></textarea><i>", ["textarea", "i"]),
        ("<script>'<b>'</scripted></script><i>", ["script", "i"]),
        ("<!--> <b>", ["b"]),
        ("<!-- <b> --!><i>", ["i"]),
        ("</><b></ ><i>", ["b", "i"]),
        ("<?php <b> ?><i>", ["i"]),
        ("<a href=x/>", ["a"]),
        ("<b", []),
        ("a < b <i>", ["i"]),
        ("<a b='>' c=\"<i>\">", ["a"]),
    ],
)
def test_tags_are_where_the_standard_says(html: str, names: list[str]) -> None:
    assert [token.name for token in tokens(html) if isinstance(token, StartTag)] == names


def test_a_reference_with_too_many_digits_is_no_error() -> None:
    assert unescape("&#" + "9" * 10_000 + ";&amp;") == "\N{REPLACEMENT CHARACTER}&"
    assert find_tags("<a title='&#" + "9" * 10_000 + ";'>")


def test_what_a_page_ends_in_the_middle_of_is_cut_off() -> None:
    assert finished("<p>a<b class='") == "<p>a"
    assert finished("<p>a<!-- b") == "<p>a"
    assert finished("<p>a</p>") == "<p>a</p>"


def test_elements_are_cut_out_whole() -> None:
    html = '<link rel="stylesheet" href="a"><p>x</p><script src="b"> </script><i>'
    assert without_elements(html, lambda tag: tag.name in ("link", "script")) == "<p>x</p><i>"


def test_a_page_is_marked_once() -> None:
    mark_tags.cache_clear()
    assert mark_tags("<p>one") is mark_tags("<p>one")


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<div>" * (LIMITS.depth + 1), "levels of elements"),
        ("<p>" * (LIMITS.elements + 1), "elements"),
        ("<p " + " ".join(f"a{i}" for i in range(LIMITS.attributes + 1)) + ">", "attributes"),
        ("<style>" + "a{" * (LIMITS.css_depth + 1) + "</style>", "levels of blocks"),
        ("<style>" + "a{" * (LIMITS.css_depth + 1), "levels of blocks"),
    ],
)
def test_a_page_out_of_bounds_is_one_sentence_everywhere(html: str, words: str) -> None:
    page = Bundle({"index.html": f"<!doctype html><html>{html}"})
    with pytest.raises(OutOfBounds, match=words):
        check_code(page.files)
    with pytest.raises(RenderError, match=words):
        make_measured_page(page, "html-css")
    for stack in ("html-css", "react"):
        with pytest.raises(StackError, match=words):
            make_preview_files(page, stack)
    with pytest.raises(EditError, match=words):
        apply_changes(page, [ManualEdit(0, "text", "x")])
    with pytest.raises(ImportRefused, match=words):
        read_import("x.html", page.files["index.html"].encode())


@pytest.mark.parametrize("path", ["INDEX.HTML", "about.Html", "old.htm", "icon.SVG"])
def test_a_page_is_checked_whatever_its_suffix_is_written_like(path: str) -> None:
    with pytest.raises(OutOfBounds, match="levels of elements"):
        check_code({"index.html": "<p>x", path: "<div>" * (LIMITS.depth + 1)})


@pytest.mark.parametrize("path", ["STYLES.CSS", "styles.Css", "styles.txt", "styles", "src/app.js"])
def test_a_style_sheet_is_checked_whatever_its_name_is(path: str) -> None:
    page = f"<link rel=stylesheet href='./{path}?v=2'>"
    with pytest.raises(OutOfBounds, match="levels of blocks"):
        check_code({"index.html": page, path: "a{" * (LIMITS.css_depth + 1)})


def test_a_script_is_no_style_sheet() -> None:
    check_code({"index.html": "<script src='app.js'></script>", "app.js": "[" * 1000})


@pytest.mark.parametrize("css", ["(" * 1000, "[" * 1000, "@media x {" * 1000, "a{" * 1000])
def test_a_style_sheet_that_is_nested_too_deep_is_refused(css: str) -> None:
    with pytest.raises(OutOfBounds, match="levels of blocks"):
        check_style(css)


@pytest.mark.parametrize(
    "css",
    ["a { content: '((((' }" * 1000, "/* {{{ */" * 1000, "\\{" * 1000, ")" * 1000, "/*" * 999],
)
def test_brackets_in_strings_and_comments_do_not_nest(css: str) -> None:
    check_style(css)


@pytest.mark.parametrize(
    "html", ["<ul>" + "<li>x" * 5000 + "</ul>", "<p>x" * 5000, "<table>" + "<tr><td>" * 2000]
)
def test_elements_whose_end_may_be_left_out_do_not_nest(html: str) -> None:
    check_markup(html)


def test_a_conversion_that_never_ends_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within all bounds, and yet each of 5,000 selectors is asked of each of 5,000 elements."""
    monkeypatch.setattr(
        conversions.convert_confined, "limits", replace(conversions.LIMITS, seconds=3.0)
    )
    rules = "".join(f".a{i} {{ color: red }}" for i in range(5000))
    html = f"<style>{rules}</style>" + "<p class='b'>x" * 5000
    with pytest.raises(StackError, match=r"took more than \d+ s"):
        conversions.page(Bundle({"index.html": f"<!doctype html>{html}"}), "tailwind")


def test_the_reader_is_the_one_that_pages_are_marked_with() -> None:
    assert source.tokens is html_tokens.tokens
