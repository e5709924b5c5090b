"""Elements as a whole are changed by hand: moved, copied, deleted, linked; nothing else moves."""

from __future__ import annotations

import pytest

from studio.pipeline.bundle import MOST_CHARACTERS, Bundle
from studio.pipeline.editing.edit_error import EditError
from studio.pipeline.editing.manual_edits import (
    MOST_CHANGES,
    ManualEdit,
    apply_changes,
    read_change,
)
from studio.pipeline.editing.source_positions import find_tags

PAGE = (
    "<!doctype html><html><body>\n"
    '<ul>\n  <li class="card">One</li>\n  <li class="card">Two</li>\n</ul>\n'
    '<p>Go <a href="/old">there</a></p><img src="a.png" alt="">\n'
    "</body></html>"
)
PNG = b"\x89PNG"
NAME = "ab" * 32


def change(name: str, value: str, tag: str, nth: int = 0, page: str = PAGE) -> str:
    at = [i for i, found in enumerate(find_tags(page)) if found.name == tag][nth]
    edit = read_change({"at": at, "name": name, "value": value})
    return apply_changes(Bundle({"index.html": page}), [edit]).files["index.html"]


def test_deleting_takes_the_element_and_its_line() -> None:
    assert change("delete", "", "li") == PAGE.replace('\n  <li class="card">One</li>', "")


def test_a_copy_stands_behind_the_element() -> None:
    one = '\n  <li class="card">One</li>'
    assert change("duplicate", "", "li") == PAGE.replace(one, one + one)


@pytest.mark.parametrize(("nth", "direction"), [(0, "down"), (1, "up")])
def test_moving_changes_places_with_a_sibling(nth: int, direction: str) -> None:
    swapped = PAGE.replace("One", "x").replace("Two", "One").replace("x", "Two")
    assert change("move", direction, "li", nth) == swapped


def test_there_is_no_place_beyond_the_last_sibling() -> None:
    with pytest.raises(EditError, match="already at the end"):
        change("move", "down", "li", 1)


@pytest.mark.parametrize("name", ["delete", "duplicate"])
def test_the_page_itself_stays(name: str) -> None:
    with pytest.raises(EditError, match="cannot be moved, copied or deleted"):
        change(name, "", "body")


def test_links_and_descriptions_are_attributes() -> None:
    assert change("href", 'https://example.org/?a=1&b="2"', "a") == PAGE.replace(
        "/old", "https://example.org/?a=1&amp;b=&quot;2&quot;"
    )
    assert change("alt", "Two boats", "img") == PAGE.replace('alt=""', 'alt="Two boats"')
    without = PAGE.replace(' alt=""', "")
    assert '<img alt="Two boats" src="a.png">' in change("alt", "Two boats", "img", page=without)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", " javascript:x", "data:text/html,x", "java\nscript:x", ""]
)
def test_a_link_never_runs_a_script(link: str) -> None:
    with pytest.raises(EditError, match="is not a link"):
        change("href", link, "a")


@pytest.mark.parametrize("link", ["/boats", "#top", "?page=2", "boats.html", "mailto:a@b.example"])
def test_links_lead_to_places_of_the_site_and_elsewhere(link: str) -> None:
    assert f'href="{link}"' in change("href", link, "a")


def test_only_what_has_an_attribute_gets_it() -> None:
    with pytest.raises(EditError, match="A <p> has no href"):
        change("href", "/boats", "p")


def test_a_picture_is_replaced_by_an_uploaded_one() -> None:
    at = next(i for i, tag in enumerate(find_tags(PAGE)) if tag.name == "img")
    edit = read_change({"at": at, "name": "src", "value": NAME})
    made = apply_changes(Bundle({"index.html": PAGE}), [edit], {NAME: PNG})
    path = f"assets/picture-{NAME[:12]}.png"
    assert f'src="{path}"' in made.files["index.html"]
    assert made.assets[path] == PNG
    with pytest.raises(EditError, match="no longer stored"):
        apply_changes(Bundle({"index.html": PAGE}), [edit], {})
    with pytest.raises(EditError, match="Choose the picture"):
        read_change({"at": at, "name": "src", "value": "../../etc/passwd"})


def test_what_adds_or_removes_elements_comes_last() -> None:
    first = next(i for i, tag in enumerate(find_tags(PAGE)) if tag.name == "li")
    edits = [ManualEdit(first, "delete", ""), ManualEdit(first + 1, "text", "Three")]
    page = apply_changes(Bundle({"index.html": PAGE}), edits).files["index.html"]
    assert "One" not in page
    assert "Three" in page


def test_moving_among_many_elements_is_one_pass() -> None:
    """Quadratic, it would take minutes."""
    many = "<ul>" + "<li>x</li>" * 14_000 + "<li>y</li>" + "<li>x</li>" * 1_000 + "</ul>"
    moved = change("move", "up", "li", 14_000, page=many)
    assert moved.index("y") == many.index("y") - len("<li>x</li>")


def test_copies_of_nested_elements_do_not_double_the_page_each_time() -> None:
    page = "<!doctype html><html><body>" + "<div>" * 12 + "x" + "</div>" * 12 + "</body></html>"
    edits = [ManualEdit(number, "duplicate", "") for number in range(13, 1, -1)]
    with pytest.raises(EditError, match="one element in one version"):
        apply_changes(Bundle({"index.html": page}), edits)


def test_a_copy_makes_no_page_longer_than_code_may_be() -> None:
    page = f"<!doctype html><html><body><p>{'x' * (MOST_CHARACTERS - 100)}</p></body></html>"
    with pytest.raises(EditError, match="use at most 2000000"):
        change("duplicate", "", "p", page=page)


def test_the_number_of_changes_is_bounded() -> None:
    """Each reads the whole page again, in the web process."""
    edits = [ManualEdit(0, "color", "#000000")] * (MOST_CHANGES + 1)
    with pytest.raises(EditError, match=f"at most {MOST_CHANGES}"):
        apply_changes(Bundle({"index.html": PAGE}), edits)
