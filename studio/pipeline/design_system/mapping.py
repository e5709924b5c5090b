"""A page mapped onto a design system: its colors, type, spaces and fonts become the team's tokens.

Each value gets the nearest token if that is near; what has none stays as it is and is reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tinycss2

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.color import compute_distance
from studio.pipeline.design_system.model import DesignSystem
from studio.pipeline.design_system.report import DesignReport, Kind, MappedValue, UnmappedValue
from studio.pipeline.editing.css_rules import set_declaration
from studio.pipeline.editing.text_splices import TextSplice, apply_splices
from studio.pipeline.fitting.css.declarations import (
    Declaration,
    Places,
    SourceSheet,
    find_declarations,
    find_sheets,
)
from studio.pipeline.stacks.css_colors import Rgb, parse_rgb
from studio.pipeline.stacks.theme import PX, VAR, parse_px

PREFIX = "--"
PROPERTY = re.compile(r"--[a-z][\w-]*")
ROOTS = (":root", "html")
SPACED = re.compile(r"^(?:margin|padding|gap|row-gap|column-gap)(?:-|$)")
ROUNDED = re.compile(r"^border(?:-[a-z]+-[a-z]+)?-radius$")
COLORED = re.compile(r"color|background|border|outline|fill|stroke|shadow")
FUNCTIONS = ("rgb", "rgba", "hsl", "hsla", "hwb", "oklch", "oklab", "lch", "lab", "color")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How far a token may be from the value that it replaces."""

    # CIEDE2000. Neighbors of one hue in Tailwind's palette are 4 to 13 apart (median 8).
    color: float = 8.0
    # Share of a length. Steps of the usual type scales are 12 to 25 %.
    length: float = 0.13
    pixels: float = 2.0  # px that are always near: half a step of 4 px


@dataclass(frozen=True, slots=True)
class _Use:
    """One value at its place in a sheet; `variable` is the custom property that holds it."""

    kind: Kind
    value: str
    declaration: Declaration
    start: int
    end: int
    variable: str = ""


def map_tokens(
    bundle: Bundle, system: DesignSystem, thresholds: Thresholds = Thresholds()
) -> tuple[Bundle, DesignReport]:
    """Return the page with the team's tokens, and what was mapped and what was not."""
    if ENTRY not in bundle.files:
        return bundle, DesignReport()
    bundle = _step_aside(bundle, system)
    sheets = find_sheets(bundle)
    declarations = [found for sheet in sheets for found in find_declarations(sheet)]
    uses = list(_find_uses(declarations))
    report = DesignReport()
    tokens = {
        key: _choose(key[0], key[1], system, thresholds)
        for key in dict.fromkeys((use.kind, use.value) for use in uses)
    }
    counts = Counter((use.kind, use.value) for use in uses)
    for (kind, value), (token, is_near) in tokens.items():
        count = counts[kind, value]
        if token and is_near:
            report.mapped.append(MappedValue(kind, value, token, count))
        else:
            report.unmapped.append(UnmappedValue(kind, value, token, count))
    chosen = {key: token for key, (token, is_near) in tokens.items() if token and is_near}
    return apply_splices(bundle, _write_splices(uses, declarations, chosen)), report


def _step_aside(bundle: Bundle, system: DesignSystem) -> Bundle:
    """Rename the page's custom properties that have the name of a token and another value."""
    values = list_token_values(system)
    declared = [found for sheet in find_sheets(bundle) for found in find_declarations(sheet)]
    taken = {
        found.name.removeprefix(PREFIX)
        for found in declared
        if values.get(found.name.removeprefix(PREFIX), "") not in ("", _serialize(found))
    }
    if not taken:
        return bundle

    def rename(match: re.Match[str]) -> str:
        name = match[0].removeprefix(PREFIX)
        return f"{PREFIX}page-{name}" if name in taken else match[0]

    return Bundle(
        {path: PROPERTY.sub(rename, text) for path, text in bundle.files.items()}, bundle.assets
    )


