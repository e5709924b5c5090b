"""Which utilities of Tailwind set the same properties, as far as components' own classes do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

SIZES = r"(?:xs|sm|base|lg|xl|\dxl)"
LENGTH = r"\[(?:length:)?-?[\d.]|\(length:|\[length:|\[clamp|\[calc"
# Group → its utilities. The first that matches counts.
GROUPS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "display",
        re.compile(
            r"(?:block|inline-block|inline|flex|inline-flex|grid|inline-grid|hidden|contents"
            r"|flow-root|table)$"
        ),
    ),
    ("direction", re.compile(r"flex-(?:row|col)")),
    ("items", re.compile(r"items-")),
    ("justify", re.compile(r"justify-(?!items|self)")),
    ("gap", re.compile(r"gap-")),
    ("size", re.compile(r"size-")),
    ("height", re.compile(r"h-")),
    ("width", re.compile(r"w-")),
    ("min-width", re.compile(r"min-w-")),
    ("padding", re.compile(r"p[xytrbl]?-")),
    ("radius", re.compile(r"rounded(?:-|$)")),
    (
        "border-width",
        re.compile(r"border(?:-[trblxy])?(?:-\d+)?$|border(?:-[trblxy])?-(?:\[length|\[\d)"),
    ),
    ("border-color", re.compile(r"border-")),
    ("background", re.compile(r"bg-")),
    ("text-align", re.compile(r"text-(?:left|center|right|justify|start|end)$")),
    ("font-size", re.compile(rf"text-(?:{SIZES}$|{LENGTH})")),
    ("color", re.compile(r"text-(?!wrap|nowrap|balance|pretty|ellipsis|clip)")),
    (
        "weight",
        re.compile(
            r"font-(?:thin|extralight|light|normal|medium|semibold|bold|extrabold|black|\[\d)"
        ),
    ),
    ("leading", re.compile(r"leading-")),
    ("white-space", re.compile(r"whitespace-")),
    ("shadow", re.compile(r"shadow(?:-|$)")),
)
SIDES: Mapping[str, str] = {
    **{f"p{side}": side for side in "trbl"},
    "p": "trbl",
    "px": "lr",
    "py": "tb",
}
# What takes a group's property back to where an element without classes has it.
NEUTRAL: Mapping[str, str] = {
    "height": "h-auto",
    "width": "w-auto",
    "size": "size-auto",
    "min-width": "min-w-auto",
    "radius": "rounded-none",
    "border-width": "border-0",
    "background": "bg-transparent",
    "white-space": "whitespace-normal",
    "shadow": "shadow-none",
}
INHERITED = ("color", "weight", "font-size")
# Variants that apply without anybody's doing; others (hover, disabled, dark) are the component's.
STEADY = re.compile(r"^(?:sm|md|lg|xl|2xl|has-\[>svg\])$")


def find_group(utility: str) -> str | None:
    bare = utility.removeprefix("-").removesuffix("!")
    return next((group for group, pattern in GROUPS if pattern.match(bare)), None)


def split_variant(utility: str) -> tuple[str, str]:
    """Return 'md:text-sm' as ('md', 'text-sm'); colons in brackets do not count."""
    depth = 0
    for place in range(len(utility) - 1, -1, -1):
        depth += (utility[place] in "])") - (utility[place] in "[(")
        if utility[place] == ":" and depth == 0:
            return utility[:place], utility[place + 1 :]
    return "", utility


def adapt_classes(
    ours: Sequence[str], base: Iterable[str], inherited: Mapping[str, str], display: str
) -> tuple[str, ...]:
    """Return the classes that make a component with the classes `base` look like `ours`.

    Equal classes are left out. `inherited`: group → what the element inherits; `display`: what it
    is where it says nothing.
    """
    base = tuple(base)
    plain = {find_group(name): name for name in ours if not split_variant(name)[0]}
    out = [name for name in ours if name not in base or _is_part_of_group(name, ours, base)]
    for name in base:
        variant, bare = split_variant(name)
        group = find_group(bare)
        if group is None:
            continue
        if not variant and group not in plain:
            out += _neutralize(group, plain, inherited, display)
        elif not variant and group == "padding":
            out += _clear_sides(bare, ours)
        elif STEADY.match(variant):
            same = [other for other in (*ours, *out) if find_group(other) == group]
            out += [f"{variant}:{other}" for other in same]
        elif variant == "hover" and _has_fill(group, plain):
            out.append(f"hover:{plain['background']}/90")
    return tuple(dict.fromkeys(out))


def _has_fill(group: str, plain: Mapping[str | None, str]) -> bool:
    """Return True if `group` is the background and the page has one that can get lighter."""
    fill = plain.get("background", "bg-transparent")
    return group == "background" and not fill.endswith(("-transparent", "-white"))


def _is_part_of_group(name: str, ours: Sequence[str], base: Sequence[str]) -> bool:
    """Return True if the class must stay because `base` has others of its group."""
    group = find_group(name)
    others = {other for other in base if find_group(other) == group}
    return group is not None and others != {o for o in ours if find_group(o) == group}


def _neutralize(
    group: str, plain: Mapping[str | None, str], inherited: Mapping[str, str], display: str
) -> list[str]:
    if group == "padding":
        return ["p-0"]
    if group in INHERITED:
        return [inherited[group]] if group in inherited else []
    if group == "display":
        return [display] if display else []
    is_laid_out = plain.get("display", "") in ("flex", "inline-flex", "grid", "inline-grid")
    if group == "items" and is_laid_out:
        return ["items-stretch"]
    if group == "justify" and is_laid_out:
        return ["justify-normal"]
    if group == "gap" and is_laid_out:
        return ["gap-0"]
    if group == "height" and "size" in plain:
        return []
    return [NEUTRAL[group]] if group in NEUTRAL else []


def _clear_sides(utility: str, ours: Sequence[str]) -> list[str]:
    """Return zero paddings for the sides of a component that the page does not pad."""
    set_sides = "".join(SIDES.get(name.partition("-")[0], "") for name in ours)
    sides = SIDES.get(utility.partition("-")[0], "")
    return [f"p{side}-0" for side in sides if side not in set_sides]
