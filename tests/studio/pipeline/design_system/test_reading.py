"""Tokens are read as data from the three formats, within limits, and errors are plain."""

from __future__ import annotations

import json

import pytest

from studio.pipeline.design_system.model import (
    MOST_CHARACTERS,
    DesignComponent,
    DesignSystemError,
    load_tokens,
)
from studio.pipeline.design_system.reading import detect_format, read_design_system, read_tokens

CSS = """:root { --brand-500: #1d4ed8; --accent: var(--brand-500); --text-lg: 1.25rem;
  --space-4: 16px; --radius-md: 0.5rem; --font-body: "Inter", sans-serif; --shadow: 0 1px 2px red; }
.dark { --brand-500: #93c5fd; }
"""
TAILWIND = """import plugin from "somewhere";
// theme: { colors: { wrong: '#000000' } }
export default {
  content: ["./src/**/*.tsx"],
  plugins: [plugin(function ({ addBase }) { addBase({ a: { b: 1 } }); })],
  theme: {
    extend: {
      colors: { brand: { 500: "#1d4ed8", DEFAULT: '#2563eb' }, ink: palette.gray[900], ...rest },
      fontSize: { lg: ["1.25rem", { lineHeight: "1.75rem" }] },
      spacing: { 18: "4.5rem", half: calc(2) },
      fontFamily: { body: ["Inter", "sans-serif"] },
      borderRadius: { md: "8px" },
    },
  },
};
"""
W3C = {
    "color": {
        "$type": "color",
        "brand": {"500": {"$value": "#1d4ed8"}, "600": {"$value": "{color.brand.500}"}},
        "sky": {"$value": {"colorSpace": "srgb", "components": [1, 0, 0], "hex": "#ff0000"}},
    },
    "space": {"4": {"$type": "dimension", "$value": {"value": 16, "unit": "px"}}},
    "body": {
        "$type": "typography",
        "$value": {"fontFamily": ["Inter", "sans-serif"], "fontSize": "1rem", "fontWeight": 400},
    },
}


def test_custom_properties_of_a_style_sheet() -> None:
    system = read_tokens(CSS)
    assert system.colors == {"brand-500": (29, 78, 216), "accent": (29, 78, 216)}
    assert system.sizes == {"text-lg": 20.0}
    assert system.spaces == {"space-4": 16.0}
    assert system.radii == {"radius-md": 8.0}
    assert system.fonts == {"font-body": '"Inter", sans-serif'}
    assert system.unread == ("shadow",)


def test_a_tailwind_configuration_of_which_nothing_runs() -> None:
    system = read_tokens(TAILWIND)
    assert system.colors == {"color-brand-500": (29, 78, 216), "color-brand": (37, 99, 235)}
    assert system.sizes == {"text-lg": 20.0}
    assert system.spaces == {"spacing-18": 72.0}
    assert system.fonts == {"font-family-body": "Inter, sans-serif"}
    assert system.radii == {"radius-md": 8.0}


def test_tailwinds_theme_in_css() -> None:
    system = read_tokens("@theme { --color-*: initial; --color-ink: oklch(0 0 0); }")
    assert system.colors == {"color-ink": (0, 0, 0)}


def test_w3c_design_tokens() -> None:
    system = read_tokens(json.dumps(W3C))
    assert system.colors["color-brand-600"] == system.colors["color-brand-500"] == (29, 78, 216)
    assert system.colors["color-sky"] == (255, 0, 0)
    assert system.spaces == {"space-4": 16.0}
    assert system.sizes == {"body-font-size": 16.0}
    assert system.fonts == {"body-font-family": "Inter, sans-serif"}


def test_the_format_is_told_by_the_text() -> None:
    assert [detect_format(text) for text in (CSS, TAILWIND, json.dumps(W3C))] == [
        "css",
        "tailwind",
        "w3c",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "This is not JSON"),
        ("[" * 5000, "No tokens were found"),
        ('{"a":' * 5000, "nested too deeply"),
        ('{"a":' * 20 + "{}" + "}" * 20, "more than 12 levels deep"),
        ("export default { plugins: [] }", "no `theme: {"),
        ("export default { theme: " + "{a:" * 100 + "}", "more than 12 levels deep"),
        ("body { color: red; }", "No tokens were found"),
        (" " * (MOST_CHARACTERS + 1), f"at most {MOST_CHARACTERS} are allowed"),
        (":root {" + "".join(f"--c{n}: #000;" for n in range(601)) + "}", "at most 600"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(text: str, words: str) -> None:
    with pytest.raises(DesignSystemError, match=words):
        read_tokens(text)


@pytest.mark.parametrize(
    "config", ["theme: {", "theme: { colors: [", "theme: { a: ) ( }", "theme: { colors: { x: [}] }"]
)
def test_a_broken_configuration_ends(config: str) -> None:
    with pytest.raises(DesignSystemError, match="No tokens were found"):
        read_tokens(f"module.exports = {{ {config}")


def test_components_have_a_name_an_example_and_limits() -> None:
    good = DesignComponent("button", '<button class="btn">Go</button>')
    assert read_design_system(CSS, [good]).components == (good,)
    for wrong, words in (
        (DesignComponent("Big Button", "<b>x</b>"), "cannot name a component"),
        (DesignComponent("button", "  "), "1 to 4000 characters"),
        (DesignComponent("button", "<b>x</b>", "x" * 20_001), "more than 20000"),
        (good, "Two components are named 'button'"),
    ):
        with pytest.raises(DesignSystemError, match=words):
            read_design_system(CSS, [good, wrong] if wrong == good else [wrong])


def test_what_is_stored_is_what_was_read() -> None:
    system = read_tokens(CSS)
    assert load_tokens(json.loads(json.dumps(system.to_json())), ()) == system
