"""What all writers need to know: the page's base text, class prefixes, the fit's nudges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from studio.pipeline.codegen.element import Nudge, Styles
from studio.pipeline.layout.nodes import Node, Role, Style, Surface

NEUTRAL = Nudge()
PREFIXES: dict[Role, str] = {
    "header": "header",
    "footer": "footer",
    "hero": "hero",
    "card": "card",
    "sidebar": "sidebar",
    "form": "form",
    "nav": "nav",
}


@dataclass(frozen=True)
class Context:
    """What a writer needs to know about the page and its place in it."""

    base: Style  # the body's text
    width: float  # of the page
    nudges: Mapping[int, Nudge] = field(default_factory=dict)
    prefix: str = ""

    def nudge(self, node: Node) -> Nudge:
        return self.nudges.get(node.id, NEUTRAL)

    def inside(self, node: Node) -> Context:
        prefix = PREFIXES.get(node.label.role)
        return replace(self, prefix=prefix) if prefix else self

    def named(self, what: str) -> str:
        return f"{self.prefix}-{what}" if self.prefix else what


def write_font_stack(style: Style) -> str:
    generic = {"sans": "sans-serif", "serif": "serif", "mono": "monospace"}[style.family]
    usual = {
        "sans": ["Helvetica", "Arial"],
        "serif": ["Georgia", "Times New Roman"],
        "mono": ["Menlo", "Consolas"],
    }[style.family]
    quoted = [f'"{name}"' if " " in name else name for name in [style.font, *usual]]
    return ", ".join([*quoted, generic])


def build_text_styles(style: Style, base: Style, size: float = 1.0) -> Styles:
    """Return what differs from the body's text."""
    styles: Styles = {}
    px = round(style.size * size, 2)
    if style.font != base.font:
        styles["font-family"] = write_font_stack(style)
    if px != base.size:
        styles["font-size"] = px
    if style.weight != base.weight:
        styles["font-weight"] = str(style.weight)
    if style.italic:
        styles["font-style"] = "italic"
    styles["line-height"] = style.leading
    if style.spacing:
        styles["letter-spacing"] = style.spacing
    if style.color != base.color:
        styles["color"] = style.color
    return styles


def build_surface_styles(surface: Surface | None) -> Styles:
    styles: Styles = {}
    if surface is None:
        return styles
    if surface.picture is not None:
        styles["background"] = f"url({surface.picture.asset}) center / cover no-repeat"
    elif surface.gradient is not None:
        styles["background"] = f"linear-gradient({surface.gradient[0]}, {surface.gradient[1]})"
    elif surface.fill is not None:
        styles["background-color"] = surface.fill
    styles.update(_build_border_styles(surface))
    if surface.radius >= 1:
        styles["border-radius"] = float(round(surface.radius))
    if surface.shadow is not None:
        shadow = surface.shadow
        r, g, b = (int(shadow.color[i : i + 2], 16) for i in (1, 3, 5))
        styles["box-shadow"] = (
            f"{shadow.dx:g}px {shadow.dy:g}px {shadow.blur:g}px rgb({r} {g} {b} / {shadow.opacity:.2g})"
        )
    return styles


def _build_border_styles(surface: Surface) -> Styles:
    if surface.border is None:
        return {}
    line = f"{surface.border.width:g}px solid {surface.border.color}"
    if surface.border.sides == "trbl":
        return {"border": line}
    sides = {"t": "top", "r": "right", "b": "bottom", "l": "left"}
    return {f"border-{sides[side]}": line for side in surface.border.sides}


def measure_border_width(surface: Surface | None, side: str) -> float:
    if surface is None or surface.border is None or side not in surface.border.sides:
        return 0.0
    return surface.border.width
