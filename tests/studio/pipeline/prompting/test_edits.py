"""Search/replace blocks as models write them: forgiving of spaces, strict about words, and failures
are named.
"""

from __future__ import annotations

import pytest

from studio.pipeline.bundle import Bundle, BundleError
from studio.pipeline.editing.search_replace import MOST_EDITS, Edit, apply_edits
from studio.pipeline.prompting.answers import read_page

CSS = ".a {\n  color: red;\n  margin: 0;\n}\n\n.b {\n  color: red;\n}\n"
HTML = '<!doctype html>\n<link rel="stylesheet" href="styles.css">\n<main>\n  <p>One</p>\n  <p>Two</p>\n</main>\n'
BASE = Bundle({"index.html": HTML, "styles.css": CSS}, {"assets/a.png": b"png"})


def block(search: str, replace: str, path: str = "styles.css") -> str:
    return f"{path}\n<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n"


def test_a_block_changes_only_what_it_found() -> None:
    page = read_page("Here it is.\n" + block("  margin: 0;\n", "  margin: 8px;\n"), BASE)
    assert page.bundle.files == {
        "index.html": HTML,
        "styles.css": CSS.replace("margin: 0", "margin: 8px"),
    }
    assert page.bundle.assets == BASE.assets
    assert page.failures == ()


@pytest.mark.parametrize(
    "answer",
    [
        "```css styles.css\n<<<<<<< SEARCH\n  margin: 0;\n=======\n  margin: 8px;\n>>>>>>> REPLACE\n```\n",
        "**styles.css**\n```\n<<<<<<< SEARCH\n  margin: 0;\n=======\n  margin: 8px;\n>>>>>>> REPLACE\n```\n",
        "<<<<<<< SEARCH\n  margin: 0;\n=======\n  margin: 8px;\n>>>>>>> REPLACE",
        "index.html\n<<<<<<< SEARCH\nmargin: 0;   \n=======\nmargin: 8px;\n>>>>>>> REPLACE\n",
    ],
    ids=[
        "in a fence",
        "under a bold name",
        "without a name",
        "under a wrong name, with other spaces",
    ],
)
def test_however_it_is_wrapped(answer: str) -> None:
    assert read_page(answer, BASE).bundle.files["styles.css"] == CSS.replace(
        "margin: 0", "margin: 8px"
    )


def test_a_replacement_is_set_as_deep_as_what_it_replaces() -> None:
    answer = block("<p>One</p>\n<p>Two</p>\n", "<ul>\n  <li>One</li>\n</ul>\n", "index.html")
    assert (
        "<main>\n  <ul>\n    <li>One</li>\n  </ul>\n</main>"
        in read_page(answer, BASE).bundle.files["index.html"]
    )


def test_what_is_found_twice_is_refused_and_named() -> None:
    answer = block("  color: red;\n", "  color: blue;\n") + block(
        "  margin: 0;\n", "  margin: 8px;\n"
    )
    page = read_page(answer, BASE)
    assert page.bundle.files["styles.css"].count("red") == 2
    assert "margin: 8px" in page.bundle.files["styles.css"]
    assert "found 2 times" in page.failures[0]


def test_what_is_not_there_is_named_with_the_nearest_line() -> None:
    with pytest.raises(BundleError, match=r"nearest line is 'margin: 0;'"):
        read_page(block("  margin: 4px;\n", "  margin: 8px;\n"), BASE)


def test_a_whole_file_and_blocks_go_together() -> None:
    answer = "```css styles.css\n.a { color: blue }\n```\n" + block(
        "  <p>Two</p>\n", "", "index.html"
    )
    files = read_page(answer, BASE).bundle.files
    assert files["styles.css"] == ".a { color: blue }\n"
    assert "Two" not in files["index.html"]


def test_a_file_alone_leaves_the_others_as_they_were() -> None:
    files = read_page("```css styles.css\n.a { color: blue }\n```\n", BASE).bundle.files
    assert files == {"index.html": HTML, "styles.css": ".a { color: blue }\n"}


def test_an_answer_with_neither_says_so() -> None:
    with pytest.raises(BundleError, match="neither a file nor a block"):
        read_page("I would make the margin larger.", BASE)


def test_a_block_cannot_leave_the_project() -> None:
    with pytest.raises(BundleError, match="only paths inside the project"):
        read_page("../../etc/cron.json\n<<<<<<< SEARCH\n=======\nx\n>>>>>>> REPLACE\n", BASE)


def test_a_search_of_many_equal_lines_is_one_pass() -> None:
    """Line by line, it would take hours, and no time limit of a run ends that."""
    base = Bundle({"styles.css": "a\n" * 400_000 + "b\n"})
    missing = Edit("styles.css", "a \n" * 200_000 + "c\n", "x")
    found = Edit("styles.css", "a \nb\n", "x\n")
    edited = apply_edits(base, [missing, found])
    assert edited.applied == 1
    assert edited.bundle.files["styles.css"] == "a\n" * 399_999 + "x\n"
    assert "is not in the file" in edited.failures[0]


def test_lines_found_more_than_once_are_refused_and_named() -> None:
    edited = apply_edits(Bundle({"a.css": " a\n  b\na\n   b\n"}), [Edit("a.css", "a\nb", "x")])
    assert edited.applied == 0
    assert "found more than once" in edited.failures[0]


def test_blocks_beyond_the_most_are_named_and_not_read() -> None:
    edits = [Edit("a.css", "a", "a")] * (MOST_EDITS + 1)
    edited = apply_edits(Bundle({"a.css": "a"}), edits)
    assert edited.applied == MOST_EDITS
    assert edited.failures == (
        f"Got {MOST_EDITS + 1} blocks; only the first {MOST_EDITS} were read.",
    )
