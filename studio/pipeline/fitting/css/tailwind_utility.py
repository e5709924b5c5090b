"""One Tailwind utility, read as what it sets, and written with another value.

`stacks/utilities.py` goes the other way, from declarations to classes; its scales are used here. Only
Tailwind's own spaces, sizes, colors, weights and radii are read. A project's own names stay unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from studio.pipeline.fitting.css.tailwind_palette import color_name, read_palette
from studio.pipeline.fitting.css.value_kinds import Kind, write_number
from studio.pipeline.stacks.theme import BREAKPOINTS, RADII, parse_px
from studio.pipeline.stacks.utilities import WORDS

STEP = 4.0  # px of 1 on Tailwind's scale
HAIR_SIZE, HAIR_RADIUS, HAIR_WIDTH = 0.5, 1.0, 1.0  # px within which a named value is used
HAIR_LEADING = 0.001  # em within which a named line height is used
SIZES = {
    "xs": 12.0,
    "sm": 14.0,
    "base": 16.0,
    "lg": 18.0,
    "xl": 20.0,
    "2xl": 24.0,
    "3xl": 30.0,
    "4xl": 36.0,
    "5xl": 48.0,
    "6xl": 60.0,
    "7xl": 72.0,
    "8xl": 96.0,
    "9xl": 128.0,
}
CONTAINERS = {
    "3xs": 256.0,
    "2xs": 288.0,
    "xs": 320.0,
    "sm": 384.0,
    "md": 448.0,
    "lg": 512.0,
    "xl": 576.0,
    "2xl": 672.0,
    "3xl": 768.0,
    "4xl": 896.0,
    "5xl": 1024.0,
    "6xl": 1152.0,
    "7xl": 1280.0,
}
LEADINGS = {
    "none": 1.0,
    "tight": 1.25,
    "snug": 1.375,
    "normal": 1.5,
    "relaxed": 1.625,
    "loose": 2.0,
}
WEIGHTS = {word: number for number, word in WORDS["font-weight"].items() if number.isdigit()}
BOX = {
    "": ("top", "right", "bottom", "left"),
    "x": ("left", "right"),
    "y": ("top", "bottom"),
    "t": ("top",),
    "r": ("right",),
    "b": ("bottom",),
    "l": ("left",),
    "s": ("inline-start",),
    "e": ("inline-end",),
}
CORNERS = {
    "": ("top-left", "top-right", "bottom-right", "bottom-left"),
    "-t": ("top-left", "top-right"),
    "-b": ("bottom-left", "bottom-right"),
    "-l": ("top-left", "bottom-left"),
    "-r": ("top-right", "bottom-right"),
    "-tl": ("top-left",),
    "-tr": ("top-right",),
    "-bl": ("bottom-left",),
    "-br": ("bottom-right",),
}
# What each stem sets: the fit's name for it, and the properties.
LENGTHS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    **{
        f"p{axis}": ("padding", tuple(f"padding-{side}" for side in sides))
        for axis, sides in BOX.items()
    },
    **{
        f"m{axis}": ("margin", tuple(f"margin-{side}" for side in sides))
        for axis, sides in BOX.items()
    },
    "gap": ("gap", ("row-gap", "column-gap")),
    "gap-x": ("column-gap", ("column-gap",)),
    "gap-y": ("row-gap", ("row-gap",)),
    "space-y": ("margin", ("margin-bottom",)),
    "space-x": ("margin", ("margin-right",)),
    "w": ("width", ("width",)),
    "h": ("height", ("height",)),
    "size": ("width", ("width", "height")),
    **{
        f"{end}-{s}": (f"{end}-{name}", (f"{end}-{name}",))
        for end in ("min", "max")
        for s, name in (("w", "width"), ("h", "height"))
    },
    "basis": ("flex-basis", ("flex-basis",)),
    **{side: (side, (side,)) for side in ("top", "right", "bottom", "left")},
}
NAMED = ("w", "min-w", "max-w", "basis")  # stems whose value may be a container's name
COLORS: Mapping[str, tuple[Kind, str]] = {
    "text": ("color", "color"),
    "bg": ("ground", "background-color"),
    "border": ("border", "border-color"),
}
STEMS = sorted(
    (*LENGTHS, *COLORS, *(f"rounded{c}" for c in CORNERS), "leading", "font"), key=len, reverse=True
)
UTILITY = re.compile(rf"(!?)(-?)({'|'.join(STEMS)})(?:-([^/\s]+))?(/[\w.\[\]]+)?(!?)")
VARIANTS = re.compile(r"((?:(?:\[[^\]]*\]|[^:\[\]\s])+:)*)(.*)")


@dataclass(frozen=True, slots=True)
class Utility:
    """One utility.

    `names` are the properties it sets. `value` is in px, or in em for a line height without a unit; None
    for a color, a weight, and for a value that cannot be changed. A `fixed` utility is not changed but
    still overrides others.
    """

    variants: str
    stem: str
    names: tuple[str, ...]
    kind: Kind
    name: str
    value: float | None = None
    unit: str = "px"
    fixed: bool = False
    tail: str = ""

    def written(self, value: float | str) -> str:
        return f"{self.variants}{self._bare(value)}{self.tail}"

    def _bare(self, value: float | str) -> str:
        if self.kind == "weight":
            return WORDS["font-weight"][str(value)]
        if isinstance(value, str):
            return f"{self.stem}-{color_name(value)}"
        if self.kind == "size":
            return f"text-{_find_named_value(value, SIZES, HAIR_SIZE) or _write_bracket(value)}"
        if self.kind == "radius":
            radii = {name: size for size, name in RADII.items()}
            return f"{self.stem}-{_find_named_value(value, radii, HAIR_RADIUS) or _write_bracket(value)}"
        if self.unit == "":
            return f"leading-{_find_named_value(value, LEADINGS, HAIR_LEADING) or _write_bracket(value, '')}"
        if self.stem == "max-w" and (name := _find_named_value(value, CONTAINERS, HAIR_WIDTH)):
            return f"{self.stem}-{name}"
        return f"{'-' if value < 0 else ''}{self.stem}-{_write_on_scale(abs(value))}"

    @property
    def children(self) -> bool:
        """Return True if it applies to an element's children, all but the last."""
        return self.stem.startswith("space-")


