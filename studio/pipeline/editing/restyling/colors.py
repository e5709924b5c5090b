"""A page's colours in another theme, or around another accent: each use by what it is for, ground,
ink or line.

A custom property that is used for several (white as a card's ground and as a button's words)
becomes two where the uses part. What is painted in an accent keeps its words; photos and shadows
stay as they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Literal

import tinycss2.color4

from studio.pipeline.bundle import Bundle
from studio.pipeline.color import (
    compute_contrast,
    convert_from_oklch,
    convert_to_oklch,
    parse_hex,
    write_hex,
)
from studio.pipeline.editing.css_rules import set_declaration
from studio.pipeline.editing.restyling.requests import ThemeName
from studio.pipeline.editing.text_splices import TextSplice, apply_splices
from studio.pipeline.fitting.css.declarations import (
    Declaration,
    Places,
    SourceSheet,
    find_declarations,
    find_sheets,
)

Role = Literal["ground", "ink", "line"]

GROUNDS = ("background", "background-color", "background-image")
INKS = ("color", "fill", "stroke", "caret-color", "text-decoration", "text-decoration-color")
LINES = ("border", "outline", "column-rule")
ROOTS = (":root", "html", "body", "*")
COLOURFUL = 0.09  # OKLCH chroma from which a colour has a hue that is meant
KIN = 45.0  # degrees of hue between an accent and its shades
LEGIBLE = 4.5  # contrast of words and their ground (WCAG AA)


@dataclass(frozen=True, slots=True)
class ColorUse:
    """One colour where it stands: written out, or by the custom property `variable`."""

    declaration: Declaration
    role: Role
    color: str  # '#rrggbb'
    alpha: float
    start: int  # in the sheet's text
    end: int
    variable: str = ""

    @property
    def rule(self) -> tuple[int, str, str, int]:
        """The rule it stands in."""
        told = self.declaration
        return id(told.sheet), told.media, told.selector, told.rule_end


def set_theme(bundle: Bundle, theme: ThemeName) -> Bundle:
    """The page on a dark or a light ground; as it was where it stands on one already."""
    uses = _collect_uses(bundle)
    light = convert_to_oklch(_find_page_ground(uses))[0]
    if (light < 0.5) == (theme is ThemeName.DARK):
        return bundle
    turn = _compute_dark_lightness if theme is ThemeName.DARK else _compute_light_lightness
    painted = {
        use.rule
        for use in uses
        if use.role == "ground" and convert_to_oklch(use.color)[1] >= COLOURFUL
    }
    new = [
        use.color if use.rule in painted else turn(use.role, *convert_to_oklch(use.color))
        for use in uses
    ]
    return _add_page_ground(_rewrite_uses(bundle, uses, new), uses, turn)


def set_accent(bundle: Bundle, accent: str) -> Bundle:
    """The page's accent and its shades turned to another colour; as it was where it has none."""
    uses = _collect_uses(bundle)
    hues = Counter(
        {
            color: sum(3 if use.role == "ground" else 1 for use in uses if use.color == color)
            for color in {use.color for use in uses}
            if convert_to_oklch(color)[1] >= COLOURFUL
        }
    )
    if not hues:
        return bundle
    main = max(hues, key=lambda color: (hues[color], color))
    page_is_light = convert_to_oklch(_find_page_ground(uses))[0] >= 0.5
    new = [_turn_color(use, main, accent, page_is_light) for use in uses]
    grounds = {
        use.rule: color
        for use, color in zip(uses, new, strict=True)
        if use.role == "ground" and color != use.color
    }
    for i, use in enumerate(uses):
        if (
            use.role == "ink"
            and (ground := grounds.get(use.rule))
            and compute_contrast(new[i], ground) < LEGIBLE
        ):
            new[i] = max(("#ffffff", "#111111"), key=lambda color: compute_contrast(color, ground))
    return _rewrite_uses(bundle, uses, new)


