"""Shorthand properties expanded to longhands.

So the later of two declarations can win property by property.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from studio.pipeline.css_parts import split_at
from studio.pipeline.stacks.defaults import CORNERS, INHERIT, SIDES

LINE_STYLES = {
    "none",
    "hidden",
    "dotted",
    "dashed",
    "solid",
    "double",
    "groove",
    "ridge",
    "inset",
    "outset",
}
WIDTH = re.compile(r"^(?:[\d.]+[a-z]*|thin|medium|thick)$")
COLOR = re.compile(
    r"^(?:#[0-9a-f]{3,8}|(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color|color-mix|light-dark)a?\(.*\)|[a-z]+)$",
    re.I,
)
FONT = re.compile(
    r"^(?P<before>(?:[\w-]+\s+)*?)(?P<size>[\d.]+\w+|[\d.]+%|var\([^)]*\))"
    r"(?:\s*/\s*(?P<line>\S+))?\s+(?P<family>.+)$"
)
GLOBAL = ("inherit", "initial", "unset", "revert")
Values = dict[str, str]


def expand_shorthand(name: str, value: str) -> Values:
    """Return 'margin: 0 auto' as its four sides; what cannot be expanded stays unchanged."""
    expand = EXPANDERS.get(name)
    longhands = expand(value) if expand else {}
    return longhands or {name: value}


def list_overridden(name: str) -> tuple[str, ...]:
    """Return the longhands that a shorthand which was not expanded overrides."""
    return WHOLE.get(name, ())


def _make_box_expander(pattern: str, names: tuple[str, ...] = SIDES) -> Callable[[str], Values]:
    def expand(value: str) -> Values:
        words = split_at(value, " ")
        if not 1 <= len(words) <= 4:
            return {}
        first = words[0]
        second = words[1] if len(words) > 1 else first
        third = words[2] if len(words) > 2 else first
        fourth = words[3] if len(words) > 3 else second
        values = (first, second, third, fourth)
        return {pattern.format(name): word for name, word in zip(names, values, strict=True)}

    return expand


def _make_pair_expander(first: str, second: str) -> Callable[[str], Values]:
    def expand(value: str) -> Values:
        words = split_at(value, " ")
        return {first: words[0], second: words[-1]} if 1 <= len(words) <= 2 else {}

    return expand


def _make_line_expander(
    sides: tuple[str, ...], pattern: str = "border-{}-{}"
) -> Callable[[str], Values]:
    def expand(value: str) -> Values:
        line = {"width": "medium", "style": "none", "color": "currentcolor"}
        for word in split_at(value, " "):
            line[_find_line_part(word)] = word
        if value in GLOBAL:
            line = dict.fromkeys(line, value)
        if line["style"] in ("none", "hidden"):
            line["width"] = "0"
        return {pattern.format(side, part): word for side in sides for part, word in line.items()}

    return expand


def _find_line_part(word: str) -> str:
    if word in LINE_STYLES:
        return "style"
    return "width" if WIDTH.match(word) else "color"


def _expand_radius(value: str) -> Values:
    return {} if "/" in value else _make_box_expander("border-{}-radius", CORNERS)(value)


def _expand_flex(value: str) -> Values:
    usual = {"none": ("0", "0", "auto"), "auto": ("1", "1", "auto"), "initial": ("0", "1", "auto")}
    grow, shrink, basis = "1", "1", "0%"
    if value in usual:
        grow, shrink, basis = usual[value]
    else:
        numbers = [word for word in split_at(value, " ") if re.fullmatch(r"[\d.]+", word)]
        other = [word for word in split_at(value, " ") if word not in numbers]
        grow, shrink = (*numbers, "1", "1")[:2] if numbers else ("1", "1")
        if numbers and len(numbers) == 1:
            shrink = "1"
        basis = other[0] if other else basis
    return {"flex-grow": grow, "flex-shrink": shrink, "flex-basis": basis}


def _expand_flex_flow(value: str) -> Values:
    words = split_at(value, " ")
    wraps = [word for word in words if "wrap" in word]
    ways = [word for word in words if "wrap" not in word]
    return {
        **({"flex-direction": ways[0]} if ways else {}),
        **({"flex-wrap": wraps[0]} if wraps else {}),
    }


def _expand_font(value: str) -> Values:
    if value in GLOBAL:
        return {
            **{name: value for name in INHERIT if name not in ("letter-spacing", "color")},
            "font-style": value,
        }
    found = FONT.match(value)
    if not found:
        return {}
    before = found["before"].split()
    weight = next((w for w in before if re.fullmatch(r"\d+|bold|bolder|lighter", w)), "400")
    style = next((w for w in before if w in ("italic", "oblique")), "normal")
    return {
        "font-style": style,
        "font-weight": weight,
        "font-size": found["size"],
        "line-height": found["line"] or "normal",
        "font-family": found["family"],
    }


def _expand_background(value: str) -> Values:
    if value == "none":
        return {"background-image": "none", "background-color": "transparent"}
    if COLOR.match(value) or re.fullmatch(r"var\(--[\w-]+\)", value):
        return {"background-color": value, "background-image": "none"}
    if re.fullmatch(r"(?:[a-z-]+-gradient|url)\((?:[^()]|\([^()]*\))*\)", value):
        return {"background-image": value, "background-color": "transparent"}
    return {}


def _expand_list_style(value: str) -> Values:
    words = [word for word in split_at(value, " ") if word not in ("inside", "outside")]
    place = [word for word in split_at(value, " ") if word in ("inside", "outside")]
    if len(words) > 1 or any("(" in word for word in words):
        return {}
    return {
        **({"list-style-type": words[0]} if words else {}),
        **({"list-style-position": place[0]} if place else {}),
    }


def _expand_decoration(value: str) -> Values:
    words = split_at(value, " ")
    lines = [
        word for word in words if word in ("none", "underline", "line-through", "overline", *GLOBAL)
    ]
    if len(lines) != 1:
        return {}
    colors = [
        word
        for word in words
        if word not in lines and (COLOR.match(word) or word.startswith("var("))
    ]
    if len(lines) + len(colors) != len(words):
        return {}
    return {
        "text-decoration-line": lines[0],
        **({"text-decoration-color": colors[0]} if colors else {}),
    }


EXPANDERS: Mapping[str, Callable[[str], Values]] = {
    "margin": _make_box_expander("margin-{}"),
    "padding": _make_box_expander("padding-{}"),
    "inset": _make_box_expander("{}"),
    "margin-inline": _make_pair_expander("margin-left", "margin-right"),
    "margin-block": _make_pair_expander("margin-top", "margin-bottom"),
    "padding-inline": _make_pair_expander("padding-left", "padding-right"),
    "padding-block": _make_pair_expander("padding-top", "padding-bottom"),
    "margin-inline-start": lambda v: {"margin-left": v},
    "margin-inline-end": lambda v: {"margin-right": v},
    "margin-block-start": lambda v: {"margin-top": v},
    "margin-block-end": lambda v: {"margin-bottom": v},
    "padding-inline-start": lambda v: {"padding-left": v},
    "padding-inline-end": lambda v: {"padding-right": v},
    "padding-block-start": lambda v: {"padding-top": v},
    "padding-block-end": lambda v: {"padding-bottom": v},
    "gap": _make_pair_expander("row-gap", "column-gap"),
    "grid-gap": _make_pair_expander("row-gap", "column-gap"),
    "overflow": _make_pair_expander("overflow-x", "overflow-y"),
    "border-radius": _expand_radius,
    "border-width": _make_box_expander("border-{}-width"),
    "border-style": _make_box_expander("border-{}-style"),
    "border-color": _make_box_expander("border-{}-color"),
    "border": _make_line_expander(SIDES),
    **{f"border-{side}": _make_line_expander((side,)) for side in SIDES},
    "border-inline": _make_line_expander(("left", "right")),
    "border-block": _make_line_expander(("top", "bottom")),
    "flex": _expand_flex,
    "flex-flow": _expand_flex_flow,
    "font": _expand_font,
    "background": _expand_background,
    "list-style": _expand_list_style,
    "text-decoration": _expand_decoration,
    "inline-size": lambda v: {"width": v},
    "block-size": lambda v: {"height": v},
    "max-inline-size": lambda v: {"max-width": v},
    "min-block-size": lambda v: {"min-height": v},
    "word-wrap": lambda v: {"overflow-wrap": v},
}

WHOLE: Mapping[str, tuple[str, ...]] = {
    "background": (
        "background-color",
        "background-image",
        "background-size",
        "background-position",
        "background-repeat",
    ),
    "font": ("font-style", *INHERIT[:4]),
    "list-style": ("list-style-type", "list-style-position", "list-style-image"),
    "text-decoration": ("text-decoration-line", "text-decoration-color"),
    "border-radius": tuple(f"border-{corner}-radius" for corner in CORNERS),
}