def parse_utility(token: str) -> Utility | None:
    parts = VARIANTS.fullmatch(token)
    match = UTILITY.fullmatch(parts[2]) if parts else None
    if parts is None or match is None:
        return None
    important, minus, stem, value, tail, late_important = match.groups()
    utility = _read(stem, value or "", -1.0 if minus else 1.0, tail or "")
    if utility is None:
        return None
    fixed = utility.fixed or bool(important or late_important)
    return Utility(
        parts[1],
        stem,
        utility.names,
        utility.kind,
        utility.name,
        utility.value,
        utility.unit,
        fixed,
        tail or "",
    )


def rank(variants: str, width: int) -> float | None:
    """Return the precedence of a utility with these variants at this width.

    A higher one comes later in the style sheet. None if it does not apply.
    """
    precedence = -1.0
    for variant in variants.split(":")[:-1]:
        breakpoint_px = next(
            (size for size, name in BREAKPOINTS.items() if name == variant.removeprefix("max-")),
            None,
        )
        if breakpoint_px is None and (
            match := re.fullmatch(r"(?:min|max)-\[([\d.]+(?:px|rem))\]", variant)
        ):
            breakpoint_px = parse_px(match[1])
        if breakpoint_px is None or (width >= breakpoint_px) == variant.startswith("max-"):
            return None
        precedence = max(precedence, 0.0 if variant.startswith("max-") else breakpoint_px)
    return precedence


def _read(stem: str, value: str, sign: float, tail: str) -> Utility | None:
    if stem.startswith("rounded"):
        names = tuple(f"border-{corner}-radius" for corner in CORNERS[stem.removeprefix("rounded")])
        radius = next(
            (size for size, name in RADII.items() if name == (value or "sm")), _parse_bracket(value)
        )
        return Utility("", stem, names, "radius", "border-radius", radius, fixed=radius is None)
    if not value:
        return None
    if stem == "font":
        known = f"font-{value}" in WEIGHTS
        return Utility("", stem, ("font-weight",), "weight", "font-weight") if known else None
    if stem == "leading":
        return _parse_leading(value)
    if stem == "text" and (size := SIZES.get(value, _parse_bracket(value))) is not None:
        return Utility("", stem, ("font-size",), "size", "font-size", size)
    if stem in COLORS:
        kind, name = COLORS[stem]
        known = value in read_palette() or bool(re.fullmatch(r"\[#[0-9a-fA-F]{3,6}\]", value))
        return Utility("", stem, (name,), kind, name, fixed=bool(tail)) if known else None
    name, names = LENGTHS[stem]
    length = _parse_length(stem, value)
    if length is None:
        return Utility("", stem, names, "length", name, fixed=True)
    return Utility("", stem, names, "length", name, sign * length)


def _parse_leading(value: str) -> Utility | None:
    names = ("line-height",)
    if value in LEADINGS or re.fullmatch(r"\[[\d.]+\]", value):
        number = LEADINGS[value] if value in LEADINGS else float(value[1:-1])
        return Utility("", "leading", names, "length", "line-height", number, "")
    length = _parse_length("leading", value)
    if length is None:
        return None
    return Utility("", "leading", names, "length", "line-height", length)


def _parse_length(stem: str, value: str) -> float | None:
    if re.fullmatch(r"\d+(?:\.\d+)?", value):
        return float(value) * STEP
    if value == "px":
        return 1.0
    return CONTAINERS[value] if stem in NAMED and value in CONTAINERS else _parse_bracket(value)


def _parse_bracket(value: str) -> float | None:
    found = re.fullmatch(r"\[(-?[\d.]+(?:px|rem))\]", value)
    return parse_px(found[1]) if found else None


def _find_named_value(value: float, named: Mapping[str, float], hair: float) -> str | None:
    name = min(named, key=lambda candidate: abs(named[candidate] - value))
    return name if abs(named[name] - value) <= hair else None


def _write_on_scale(value: float) -> str:
    """Return the value on Tailwind's scale, else in px.

    Halves of the scale are written as such (`p-6.5`). Quarters are hard to read as pixels, so they are
    written in px (`p-[17px]`).
    """
    if value % (STEP / 2) < 0.01:
        return f"{value / STEP:g}"
    return "px" if value == 1 else _write_bracket(value)


def _write_bracket(value: float, unit: str = "px") -> str:
    return f"[{write_number(value, unit)}]"
