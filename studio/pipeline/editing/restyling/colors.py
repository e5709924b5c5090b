"""A page's colors in another theme, or around another accent.

Each use of a color is changed by its role: ground, ink or line. A custom property with several roles
(white as a card's background and as a button's text) becomes two where the new colors differ. What is
painted in an accent keeps its text color; photos and shadows stay unchanged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from studio.pipeline.free_names import find_free_name

Role = Literal["ground", "ink", "line"]

GROUNDS = ("background", "background-color", "background-image")
INKS = ("color", "fill", "stroke", "caret-color", "text-decoration", "text-decoration-color")
LINES = ("border", "outline", "column-rule")
ROOTS = (":root", "html", "body", "*")
COLORFUL = 0.09  # OKLCH chroma from which a color counts as colored, not gray
KIN = 45.0  # degrees of hue between an accent and its shades
GROUND_WEIGHT = 3  # a background counts as much as this many texts or lines
LEGIBLE = 4.5  # contrast of text and its background (WCAG AA)


@dataclass(frozen=True, slots=True)
class ColorUse:
    """One color at its place in the source: written out, or as the custom property `variable`."""

    declaration: Declaration
    role: Role
    color: str  # '#rrggbb'
    alpha: float
    start: int  # in the sheet's text
    end: int
    variable: str = ""

    @property
    def rule(self) -> tuple[int, str, str, int]:
        """Return what identifies the rule it is in."""
        declaration = self.declaration
        return id(declaration.sheet), declaration.media, declaration.selector, declaration.rule_end


def set_theme(bundle: Bundle, theme: ThemeName) -> Bundle:
    """Return the page on a dark or a light ground, unchanged if it is on such a ground already."""
    uses = _collect_uses(bundle)
    light = convert_to_oklch(_find_page_ground(uses))[0]
    if (light < 0.5) == (theme is ThemeName.DARK):
        return bundle
    turn = _compute_dark_lightness if theme is ThemeName.DARK else _compute_light_lightness
    painted = {
        use.rule
        for use in uses
        if use.role == "ground" and convert_to_oklch(use.color)[1] >= COLORFUL
    }
    new = [
        use.color if use.rule in painted else turn(use.role, *convert_to_oklch(use.color))
        for use in uses
    ]
    return _add_page_ground(_rewrite_uses(bundle, uses, new), uses, turn)


def set_accent(bundle: Bundle, accent: str) -> Bundle:
    """Return the page with its accent and the accent's shades changed to another color.

    A page without an accent stays unchanged.
    """
    uses = _collect_uses(bundle)
    hues = Counter[str]()
    for use in uses:
        if convert_to_oklch(use.color)[1] >= COLORFUL:
            hues[use.color] += GROUND_WEIGHT if use.role == "ground" else 1
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
    declarations = [declaration for sheet in sheets for declaration in find_declarations(sheet)]
    defined: dict[str, tuple[str, float]] = {}
    for declaration in declarations:
        color = _get_single_color(declaration)
        if declaration.name.startswith("--") and color is not None:
            defined[declaration.name] = color
    uses: list[ColorUse] = []
    for declaration in declarations:
        role = _find_role(declaration)
        if role:
            uses += _find_uses(declaration, role, defined)
    return uses


def _find_role(declaration: Declaration) -> Role | None:
    name = declaration.name
    if name.startswith(
        "--"
    ):  # outside the root it is for one element, such as a field's placeholder
        return None if declaration.selector in ROOTS else "ink"
    if name in GROUNDS:
        return "ground"
    if name in INKS:
        return "ink"
    return "line" if name.startswith(LINES) and "radius" not in name else None


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
    """Yield the tokens, and those inside gradients."""
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
        light = max(light, 0.74) if chroma >= COLORFUL else 0.97 - 0.3 * light
    elif role == "line" and chroma < COLORFUL:
        light = 0.28 + 0.9 * (1 - light) if light > 0.6 else max(light, 0.55)
    return convert_from_oklch(light, chroma, hue)


def _compute_light_lightness(role: Role, light: float, chroma: float, hue: float) -> str:
    if role == "ground" and light < 0.5:
        light, chroma = 1.0 - 0.2 * light, min(chroma, 0.02)
    elif role == "ink" and light > 0.5:
        light = min(light, 0.5) if chroma >= COLORFUL else 0.15 + 0.8 * (1 - light)
    elif role == "line" and chroma < COLORFUL:
        light = 0.88 if light < 0.5 else min(light, 0.75)
    return convert_from_oklch(light, chroma, hue)


def _turn_color(use: ColorUse, main: str, accent: str, page_is_light: bool) -> str:
    light, chroma, hue = convert_to_oklch(use.color)
    main_light, main_chroma, main_hue = convert_to_oklch(main)
    wanted_light, wanted_chroma, wanted_hue = convert_to_oklch(accent)
    hue_difference = (hue - main_hue + 180) % 360 - 180
    if chroma < COLORFUL or abs(hue_difference) > KIN:
        return use.color
    light = min(0.97, max(0.1, light + wanted_light - main_light))
    if use.role == "ink":  # text on the page's own ground stays legible
        light = min(light, 0.55) if page_is_light else max(light, 0.72)
    return convert_from_oklch(
        light, chroma * wanted_chroma / main_chroma, wanted_hue + hue_difference
    )


def _rewrite_uses(bundle: Bundle, uses: Sequence[ColorUse], new: Sequence[str]) -> Bundle:
    """Return the bundle with each use in its new color.

    A custom property keeps its name for the color that most of its uses get.
    """
    pieces: list[TextSplice] = []
    by_variable: dict[str, list[tuple[ColorUse, str]]] = defaultdict(list)
    for use, color in zip(uses, new, strict=True):
        if use.variable:
            by_variable[use.variable].append((use, color))
        elif color != use.color:
            pieces.append(_write_piece(use, _write_color(color, use.alpha)))
    definitions = [
        declaration
        for sheet in find_sheets(bundle)
        for declaration in find_declarations(sheet)
        if declaration.name.startswith("--")
    ]
    taken = {definition.name for definition in definitions}
    for name, changes in by_variable.items():
        counts = Counter(color for _, color in changes)
        names = {max(counts, key=lambda color: counts[color]): name}
        for use, color in changes:
            if color not in names:
                names[color] = find_free_name(f"{name}-{use.role}", taken)
                taken.add(names[color])
        kept = next(iter(names))
        pieces += [
            _write_piece(use, f"var({names[color]})") for use, color in changes if color != kept
        ]
        for definition in definitions:
            if definition.name == name:
                pieces.append(_write_definition(definition, changes[0][0].alpha, names))
    return apply_splices(bundle, pieces)


def _write_definition(definition: Declaration, alpha: float, names: dict[str, str]) -> TextSplice:
    token = definition.tokens[0]
    start = Places(definition.sheet.text).of(token)
    (first, _), *more = names.items()
    text = _write_color(first, alpha) + "".join(
        f";\n  {name}: {_write_color(color, alpha)}" for color, name in more
    )
    return TextSplice(
        definition.sheet.file,
        definition.sheet.offset + start,
        definition.sheet.offset + _end(definition.sheet, token, start),
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
    """Return the page with colors for its body where the page sets none itself."""
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
