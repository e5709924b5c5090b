"""What every part of the expansion needs to know: the page's usual text, names for classes, and the
fit's nudges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.pipeline.codegen.element import Nudge, Styles
from studio.pipeline.layout.nodes import Node, Style, Surface
from studio.pipeline.perception.hints import Family
from studio.pipeline.perception.scripts import Direction, font_names

NEUTRAL = Nudge()
GENERIC_FAMILIES: dict[Family, str] = {
    "sans": "sans-serif",
    "serif": "serif",
    "mono": "monospace",
    "display": "sans-serif",
    "hand": "cursive",
}
USUAL_RADII = (2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0, 24.0, 32.0)
RADIUS_NOISE = 0.09  # share of a radius by which a corner's antialiasing hides it
USUAL_FONTS: dict[Family, tuple[str, ...]] = {
    "sans": ("Helvetica", "Arial"),
    "serif": ("Georgia", "Times New Roman"),
    "mono": ("Menlo", "Consolas"),
    "display": ("Impact", "Arial Black"),
    "hand": ("Brush Script MT", "Comic Sans MS"),
}


SIDE_NAMES = {"t": "top", "r": "right", "b": "bottom", "l": "left"}


@dataclass(frozen=True)
class Context:
    base: Style  # the body's text
    width: float  # of the page
    nudges: Mapping[int, Nudge] = field(default_factory=dict)
    assets: Mapping[str, bytes] = field(default_factory=dict)  # pictures, by path
    language: str = "en"  # of the page's text
    direction: Direction = "ltr"
    ground: str = "#ffffff"  # the page's background
    alts: Mapping[int, str] = field(default_factory=dict)  # what pictures show, by node

    def nudge(self, node: Node) -> Nudge:
        return self.nudges.get(node.id, NEUTRAL)


def write_font_stack(style: Style, others: tuple[str, ...] = ()) -> str:
    """The matched font, what most machines have in its class, and the class itself.

    `others`: families that hold the glyphs of the text's script.
    """
    quoted = [
        f'"{name}"' if " " in name else name
        for name in (style.font, *others, *USUAL_FONTS[style.family])
    ]
    return ", ".join([*quoted, GENERIC_FAMILIES[style.family]])


def build_text_styles(style: Style, base: Style, size: float = 1.0, text: str = "") -> Styles:
    """What differs from the body's text; `text` are the words, whose script may need fonts of its
    own.
    """
    out: Styles = {}
    px = round(style.size * size, 2)
    if style.font != base.font:
        others = tuple(name for name in font_names(text) if name != style.font)
        out["font-family"] = write_font_stack(style, others)
    if px != base.size:
        out["font-size"] = px
    if style.weight != base.weight:
        out["font-weight"] = str(style.weight)
    if style.italic:
        out["font-style"] = "italic"
    out["line-height"] = style.leading
    if style.spacing:
        out["letter-spacing"] = style.spacing
    if style.color != base.color:
        out["color"] = style.color
    return out


def round_radius(px: float) -> float:
    """Return the usual radius that is nearest, if the antialiased corner allows it."""
    usual = min(USUAL_RADII, key=lambda radius: abs(radius - px))
    return usual if abs(usual - px) <= max(1.0, RADIUS_NOISE * px) else float(round(px))


def build_surface_styles(surface: Surface | None) -> Styles:
    out: Styles = {}
    if surface is None:
        return out
    if surface.picture is not None:
        out["background"] = f"url({surface.picture.asset}) center / cover no-repeat"
    elif surface.gradient is not None:
        out["background"] = _write_gradient(surface, surface.gradient)
    elif surface.fill is not None:
        out["background-color"] = surface.fill
    out.update(_build_border_styles(surface))
    if surface.radius >= 1:
        out["border-radius"] = round_radius(surface.radius)
    if surface.shadow is not None:
        s = surface.shadow
        r, g, b = (int(s.color[i : i + 2], 16) for i in (1, 3, 5))
        out["box-shadow"] = f"{s.dx:g}px {s.dy:g}px {s.blur:g}px rgb({r} {g} {b} / {s.opacity:.2g})"
    return out


def _write_gradient(surface: Surface, colors: tuple[str, str]) -> str:
    if surface.gradient_shape == "linear":
        angle = "" if surface.gradient_angle == 180 else f"{surface.gradient_angle:g}deg, "
        return f"linear-gradient({angle}{colors[0]}, {colors[1]})"
    x, y = surface.gradient_center
    circle = "circle " if surface.gradient_shape == "circle" else ""
    return f"radial-gradient({circle}at {x:g}% {y:g}%, {colors[0]}, {colors[1]})"


def _build_border_styles(surface: Surface) -> Styles:
    if surface.border is None:
        return {}
    line = f"{surface.border.width:g}px solid {surface.border.color}"
    if surface.border.sides == "trbl":
        return {"border": line}
    return {f"border-{SIDE_NAMES[side]}": line for side in surface.border.sides}


def measure_border_width(surface: Surface | None, side: str) -> float:
    if surface is None or surface.border is None or side not in surface.border.sides:
        return 0.0
    return surface.border.width