def _find_uses(declarations: Sequence[Declaration]) -> Iterator[_Use]:
    """Yield every value that a token could replace; one behind a custom property at its uses."""
    held = {
        found.name: found
        for found in declarations
        if found.name.startswith(PREFIX) and found.selector in ROOTS and not found.media
    }
    for declaration in declarations:
        kind = _find_kind(declaration.name)
        if kind is None:
            continue
        if kind == "font":
            yield from _find_font(declaration, held)
            continue
        places = Places(declaration.sheet.text)
        for token in _flatten(declaration.tokens):
            start = places.of(token)
            end = _find_end(declaration.sheet, token, start)
            variable = _get_variable(token)
            text = declaration.sheet.text[start:end]
            if variable in held:
                text = _serialize(held[variable])
            if value := _normalize(kind, text):
                yield _Use(kind, value, declaration, start, end, variable)


def _find_kind(name: str) -> Kind | None:
    if name.startswith(PREFIX):
        return None
    if name == "font-size":
        return "type"
    if name == "font-family":
        return "font"
    if SPACED.match(name):
        return "space"
    if ROUNDED.match(name):
        return "radius"
    return "color" if COLORED.search(name) else None


def _find_font(declaration: Declaration, held: Mapping[str, Declaration]) -> Iterator[_Use]:
    if not declaration.tokens:
        return
    places = Places(declaration.sheet.text)
    start = places.of(declaration.tokens[0])
    last = declaration.tokens[-1]
    end = _find_end(declaration.sheet, last, places.of(last))
    variable = _get_variable(declaration.tokens[0]) if len(declaration.tokens) == 1 else ""
    text = declaration.sheet.text[start:end]
    if variable in held:
        text = _serialize(held[variable])
    if text not in ("inherit", "initial", "unset") and not text.startswith("var("):
        yield _Use("font", " ".join(text.split()), declaration, start, end, variable)


def _flatten(tokens: Sequence[Any]) -> Iterator[Any]:
    """Yield the tokens, and those inside gradients and sizes that depend on the window."""
    for token in tokens:
        is_outer = token.type == "function" and token.lower_name.endswith("gradient")
        if is_outer:
            yield from _flatten(token.arguments)
        elif token.type in ("dimension", "hash", "ident", "function"):
            yield token


def _get_variable(token: Any) -> str:
    if token.type != "function" or token.lower_name != "var":
        return ""
    return next((str(inner.value) for inner in token.arguments if inner.type == "ident"), "")


def _find_end(sheet: SourceSheet, token: Any, start: int) -> int:
    if token.type == "function":
        depth = 0
        for place in range(start, len(sheet.text)):
            depth += (sheet.text[place] == "(") - (sheet.text[place] == ")")
            if sheet.text[place] == ")" and depth == 0:
                return place + 1
        return len(sheet.text)
    return start + len(token.serialize())


def _serialize(declaration: Declaration) -> str:
    return str(tinycss2.serialize(declaration.tokens)).strip()


def _normalize(kind: Kind, text: str) -> str:
    """Return a color as '#rrggbb' and a length in px; '' for what no token replaces."""
    if kind == "color":
        is_color = text.startswith("#") or text.split("(")[0].lower() in FUNCTIONS
        rgb = parse_rgb(text) if is_color or text.isalpha() else None
        return "#{:02x}{:02x}{:02x}".format(*rgb) if rgb else ""
    size = parse_px(text)
    return f"{size:g}px" if size is not None and size > 0 else ""


def _choose(kind: Kind, value: str, system: DesignSystem, near: Thresholds) -> tuple[str, bool]:
    """Return the nearest token's name and whether it is near enough."""
    if kind == "color":
        return _choose_color(value, system.colors, near)
    if kind == "font":
        return _choose_font(value, system.fonts)
    lengths = {"type": system.sizes, "space": system.spaces, "radius": system.radii}[kind]
    size = parse_px(value) or 0.0
    if not lengths:
        return "", False
    name = min(lengths, key=lambda name: (abs(lengths[name] - size), name))
    distance = abs(lengths[name] - size)
    return name, distance <= max(near.pixels, near.length * size)


def _choose_color(value: str, colors: Mapping[str, Rgb], near: Thresholds) -> tuple[str, bool]:
    rgb = parse_rgb(value)
    if not colors or rgb is None:
        return "", False
    distances = {name: float(compute_distance(rgb, color)) for name, color in colors.items()}
    name = min(distances, key=lambda name: (distances[name], name))
    return name, distances[name] <= near.color


