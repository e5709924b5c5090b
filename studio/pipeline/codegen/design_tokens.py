"""Custom properties: colors named by use, font sizes by rank, spaces by step.

Lengths are in rem.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from studio.pipeline.codegen.element import Styles, Value
from studio.pipeline.layout.color_classes import compute_luminance, is_colorful

HEX = re.compile(r"#[0-9a-f]{6}")
SMALLER = ("sm", "xs", "2xs", "3xs", "4xs")
LARGER = ("lg", "xl", "2xl", "3xl", "4xl", "5xl", "6xl", "7xl")
SPACES = (4, 8, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128)
OFTEN = 3  # a space used this often gets a name
UNITLESS = {"line-height"}


class Tokens:
    """The page's custom properties, and the values written with them."""

    def __init__(self, styles: Sequence[Styles], ground: str, ink: str) -> None:
        self.colors = _collect_color_tokens(styles, ground, ink)
        self.sizes = _collect_size_tokens(styles)
        self.spaces = _collect_space_tokens(styles)

    def root(self) -> str:
        lines = [f"  --{name}: {color};" for color, name in self.colors.items()]
        lines += [
            f"  --{name}: {write_lengths_in_rem(size)};"
            for size, name in sorted(self.sizes.items())
        ]
        lines += [
            f"  --{name}: {write_lengths_in_rem(px)};" for px, name in sorted(self.spaces.items())
        ]
        return ":root {\n" + "\n".join(lines) + "\n}"

    def value(self, name: str, value: Value) -> str:
        if isinstance(value, str):
            return HEX.sub(
                lambda m: f"var(--{self.colors[m[0]]})" if m[0] in self.colors else m[0], value
            )
        if name == "font-size" and value in self.sizes:
            return f"var(--{self.sizes[value]})"
        if value in self.spaces and name.startswith(("padding", "margin", "gap")):
            return f"var(--{self.spaces[value]})"
        return write_lengths_in_rem(value)


def write_lengths_in_rem(px: float) -> str:
    """Return a length in rem, so that it follows the reader's font size; fine lines stay px."""
    if px == 0:
        return "0"
    if abs(px) <= 3:
        return f"{px:g}px"
    return f"{round(px / 16, 4):g}rem"


def _collect_color_tokens(styles: Sequence[Styles], ground: str, ink: str) -> dict[str, str]:
    uses: dict[str, Counter[str]] = {}
    for style in styles:
        for name, value in style.items():
            for color in HEX.findall(str(value)):
                uses.setdefault(color, Counter())[_find_use(name)] += 1
    names: dict[str, str] = {ground: "ground"}
    if ink not in names:
        names[ink] = "ink"
    taken = Counter(names.values())
    for color in sorted(uses, key=lambda c: (-sum(uses[c].values()), c)):
        if color not in names:
            base = _name_color(color, uses[color])
            taken[base] += 1
            names[color] = base if taken[base] == 1 else f"{base}-{taken[base]}"
    return names


def _find_use(name: str) -> str:
    if name.startswith("border"):
        return "line"
    return "ground" if name.startswith("background") else "text"


def _name_color(color: str, uses: Counter[str]) -> str:
    if color == "#ffffff":
        return "white"
    if color == "#000000":
        return "black"
    if is_colorful(color):
        return "accent"
    kind = max(uses, key=lambda k: (uses[k], k))
    if kind == "line":
        return "line"
    if kind == "text":
        return "light" if compute_luminance(color) > 0.7 else "muted"
    return "surface" if compute_luminance(color) > 0.6 else "dark"


def _collect_size_tokens(styles: Sequence[Styles]) -> dict[float, str]:
    base = float(styles[0]["font-size"])
    sizes = sorted(
        {float(s["font-size"]) for s in styles if isinstance(s.get("font-size"), float)} | {base}
    )
    smaller = [size for size in reversed(sizes) if size < base]
    larger = [size for size in sizes if size > base]
    names = {base: "text"}
    names.update({size: f"text-{name}" for size, name in zip(smaller, SMALLER, strict=False)})
    names.update({size: f"text-{name}" for size, name in zip(larger, LARGER, strict=False)})
    return names


def _collect_space_tokens(styles: Sequence[Styles]) -> dict[float, str]:
    uses: Counter[float] = Counter()
    for style in styles:
        for name, value in style.items():
            if isinstance(value, float) and name.startswith(("padding", "margin", "gap")):
                uses[value] += 1
    return {float(px): f"space-{px // 4}" for px in SPACES if uses[float(px)] >= OFTEN}
