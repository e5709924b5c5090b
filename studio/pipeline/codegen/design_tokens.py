"""Custom properties: colours by what they are for, font sizes by their rank, spaces by their step.
Writes px as rem.
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
    """The page's properties, and how a value is written with them."""

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
    """Lengths in rem, so that they follow the reader's font size; hairlines stay px."""
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
                kind = (
                    "line"
                    if name.startswith("border")
                    else "ground"
                    if name.startswith("background")
                    else "text"
                )
                uses.setdefault(color, Counter())[kind] += 1
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
    found = sorted(
        {float(s["font-size"]) for s in styles if isinstance(s.get("font-size"), float)} | {base}
    )
    smaller = [size for size in found if size < base][::-1]
    larger = [size for size in found if size > base]
    out = {base: "text"}
    out.update({size: f"text-{name}" for size, name in zip(smaller, SMALLER, strict=False)})
    out.update({size: f"text-{name}" for size, name in zip(larger, LARGER, strict=False)})
    return out


def _collect_space_tokens(styles: Sequence[Styles]) -> dict[float, str]:
    uses: Counter[float] = Counter()
    for style in styles:
        for name, value in style.items():
            if isinstance(value, float) and name.startswith(("padding", "margin", "gap")):
                uses[value] += 1
    return {float(px): f"space-{px // 4}" for px in SPACES if uses[float(px)] >= OFTEN}