def _choose_font(value: str, fonts: Mapping[str, str]) -> tuple[str, bool]:
    """Return the font of the same first family, else one of the same generic family."""
    first, last = _get_family(value, 0), _get_family(value, -1)
    same = [name for name, stack in fonts.items() if _get_family(stack, 0) == first]
    alike = [name for name, stack in fonts.items() if _get_family(stack, -1) == last]
    for name in (*same, *alike):
        return name, True
    return next(iter(fonts), ""), False


def _get_family(stack: str, place: int) -> str:
    return stack.split(",")[place].strip().strip("'\"").lower()


def _write_splices(
    uses: Sequence[_Use],
    declarations: Sequence[Declaration],
    chosen: Mapping[tuple[Kind, str], str],
) -> Iterator[TextSplice]:
    """Yield the uses as tokens, and remove custom properties that nothing uses any more."""
    replaced = [
        use
        for use in uses
        if chosen.get((use.kind, use.value), "") not in ("", use.variable.removeprefix(PREFIX))
    ]
    for use in replaced:
        sheet = use.declaration.sheet
        text = f"var({PREFIX}{chosen[use.kind, use.value]})"
        yield TextSplice(sheet.file, sheet.offset + use.start, sheet.offset + use.end, text)
    gone = {use.variable for use in replaced if use.variable}
    places = {
        (use.declaration.sheet.file, use.declaration.sheet.offset + use.start) for use in replaced
    }
    kept = _list_mentions(declarations, places)
    for declaration in declarations:
        if declaration.name in gone - kept and declaration.selector in ROOTS:
            yield _remove(declaration)


def _list_mentions(declarations: Sequence[Declaration], replaced: set[tuple[str, int]]) -> set[str]:
    """Return the custom properties that are mentioned where nothing was replaced."""
    found: set[str] = set()
    for declaration in declarations:
        places = Places(declaration.sheet.text)
        for token in _walk(declaration.tokens):
            place = declaration.sheet.offset + places.of(token)
            if (declaration.sheet.file, place) not in replaced:
                found.add(_get_variable(token))
    return found


def _walk(tokens: Sequence[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        if token.type == "function":
            yield from _walk(token.arguments)


def _remove(declaration: Declaration) -> TextSplice:
    """Return the splice that takes the declaration and its line away."""
    sheet = declaration.sheet
    places = Places(sheet.text)
    first, last = declaration.tokens[0], declaration.tokens[-1]
    start = sheet.text.rfind(declaration.name, 0, places.of(first))
    end = _find_end(sheet, last, places.of(last))
    while end < len(sheet.text) and sheet.text[end] in " ;":
        end += 1
    line_start = sheet.text.rfind("\n", 0, start) + 1
    if not sheet.text[line_start:start].strip() and sheet.text[end : end + 1] == "\n":
        start, end = line_start, end + 1
    return TextSplice(sheet.file, sheet.offset + start, sheet.offset + end, "")


def declare_tokens(page: Bundle, system: DesignSystem) -> Bundle:
    """Return the page with the tokens that it mentions declared at its root."""
    values = list_token_values(system)
    sheets = find_sheets(page)
    mentioned = {
        match[1].removeprefix(PREFIX) for sheet in sheets for match in VAR.finditer(sheet.text)
    }
    names = sorted(mentioned & values.keys(), reverse=True)
    if not names or not sheets:
        return page
    sheet = sheets[-1]
    css = sheet.text
    for name in names:
        css = set_declaration(css, ":root", f"{PREFIX}{name}", values[name])
    text = page.files[sheet.file]
    whole = text[: sheet.offset] + css + text[sheet.offset + len(sheet.text) :]
    return Bundle({**page.files, sheet.file: whole}, page.assets)


def list_token_values(system: DesignSystem) -> dict[str, str]:
    """Return name → CSS value of all tokens."""
    colors = {name: "#{:02x}{:02x}{:02x}".format(*rgb) for name, rgb in system.colors.items()}
    lengths = {
        name: f"{size / PX:g}rem"
        for kind in (system.sizes, system.spaces, system.radii)
        for name, size in kind.items()
    }
    return {**colors, **lengths, **system.fonts}
