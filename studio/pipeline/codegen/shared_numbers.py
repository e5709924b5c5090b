"""Numbers that elements of one class share, although perception measured each a little differently.

What that adds to the height above an element is taken from the next space that is nobody else's, so that
small differences do not add up down the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean, median_low
from typing import TypeVar

from studio.pipeline.codegen.class_members import Kind, Member, is_space
from studio.pipeline.codegen.element import Element, is_row

Number = TypeVar("Number", float, str)
# Px by which elements of one name may differ and still get one number: two roundings of perception
# and one of the layout, and for widths what a wrap does not show.
SLACK = {
    "margin-top": 2.0,
    "margin-bottom": 2.0,
    "padding-top": 2.0,
    "padding-bottom": 2.0,
    "gap": 2.0,
    "margin": 3.0,
    "padding": 3.0,
    "width": 2.0,
    "height": 2.0,
    "min-height": 2.0,
    "max-width": 6.0,
    "font-size": 0.8,
    "line-height": 1.5,
    "letter-spacing": 0.3,
    "text-indent": 1.0,
    "border-radius": 2.0,
}
# Of 255, by which each channel of one color may differ: thin strokes of text are antialiased, a fill is
# not, and JPEG at quality 80 moves a flat one by up to 2. Authors set #fafafa beside #f5f5f5.
NEAR_COLOR = {"color": 12, "background-color": 2}
STEP = 4.0  # px of the scale of spaces
NEAR_STEP = 1.0  # px within which a space goes on the scale
NEAR_STEP_DOWN = 0.26  # px, for spaces down the page, where small errors add up
NOTHING = 0.75  # px; a smaller space is dropped
DOWN = ("margin-top", "padding-top", "padding-bottom", "gap", "line-height", "height")


def share_numbers(root: Element, kinds: Sequence[Kind]) -> None:
    """Make nearly equal numbers of one kind equal, and keep the heights of what holds them."""
    before = _Heights(kinds)
    for kind in kinds:
        for key in sorted(set().union(*(member.style for member in kind.members))):
            settle_numbers(kind.members, key)
    before.carry_down(root, 0.0)


class _Heights:
    """Remembers the vertical numbers of all elements, and hands on what became of them."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self._members: dict[tuple[int, str], tuple[Member, bool]] = {}
        self._before: dict[tuple[int, str], float] = {}
        for kind in kinds:
            for member in kind.members:
                for key in DOWN:
                    place = id(member.element), key
                    if key in member.style:
                        self._members[place] = member, len(kind.members) == 1
                        self._before[place] = _get_number(member, key)

    def carry_down(self, element: Element, carry: float) -> float:
        """Take `carry` px from the first space that is free; return what is left below the element.

        `carry` is by how much too low the element would begin.
        """
        carry = self._absorb(element, "margin-top", carry)
        carry = self._absorb(element, "padding-top", carry)
        children = [child for child in element.children if isinstance(child, Element)]
        if not children:
            carry += self._measure_change(element, "line-height") * element.lines
            carry += self._measure_change(element, "height")
        elif is_row(element):
            # Which of them is the tallest is not known; the most careful guess moves least.
            carry = min((self.carry_down(child, carry) for child in children), key=abs)
        else:
            gap = self._measure_change(element, "gap")
            for place, child in enumerate(children):
                carry = self.carry_down(child, carry + gap * (place > 0))
        return self._absorb(element, "padding-bottom", carry)

    def _measure_change(self, element: Element, key: str) -> float:
        place = id(element), key
        if place not in self._members:
            return 0.0
        return _get_number(self._members[place][0], key) - self._before[place]

    def _absorb(self, element: Element, key: str, carry: float) -> float:
        carry += self._measure_change(element, key)
        place = id(element), key
        if place not in self._members or not self._members[place][1]:
            return carry
        member = self._members[place][0]
        if isinstance(member.style.get(key), str):
            return carry  # such as `auto`: the browser finds it
        old = _get_number(member, key)
        new = max(0.0, round(old - carry))
        member.style[key] = new
        return carry + new - old


