"""A page's colors from one accent: grounds, inks and lines that belong to it, legible on each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from studio.pipeline.color import (
    compute_contrast,
    convert_from_oklch,
    convert_to_oklch,
    parse_hex,
    write_hex,
)
from studio.pipeline.outline.schema import Look, ThemeKey

LEGIBLE = 4.6  # contrast of text on its ground; WCAG AA asks for 4.5, and hex digits round
# White text looks better on a slightly darker green than black text on this one.
NEARLY_LEGIBLE = 2.9
WHITE, BLACK = "#ffffff", "#14120f"
STEP = 0.01  # OKLCH lightness by which a color is moved until it is legible

REDDISH = (340.0, 85.0)  # OKLCH hues, degrees, from pink over red to orange
SAND = 78.0  # degrees


@dataclass(frozen=True, slots=True)
class Grounds:
    """OKLCH lightness and chroma of a theme's neutral colors; `hue` None: the accent's."""

    ground: tuple[float, float]
    surface: tuple[float, float]
    tint: tuple[float, float]
    line: tuple[float, float]
    ink: tuple[float, float]
    muted: tuple[float, float]
    deep: tuple[float, float]
    hue: float | None = None


@dataclass(frozen=True, slots=True)
class Palette:
    """The colors of a page as '#rrggbb'; `on_…` are inks on that ground."""

    ground: str
    surface: str
    tint: str
    line: str
    ink: str
    muted: str
    accent: str
    on_accent: str
    accent_ink: str  # the accent as text on the ground and the tint
    deep: str
    on_deep: str
    deep_muted: str
    second: str


LIGHT: Mapping[ThemeKey, Grounds] = MappingProxyType(
    {
        "clear": Grounds(
            (1.0, 0),
            (1.0, 0),
            (0.975, 0.008),
            (0.915, 0.01),
            (0.21, 0.03),
            (0.48, 0.025),
            (0.23, 0.05),
        ),
        "editorial": Grounds(
            (0.975, 0.01),
            (0.99, 0.005),
            (0.945, 0.016),
            (0.84, 0.018),
            (0.21, 0.012),
            (0.46, 0.016),
            (0.24, 0.014),
            hue=80,
        ),
        "warm": Grounds(
            (0.983, 0.012),
            (1.0, 0),
            (0.95, 0.03),
            (0.89, 0.03),
            (0.27, 0.04),
            (0.48, 0.04),
            (0.32, 0.06),
        ),
        "bold": Grounds(
            (0.985, 0.008),
            (1.0, 0),
            (0.92, 0.07),
            (0.18, 0.01),
            (0.18, 0.01),
            (0.38, 0.015),
            (0.18, 0.01),
        ),
        "calm": Grounds(
            (0.985, 0.005),
            (0.995, 0.003),
            (0.953, 0.012),
            (0.885, 0.014),
            (0.3, 0.02),
            (0.5, 0.02),
            (0.33, 0.03),
        ),
        "tech": Grounds(
            (0.985, 0.004),
            (1.0, 0),
            (0.96, 0.008),
            (0.9, 0.01),
            (0.2, 0.02),
            (0.47, 0.02),
            (0.19, 0.025),
        ),
    }
)
DARK = Grounds(
    (0.175, 0.014),
    (0.215, 0.017),
    (0.205, 0.018),
    (0.32, 0.02),
    (0.965, 0.006),
    (0.75, 0.015),
    (0.25, 0.03),
)
DARK_BOLD = Grounds(
    (0.16, 0.01), (0.2, 0.01), (0.24, 0.03), (0.96, 0.01), (0.97, 0.008), (0.8, 0.01), (0.25, 0.02)
)
ACCENTS: Mapping[ThemeKey, str] = MappingProxyType(
    {
        "clear": "#3056d3",
        "editorial": "#9b2c1f",
        "warm": "#c2562d",
        "bold": "#ff5a1f",
        "calm": "#5f7355",
        "tech": "#2dd4a7",
    }
)


def make_palette(look: Look) -> Palette:
    """Return the colors of a page's look."""
    accent = look.accent or ACCENTS[look.theme]
    _, chroma, hue = convert_to_oklch(accent)
    is_dark = look.is_dark
    grounds = LIGHT[look.theme]
    if is_dark:
        grounds = DARK_BOLD if look.theme == "bold" else DARK
    base_hue = _choose_neutral_hue(hue) if grounds.hue is None else grounds.hue
    # A gray accent has no hue of its own to lend.
    strength = min(1.0, chroma / 0.04)

    def neutral(pair: tuple[float, float]) -> str:
        return convert_from_oklch(pair[0], pair[1] * strength, base_hue)

    ground, tint, surface = neutral(grounds.ground), neutral(grounds.tint), neutral(grounds.surface)
    accent = _fit_accent(accent, is_dark)
    deep = neutral(grounds.deep)
    hardest = surface if is_dark else tint
    return Palette(
        ground=ground,
        surface=surface,
        tint=tint,
        line=neutral(grounds.line),
        ink=neutral(grounds.ink),
        muted=make_legible(neutral(grounds.muted), hardest),
        accent=accent,
        on_accent=choose_ink(accent),
        accent_ink=make_legible(accent, hardest),
        deep=deep,
        on_deep=convert_from_oklch(0.975, 0.006, base_hue),
        deep_muted=make_legible(convert_from_oklch(0.8, 0.02, base_hue), deep),
        second=look.second or _turn_hue(accent),
    )


def _choose_neutral_hue(hue: float) -> float:
    """Return the hue of grounds beside an accent: pale red and orange look like skin, sand does not."""
    is_reddish = hue < REDDISH[1] or hue > REDDISH[0]
    return SAND if is_reddish else hue


def choose_ink(ground: str) -> str:
    """Return white or black, whichever is legible; white where both are."""
    if compute_contrast(WHITE, ground) >= LEGIBLE:
        return WHITE
    return BLACK


def make_legible(color: str, ground: str) -> str:
    """Return the color, made darker or lighter until it is legible on the ground."""
    light, chroma, hue = convert_to_oklch(color)
    is_light_ground = convert_to_oklch(ground)[0] > 0.6
    step = -STEP if is_light_ground else STEP
    while compute_contrast(color, ground) < LEGIBLE and 0 < light < 1:
        light += step
        color = convert_from_oklch(light, chroma, hue)
    return color


def mix(one: str, other: str, share: float) -> str:
    """Return `one` with this share of `other`."""
    pairs = zip(parse_hex(one), parse_hex(other), strict=True)
    return write_hex(a + share * (b - a) for a, b in pairs)


def _fit_accent(accent: str, is_dark: bool) -> str:
    """Return the accent so that an ink is legible on it, and lighter on a dark page."""
    light, chroma, hue = convert_to_oklch(accent)
    if is_dark and light < 0.62:
        light = 0.68
        accent = convert_from_oklch(light, chroma, hue)
    if not is_dark and compute_contrast(accent, WHITE) >= NEARLY_LEGIBLE:
        return make_legible(accent, WHITE)
    while compute_contrast(accent, choose_ink(accent)) < LEGIBLE and light > 0:
        light -= STEP
        accent = convert_from_oklch(light, chroma, hue)
    return accent


def _turn_hue(accent: str) -> str:
    light, chroma, hue = convert_to_oklch(accent)
    return convert_from_oklch(min(0.8, light + 0.18), min(chroma, 0.12), (hue + 55) % 360)