def _collect_uses(bundle: Bundle) -> list[ColorUse]:
    sheets = find_sheets(bundle)
    told = [declaration for sheet in sheets for declaration in find_declarations(sheet)]
    defined = {
        one.name: found
        for one in told
        if one.name.startswith("--") and (found := _get_single_color(one)) is not None
    }
    return [
        use
        for declaration in told
        if (role := _find_role(declaration))
        for use in _find_uses(declaration, role, defined)
    ]


def _find_role(declaration: Declaration) -> Role | None:
    name = declaration.name
    if name.startswith("--"):  # set for one element (a field's placeholder), not the page's own
        return None if declaration.selector in ROOTS else "ink"
    if name in GROUNDS:
        return "ground"
    return (
        "ink"
        if name in INKS
        else "line"
        if name.startswith(LINES) and "radius" not in name
        else None
    )


def _find_uses(
    declaration: Declaration, role: Role, defined: dict[str, tuple[str, float]]
) -> Iterator[ColorUse]:
    places = Places(declaration.sheet.text)
    for token in _flatten_tokens(declaration.tokens):
        start = places.of(token)
        if token.type == "function" and token.lower_name == "var":
            name = next((inner.value for inner in token.arguments if inner.type == "ident"), "")
            if name in defined:
                color, alpha = defined[name]
                yield ColorUse(
                    declaration,
                    role,
                    color,
                    alpha,
                    start,
                    _end(declaration.sheet, token, start),
                    name,
                )
        elif (found := _color(token)) is not None:
            yield ColorUse(declaration, role, *found, start, _end(declaration.sheet, token, start))


def _flatten_tokens(tokens: Sequence[Any]) -> Iterator[Any]:
    """The tokens, and those inside gradients."""
    for token in tokens:
        yield token
        if token.type == "function" and token.lower_name.endswith("gradient"):
            yield from token.arguments


def _get_single_color(declaration: Declaration) -> tuple[str, float] | None:
    return _color(declaration.tokens[0]) if len(declaration.tokens) == 1 else None


def _color(token: Any) -> tuple[str, float] | None:
    if token.type not in ("hash", "ident", "function") or (
        token.type == "function" and token.lower_name == "var"
    ):
        return None
    found = tinycss2.color4.parse_color(token)
    if found is None or isinstance(found, str) or not found.alpha:
        return None
    return write_hex(
        255 * min(1.0, max(0.0, part)) for part in found.to("srgb").coordinates
    ), float(found.alpha)


def _end(sheet: SourceSheet, token: Any, start: int) -> int:
    if token.type == "function":
        return sheet.text.index(")", start) + 1
    return start + len(token.value) + int(token.type == "hash")


def _find_page_ground(uses: Sequence[ColorUse]) -> str:
    grounds = [
        use.color for use in uses if use.role == "ground" and use.declaration.selector in ROOTS
    ]
    return grounds[-1] if grounds else "#ffffff"


def _compute_dark_lightness(role: Role, light: float, chroma: float, hue: float) -> str:
    if role == "ground" and light > 0.6:
        light, chroma = 0.16 + 0.9 * (1 - light), min(chroma, 0.04)
    elif role == "ink" and light < 0.72:
        light = max(light, 0.74) if chroma >= COLOURFUL else 0.97 - 0.3 * light
    elif role == "line" and chroma < COLOURFUL:
        light = 0.28 + 0.9 * (1 - light) if light > 0.6 else max(light, 0.55)
    return convert_from_oklch(light, chroma, hue)


def _compute_light_lightness(role: Role, light: float, chroma: float, hue: float) -> str:
    if role == "ground" and light < 0.5:
        light, chroma = 1.0 - 0.2 * light, min(chroma, 0.02)
    elif role == "ink" and light > 0.5:
        light = min(light, 0.5) if chroma >= COLOURFUL else 0.15 + 0.8 * (1 - light)
    elif role == "line" and chroma < COLOURFUL:
        light = 0.88 if light < 0.5 else min(light, 0.75)
    return convert_from_oklch(light, chroma, hue)


