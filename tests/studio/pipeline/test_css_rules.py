"""Rules are found at their place in the text, and one declaration is set without touching the rest."""

from __future__ import annotations

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.editing.css_rules import find_rules, has_declaration, set_declaration
from studio.pipeline.fitting.css.declarations import Places, find_declarations, find_sheets

PICTURE = "url(data:image/png;base64,iVBORw0KGgo=)"


@pytest.mark.parametrize(
    ("css", "selectors"),
    [
        ("", []),
        ("a{}", ["a"]),
        ("a{color:red}b , c{}", ["a", "b , c"]),
        ("@import 'x.css';\na {color: red}", ["a"]),
        ("@import url(data:text/css;base64,YXt9);\na{}", ["a"]),
        ("@media (max-width:40em){a{color:red}} b{}", ["@media (max-width:40em)", "b"]),
        ("a/* { */ b{}", ["a b"]),
        ("a::before{content:'}'} b{}", ["a::before", "b"]),
        ("a[title='{x}']{} b{}", ["a[title='{x}']", "b"]),
        (r"a\{b{} c{}", [r"a\{b", "c"]),
        ("a{} b{color:red", ["a"]),
        ("a{} @media print{b{color:red}", ["a"]),
        ("a{} /* open", ["a"]),
    ],
)
def test_the_top_level_rules_are_found(css: str, selectors: list[str]) -> None:
    rules = find_rules(css)
    assert [rule.selector for rule in rules] == [
        selector.replace("'", '"') for selector in selectors
    ]
    for rule in rules:
        assert css[rule.body - 1] == "{"
        assert css[rule.end - 1] == "}"
        assert css[: rule.start].strip() == "" or css[: rule.start].rstrip()[-1] in "};/"


@pytest.mark.parametrize(
    ("css", "changed"),
    [
        ("", ".x {\n  color: red;\n}\n"),
        (".x{}", ".x{ color: red; }"),
        (".x{color:blue}", ".x{color: red;}"),
        (".x{COLOR:blue;margin:0}", ".x{color: red;margin:0}"),
        (".x{margin:0}", ".x{margin:0; color: red; }"),
        (".x{margin:0 /* tight */}", ".x{margin:0 /* tight */; color: red; }"),
        (".x{&:hover{margin:0}}", ".x{&:hover{margin:0} color: red; }"),
        (".x{--color:blue}", ".x{--color:blue; color: red; }"),
        (".x{background-color:blue}", ".x{background-color:blue; color: red; }"),
        (".x{\n  color: blue;\n  margin: 0;\n}", ".x{\n  color: red;\n  margin: 0;\n}"),
        (".x {\n  margin: 0;\n}\n", ".x {\n  margin: 0;\n  color: red;\n}\n"),
        (".x{color:blue}.x{color:green}", ".x{color:blue}.x{color: red;}"),
        (".x{content:';color:blue'}", ".x{content:';color:blue'; color: red; }"),
        (".x{\r\n  margin: 0;\r\n  color: blue;\r\n}", ".x{\r\n  margin: 0;\r\n  color: red;\r\n}"),
        (
            "b{}\n@media print{.x{}}",
            "b{}\n.x {\n  color: red;\n}\n\n@media print{.x{}}",
        ),
    ],
)
def test_a_declaration_is_set(css: str, changed: str) -> None:
    assert set_declaration(css, ".x", "color", "red") == changed


def test_a_value_with_a_semicolon_is_replaced_whole() -> None:
    css = f".x{{background:{PICTURE};color:blue}}"
    assert set_declaration(css, ".x", "background", "none") == ".x{background: none;color:blue}"


def test_a_selector_with_a_string_is_that_rule() -> None:
    css = '[type="submit"]{color:blue}'
    assert set_declaration(css, '[type="submit"]', "color", "red") == '[type="submit"]{color: red;}'


def test_custom_properties_differ_by_case() -> None:
    assert set_declaration("b{--Ink:1}", "b", "--ink", "2") == "b{--Ink:1; --ink: 2; }"


def test_a_rule_has_what_it_sets_itself() -> None:
    css = "a{color:red; &:hover{margin:0}}"
    (rule,) = find_rules(css)
    assert has_declaration(css, rule, "color")
    assert not has_declaration(css, rule, "margin")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\f"])
def test_places_are_those_of_the_text_whatever_ends_its_lines(line_end: str) -> None:
    css = line_end.join(["a {", "  color: red;", "}", "b { margin: 1px }"])
    page = "<link rel='stylesheet' href='a.css'>"
    (sheet,) = find_sheets(Bundle({"index.html": page, "a.css": css}))
    places = Places(css)
    values = [found.tokens[0] for found in find_declarations(sheet)]
    assert [css[places.of(value) :][:3] for value in values] == ["red", "1px"]
