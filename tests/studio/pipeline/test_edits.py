"""Changes by hand: in the page's own code, and nothing else in it moves."""

from __future__ import annotations

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.editing.edit_error import EditError
from studio.pipeline.editing.manual_edits import ManualEdit, apply_changes, read_change
from studio.pipeline.editing.source_positions import find_tags, insert_script, mark_tags

PAGE = (
    '<!doctype html>\r\n<html><head><link rel="stylesheet" href="styles.css"></head><body>\n'
    '<h1 class="title">  Boats <!-- <b> --> </h1>\n'
    '<ul><li class="card">One</li>\n<li class="card">Two</li></ul><p>Some <b>bold</b> words</p></body></html>'
)
CSS = (
    ".title { color: #111111 }\n.card {\n  padding-top: 4px;\n}\n"
    "@media (max-width: 600px) {\n  .card { padding-top: 2px; }\n}\n"
)


def at(name: str, nth: int = 0) -> int:
    return [i for i, tag in enumerate(find_tags(PAGE)) if tag.name == name][nth]


def changed(*changes: ManualEdit, css: str = CSS, page: str = PAGE) -> Bundle:
    return apply_changes(Bundle({"index.html": page, "styles.css": css}), changes)


def test_marks_change_nothing_else() -> None:
    text = insert_script(mark_tags(PAGE), "x.js")
    assert text.startswith(
        '<!doctype html>\r\n<html data-likeness-at="0"><head data-likeness-at="1"><script src="x.js">'
    )
    bare = text.replace('<script src="x.js"></script>', "")
    for number in range(len(find_tags(PAGE))):
        bare = bare.replace(f' data-likeness-at="{number}"', "")
    assert bare == PAGE


def test_a_page_without_a_head_keeps_its_doctype_first() -> None:
    assert insert_script("<!DOCTYPE html><p>x", "y.js").startswith(
        '<!DOCTYPE html><script src="y.js">'
    )
    assert insert_script("<header>x</header>", "y.js").startswith('<script src="y.js">')


def test_text_is_replaced_and_cannot_be_markup() -> None:
    page = changed(ManualEdit(at("li", 1), "text", "<i>Three & more</i>")).files["index.html"]
    assert page == PAGE.replace("Two", "&lt;i&gt;Three &amp; more&lt;/i&gt;")


def test_text_among_elements_is_left_alone() -> None:
    with pytest.raises(EditError, match="holds other elements"):
        changed(ManualEdit(at("p"), "text", "x"))


def test_a_class_of_its_own_is_where_a_style_goes() -> None:
    bundle = changed(ManualEdit(at("h1"), "color", "#ff0000"))
    assert bundle.files["index.html"] == PAGE
    assert bundle.files["styles.css"].startswith(".title { color: #ff0000; }")


def test_one_of_several_alike_gets_a_class_and_the_others_stay() -> None:
    bundle = changed(
        ManualEdit(at("li", 1), "padding-top", "9px"), ManualEdit(at("li", 1), "color", "#00ff00")
    )
    assert '<li class="card card-2">Two' in bundle.files["index.html"]
    css = bundle.files["styles.css"]
    assert (
        ".card-2 {\n  padding-top: 9px;\n  color: #00ff00;\n}\n\n@media" in css
    )  # narrow windows keep their own
    assert ".card {\n  padding-top: 4px;\n}" in css


def test_all_alike_change_together() -> None:
    bundle = changed(ManualEdit(at("li"), "padding-top", "9px", alike=True))
    assert bundle.files["index.html"] == PAGE
    assert ".card {\n  padding-top: 9px;\n}" in bundle.files["styles.css"]


def test_a_heavier_rule_is_outweighed() -> None:
    css = changed(
        ManualEdit(at("h1"), "color", "#ff0000"), css="body .title { color: #000000 }"
    ).files["styles.css"]
    assert css.rstrip().endswith(".title.title {\n  color: #ff0000;\n}")


def test_a_page_with_styles_of_its_own_is_changed_there() -> None:
    page = "<!doctype html><style>b { color: red }</style><p>x</p>"
    bundle = apply_changes(Bundle({"index.html": page}), [ManualEdit(1, "color", "#0000ff")])
    assert '<p class="p-2">x' in bundle.files["index.html"]
    assert ".p-2 {\n  color: #0000ff;\n}\n</style>" in bundle.files["index.html"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"at": 1, "name": "color", "value": "red; } body { display: none"}, "is not a color"),
        ({"at": 1, "name": "padding-top", "value": "1em"}, "is not a length"),
        ({"at": 1, "name": "position", "value": "fixed"}, "cannot be changed here"),
        ({"at": 1, "name": "text", "value": "x" * 5000}, "5000 characters"),
        ({"at": None, "name": "text", "value": "x"}, "not in its code"),
        ({"at": True, "name": "text", "value": "x"}, "not in its code"),
    ],
)
def test_what_is_not_allowed_is_one_sentence(data: dict[str, object], words: str) -> None:
    with pytest.raises(EditError, match=words):
        read_change(data)


def test_an_element_that_is_not_there_is_told() -> None:
    with pytest.raises(EditError, match="not in this version"):
        changed(ManualEdit(99, "color", "#ff0000"))