def _turn_color(use: ColorUse, main: str, accent: str, page_is_light: bool) -> str:
    (light, chroma, hue), (main_light, main_chroma, main_hue) = (
        convert_to_oklch(use.color),
        convert_to_oklch(main),
    )
    wanted_light, wanted_chroma, wanted_hue = convert_to_oklch(accent)
    apart = (hue - main_hue + 180) % 360 - 180
    if chroma < COLOURFUL or abs(apart) > KIN:
        return use.color
    light = min(0.97, max(0.1, light + wanted_light - main_light))
    if use.role == "ink":  # words on the page's own ground stay legible
        light = min(light, 0.55) if page_is_light else max(light, 0.72)
    return convert_from_oklch(light, chroma * wanted_chroma / main_chroma, wanted_hue + apart)


def _rewrite_uses(bundle: Bundle, uses: Sequence[ColorUse], new: Sequence[str]) -> Bundle:
    """Each use in its new colour: a custom property keeps its name where most of its uses agree."""
    pieces: list[TextSplice] = []
    by_variable: dict[str, list[tuple[ColorUse, str]]] = defaultdict(list)
    for use, color in zip(uses, new, strict=True):
        if use.variable:
            by_variable[use.variable].append((use, color))
        elif color != use.color:
            pieces.append(_write_piece(use, _write_color(color, use.alpha)))
    definitions = [
        one
        for sheet in find_sheets(bundle)
        for one in find_declarations(sheet)
        if one.name.startswith("--")
    ]
    taken = {one.name for one in definitions}
    for name, found in by_variable.items():
        counts = Counter(color for _, color in found)
        names = {max(counts, key=lambda color: counts[color]): name}
        for use, color in found:
            if color not in names:
                names[color] = _free_name(f"{name}-{use.role}", taken)
        kept = next(iter(names))
        pieces += [
            _write_piece(use, f"var({names[color]})") for use, color in found if color != kept
        ]
        for one in definitions:
            if one.name == name:
                pieces.append(_write_definition(one, found[0][0].alpha, names))
    return apply_splices(bundle, pieces)


def _free_name(name: str, taken: set[str]) -> str:
    free = next(one for n in count(1) if (one := name if n == 1 else f"{name}-{n}") not in taken)
    taken.add(free)
    return free


def _write_definition(one: Declaration, alpha: float, names: dict[str, str]) -> TextSplice:
    token = one.tokens[0]
    start = Places(one.sheet.text).of(token)
    (first, _), *more = names.items()
    text = _write_color(first, alpha) + "".join(
        f";\n  {name}: {_write_color(color, alpha)}" for color, name in more
    )
    return TextSplice(
        one.sheet.file,
        one.sheet.offset + start,
        one.sheet.offset + _end(one.sheet, token, start),
        text,
    )


def _write_piece(use: ColorUse, text: str) -> TextSplice:
    offset = use.declaration.sheet.offset
    return TextSplice(use.declaration.sheet.file, offset + use.start, offset + use.end, text)


def _write_color(color: str, alpha: float) -> str:
    if alpha >= 1:
        return color
    red, green, blue = parse_hex(color)
    return f"rgb({red} {green} {blue} / {alpha:.3g})"


def _add_page_ground(bundle: Bundle, uses: Sequence[ColorUse], turn: Callable[..., str]) -> Bundle:
    """The page itself on a ground where nobody had given it one."""
    roots = {use.role for use in uses if use.declaration.selector in ROOTS}
    sheet = next((sheet for sheet in reversed(find_sheets(bundle)) if sheet.linked), None)
    if {"ground", "ink"} <= roots or sheet is None:
        return bundle
    css = bundle.files[sheet.file]
    for name, role, usual in (
        ("background-color", "ground", "#ffffff"),
        ("color", "ink", "#000000"),
    ):
        if role not in roots:
            css = set_declaration(css, "body", name, turn(role, *convert_to_oklch(usual)))
    return replace(bundle, files={**bundle.files, sheet.file: css})
