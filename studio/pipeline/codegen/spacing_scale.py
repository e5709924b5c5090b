"""Spaces on a scale of 4 px, as designers write them, with the page's height unchanged.

What rounding adds to one space is taken from the next. Paddings that are nearly even are even, and
elements of one name share one space where their measured ones are near.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.pipeline.codegen.element import Element, is_row

STEP = 4.0  # px
EVEN = 3.0  # px by which the paddings above and below may differ and still be one number
NEAR = 2.0  # px by which elements of one name may differ and still share a space
DRIFT = 1.5  # px by which a text may be off so that elements of its name share a space
# Px by which a draft's space may change. On eight outside pages a reach of 2 px (every space) cost
# .019 of likeness, 1.5 px cost .008 and put 71 % of all lengths on the scale, 0.75 px cost none.
DRAFT_REACH = 1.5
LEAST_WIDTH = 32.0  # px; smaller widths and heights are those of pictures and marks
LEAST_PICTURE = 64.0  # px of a picture's height; lower ones are icons beside a line
LINE = 24.0  # px; the usual height of a line of text
ACROSS = (
    "padding-left",
    "padding-right",
    "padding-inline",
    "margin-left",
    "margin-right",
    "column-gap",
)
CONTROLS = ("button", "badge")  # their paddings center a label, so they make up for nothing
WIDTHS = ("width", "max-width", "min-width")


class Rhythm:
    """Puts spaces on the scale; `reach` is the px by which a space may change."""

    def __init__(self, reach: float) -> None:
        self._reach = reach
        self._usual: dict[tuple[str, str], list[tuple[float, float]]] = {}

    def settle(self, root: Element) -> None:
        """Change the styles of the elements below `root`."""
        self._down(root, 0.0)

    def _down(self, element: Element, carry: float) -> float:
        """Put the element's spaces on the scale; return the carry below it.

        `carry` is the px by which the page is short so far.
        """
        for key in ACROSS:
            self._across(element, key)
        for key in WIDTHS:
            self._width(element, key)
        _even_out_paddings(element)
        carry = self._snapped(element, "margin-top", carry)
        if element.name in CONTROLS:
            own = self._snapped(element, "padding-top", 0.0)
            return carry + self._snapped(element, "padding-bottom", own)
        carry = self._snapped(element, "padding-top", carry)
        carry = self._settle_children(element, carry)
        carry = self._snapped(element, "padding-bottom", carry)
        return self._snapped(element, "margin-bottom", carry)

    def _settle_children(self, element: Element, carry: float) -> float:
        children = [child for child in element.children if isinstance(child, Element)]
        if not children:
            return carry
        if is_row(element):
            self._across(element, "gap")
            short = [self._down(child, 0.0) for child in children]
            return carry + short[_find_tallest(children)]
        if isinstance(element.style.get("gap"), float):
            short = [self._down(child, 0.0) for child in children]
            return carry + sum(short) + self._gap(element, len(children), sum(short))
        for child in children:
            carry = self._down(child, carry)
        return carry

    def _snapped(self, element: Element, key: str, carry: float) -> float:
        px = element.style.get(key)
        if isinstance(px, str) or not px or px < 0:
            return carry
        wanted = px + carry
        snapped = STEP * round(wanted / STEP)
        known = self._usual.setdefault((element.name, key), [])
        shared = next((value for seen, value in known if abs(seen - px) <= NEAR), None)
        if shared is not None and abs(shared - wanted) <= DRIFT + self._reach / 2:
            snapped = shared
        elif abs(snapped - wanted) > self._reach:
            return carry
        if shared is None:
            known.append((px, snapped))
        element.style[key] = snapped
        if not snapped:
            del element.style[key]
        return wanted - snapped

    def _gap(self, element: Element, count: int, short: float) -> float:
        """Put a column's gap on the scale; return the px by which the column is shorter for it.

        `short`: the px by which its children became shorter, which the gaps make up for.
        """
        px = element.style.get("gap")
        if isinstance(px, str) or not px or count < 2:
            return 0.0
        wanted = max(0.0, px + short / (count - 1))
        step = STEP * round(wanted / STEP)
        if not step or abs(wanted - step) * (count - 1) > 2 * self._reach:
            step = float(round(wanted))
        element.style["gap"] = step
        return (px - step) * (count - 1)

    def _across(self, element: Element, key: str) -> None:
        px = element.style.get(key)
        if isinstance(px, str) or not px or px < 0:
            return
        step = STEP * round(px / STEP)
        if abs(step - px) <= self._reach and step:
            element.style[key] = step

    def _width(self, element: Element, key: str) -> None:
        px = element.style.get(key)
        if isinstance(px, str) or not px or px < LEAST_WIDTH:
            return
        step = STEP * round(px / STEP)
        if abs(step - px) <= self._reach:
            element.style[key] = step


def _find_tallest(children: Sequence[Element]) -> int:
    """Return the place of the child of a row with most lines or the highest picture: it makes the
    row's height.
    """
    heights = [max(LINE * _count_lines(child), _get_picture_height(child)) for child in children]
    return heights.index(max(heights))


def _get_picture_height(element: Element) -> float:
    """Return the px of the highest picture in an element; an icon has none."""
    pictures = [inner for inner in element.walk() if inner.tag == "img"]
    height = max((float(each.attrs.get("height", 0)) for each in pictures), default=0.0)
    return height if height >= LEAST_PICTURE else 0.0


def _count_lines(element: Element) -> int:
    inner = [child for child in element.children if isinstance(child, Element)]
    has_words = any(isinstance(child, str) for child in element.children)
    return element.lines if has_words else sum(_count_lines(child) for child in inner)


def _even_out_paddings(element: Element) -> None:
    top, bottom = element.style.get("padding-top"), element.style.get("padding-bottom")
    if isinstance(top, str) or isinstance(bottom, str) or not top or not bottom:
        return
    if 0 < abs(top - bottom) <= EVEN:
        element.style["padding-top"] = element.style["padding-bottom"] = (top + bottom) / 2