def settle_numbers(members: Sequence[Member], key: str) -> None:
    """Give one number to those of the members whose numbers nearly agree."""
    if key in NEAR_COLOR:
        _settle_colors(members, key)
        return
    if key == "box-shadow":
        _settle_shadows(members)
        return
    if key == "max-width" and _settle_wraps(members):
        return
    slack = _get_slack(key)
    remaining = [m for m in members if not isinstance(m.style.get(key), str)]
    if not is_space(key):
        remaining = [m for m in remaining if key in m.style]
    while remaining:
        middle = median_low([_get_number(m, key) for m in remaining])
        group = [m for m in remaining if abs(_get_number(m, key) - middle) <= slack]
        remaining = [m for m in remaining if abs(_get_number(m, key) - middle) > slack]
        _set_number(group, key)


def _set_number(group: Sequence[Member], key: str) -> None:
    values = [_get_number(element, key) for element in group]
    value = _find_heaviest(group, values)
    if is_space(key):
        value = _round_to_scale(key, fmean(values))
    for element in group:
        if is_space(key) and abs(value) < NOTHING:
            element.style.pop(key, None)
        else:
            element.style[key] = value


def _find_heaviest(group: Sequence[Member], values: Sequence[Number]) -> Number:
    """Return the value that most characters are set in, or most elements without text have."""
    weights: dict[Number, int] = defaultdict(int)
    for member, value in zip(group, values, strict=True):
        weights[value] += 1 + len(member.element.text)
    return max(weights, key=lambda value: weights[value])


def _settle_colors(members: Sequence[Member], key: str) -> None:
    """Give one color to those of the members whose colors nearly agree."""
    near = NEAR_COLOR[key]
    remaining = [m for m in members if str(m.style.get(key, "")).startswith("#")]
    while remaining:
        value = _find_heaviest(remaining, [str(m.style[key]) for m in remaining])
        group = [m for m in remaining if _are_near_colors(str(m.style[key]), value, near)]
        remaining = [m for m in remaining if not _are_near_colors(str(m.style[key]), value, near)]
        for member in group:
            member.style[key] = value


def _settle_shadows(members: Sequence[Member]) -> None:
    """Give those members that have a shadow the same one: perception sees each a little differently."""
    shadowed = [m for m in members if "box-shadow" in m.style]
    value = _find_heaviest(shadowed, [str(m.style["box-shadow"]) for m in shadowed])
    for member in shadowed:
        member.style["box-shadow"] = value


def _are_near_colors(one: str, other: str, near: int) -> bool:
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return all(abs(a - b) <= near for a, b in pairs)


def _settle_wraps(members: Sequence[Member]) -> bool:
    """Give members one width at which the lines of each break as they should, if there is one."""
    limited = [m for m in members if not isinstance(m.style.get("max-width", ""), str)]
    free = [m for m in members if m not in limited and m.wrap and _is_plain(m)]
    if any(m.wrap is None for m in limited):
        return False
    low = max((m.wrap[0] for m in [*limited, *free] if m.wrap), default=0.0)
    high = min((m.wrap[1] for m in [*limited, *free] if m.wrap), default=0.0)
    if low > high:
        return False
    width = next(
        (
            -(-low // step) * step
            for step in (40, 20, 16, 8, 4, 1)
            if -(-low // step) * step <= high
        ),
        low,
    )
    for member in [*limited, *free]:
        member.style["max-width"] = float(width)
    return True


def _is_plain(member: Member) -> bool:
    """Return True for a text that starts at its room's left edge."""
    return not {"text-align", "padding-left", "padding-right", "max-width"} & set(member.style)


def _round_to_scale(key: str, px: float) -> float:
    """Return the nearest step of the scale if it is near, else the nearest half pixel."""
    step = round(px / STEP) * STEP
    near = NEAR_STEP_DOWN if key.endswith(("top", "bottom")) else NEAR_STEP
    return step if abs(step - px) <= near else round(px * 2) / 2


def _get_number(element: Member, key: str) -> float:
    """Return the number of a style; 0 for a space that is not set."""
    value = element.style.get(key, 0.0)
    return 0.0 if isinstance(value, str) else float(value)


def _get_slack(key: str) -> float:
    if key in SLACK:
        return SLACK[key]
    return next((px for start, px in SLACK.items() if key.startswith(start)), 0.0)
