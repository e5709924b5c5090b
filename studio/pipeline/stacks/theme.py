"""The page's tokens: palette, type scale and fonts, found among the custom properties of :root."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from studio.pipeline.free_names import find_free_name
from studio.pipeline.stacks.css_colors import Rgb, parse_rgb
from studio.pipeline.stacks.longhands import COLOR

VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*(?:\([^()]*\)[^()]*)*))?\)")
DEEPEST = 8  # custom properties that refer to each other
LONGEST_VALUE = 1_000  # characters of a value in which references are still replaced
LENGTH = re.compile(r"^-?[\d.]+(?:px|rem|em)$|^0$")
NOT_COLORS = {
    "inherit",
    "initial",
    "none",
    "auto",
    "normal",
    "unset",
    "sans-serif",
    "serif",
    "monospace",
}
PX = 16.0  # px of one rem
# Tailwind's own names, by px.
RADII: Mapping[float, str] = {
    0.0: "none",
    2.0: "xs",
    4.0: "sm",
    6.0: "md",
    8.0: "lg",
    12.0: "xl",
    16.0: "2xl",
    24.0: "3xl",
    32.0: "4xl",
}
BREAKPOINTS: Mapping[float, str] = {
    640.0: "sm",
    768.0: "md",
    1024.0: "lg",
    1280.0: "xl",
    1536.0: "2xl",
}
KINDS = (("monospace", "mono"), ("sans-serif", "sans"), ("serif", "serif"))


def resolve_variables(value: str, tokens: Mapping[str, str], *, keeps_unknown: bool = False) -> str:
    """Return the value with references to custom properties replaced, also those in what replaced
    them. An unknown one becomes its fallback; without one it stays if `keeps_unknown`, else it goes.
    """

    def put(match: re.Match[str]) -> str:
        return tokens.get(match[1], match[2] or (match[0] if keeps_unknown else ""))

    for _ in range(DEEPEST):
        if "var(" not in value or len(value) > LONGEST_VALUE:
            break
        value = VAR.sub(put, value)
    return value.strip()


@dataclass(slots=True)
class Theme:
    """A page's tokens.

    `colors` and `sizes` map a custom property to its name in the theme, `fonts` a family list to its
    name; `other` is kept unchanged.
    """

    tokens: Mapping[str, str]
    colors: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, str] = field(default_factory=dict)
    fonts: dict[str, str] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)  # names of colors that an application has already
    known: Mapping[Rgb, str] = field(default_factory=dict)  # an application's colors → names
    radii: Mapping[float, str] = field(default_factory=lambda: RADII)  # px → name
    breakpoints: Mapping[float, str] = field(default_factory=lambda: BREAKPOINTS)  # px → name
    is_whole_application: bool = True  # False: the page is part of an application

    def flat(self, value: str, depth: int = 0) -> str:
        """Return the value with custom properties replaced; colors keep their theme names."""

        def put(match: re.Match[str]) -> str:
            name = match[1]
            if name in self.colors:
                return f"var(--color-{self.colors[name]})"
            if name in self.tokens and depth < 8:
                return self.flat(self.tokens[name], depth + 1)
            return match[0]

        return VAR.sub(put, value)

    def renamed(self, text: str) -> str:
        """Return a style sheet's text with the theme's names for its custom properties."""

        def put(match: re.Match[str]) -> str:
            name = match[1]
            if name in self.colors:
                return f"var(--color-{self.colors[name]})"
            return f"var(--text-{self.sizes[name]})" if name in self.sizes else match[0]

        return VAR.sub(put, text)

    def color_of(self, value: str) -> str | None:
        """Return 'ground' for 'var(--ground)', or an application's name for the color."""
        found = VAR.fullmatch(value)
        if found:
            return self.colors.get(found[1])
        rgb = parse_rgb(value) if self.known else None
        return self.known.get(rgb) if rgb else None

    def size_of(self, value: str) -> str | None:
        found = VAR.fullmatch(value)
        return self.sizes.get(found[1]) if found else None

    def lines(self) -> list[str]:
        """Return the theme's declarations."""
        colors = [
            f"--color-{name}: {self.flat(self.tokens[prop])};"
            for prop, name in self.colors.items()
            if name not in self.given
        ]
        sizes = [
            f"--text-{name}: {self.flat(self.tokens[prop])};" for prop, name in self.sizes.items()
        ]
        fonts = [f"--font-{name}: {family};" for family, name in self.fonts.items()]
        return [*colors, *sizes, *fonts]


def find_theme(tokens: Mapping[str, str], sizes: Iterable[str], fonts: Iterable[str]) -> Theme:
    """Return the theme of custom properties.

    `sizes` is every value of font-size, `fonts` every family list, the most frequent first.
    """
    theme = Theme(tokens)
    size_tokens = {match[1] for value in sizes for match in VAR.finditer(value)}
    for prop, value in tokens.items():
        if prop in size_tokens and LENGTH.match(value):
            theme.sizes[prop] = _name_size(prop)
        elif COLOR.match(value) and value.lower() not in NOT_COLORS:
            theme.colors[prop] = re.sub(r"^--(?:color-|c-)?", "", prop)
        elif not LENGTH.match(value):
            theme.other[prop] = value
    for family in fonts:
        if family not in theme.fonts and family not in (
            "inherit",
            "serif",
            "sans-serif",
            "monospace",
        ):
            theme.fonts[family] = _name_font(theme.flat(family), set(theme.fonts.values()))
    return theme


def parse_px(value: str) -> float | None:
    """Return a length in CSS px; None for any other value."""
    if value == "0":
        return 0.0
    match = re.fullmatch(r"(-?[\d.]+)(px|rem)", value)
    if not match:
        return None
    return float(match[1]) * (PX if match[2] == "rem" else 1.0)


def _name_size(prop: str) -> str:
    name = re.sub(r"^--(?:font-size|text|fs|size)?-?", "", prop)
    return name or "base"


def _name_font(family: str, taken: set[str]) -> str:
    last = family.split(",")[-1].strip().strip("'\"")
    name = next((short for word, short in KINDS if word == last), "sans")
    return find_free_name(name, taken)
