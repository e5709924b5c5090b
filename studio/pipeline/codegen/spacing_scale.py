"""Spaces on a scale of 4 px, as designers write them, with the page's height unchanged.

What rounding adds to one space is taken from the next.
"""

from __future__ import annotations

from studio.pipeline.codegen.element import Element

STEP = 4.0  # px
DRIFT = 0.0  # px by which a text may be off so that elements of its class keep one space
LOOSE = 2.0  # px; the reach that puts every space on the scale


class Rhythm:
    """Puts spaces on the scale; `reach` is the px by which a space may change."""

    def __init__(self, reach: float) -> None:
        self._reach = reach
        self._usual: dict[tuple[str, str, float], float] = {}

    def settle(self, root: Element) -> None:
        """Change the styles of the elements below `root`."""
        self._down(root, 0.0)

    def _down(self, element: Element, carry: float) -> float:
        """Put the element's spaces on the scale; return the carry below it.

        `carry` is the px by which the page is short so far.
        """
        for key in ("padding-left", "padding-right", "margin-left", "margin-right", "column-gap"):
            self._across(element, key)
        carry = self._snapped(element, "margin-top", carry)
        carry = self._snapped(element, "padding-top", carry)
        children = [child for child in element.children if isinstance(child, Element)]
        if _is_row(element):
            self._across(element, "gap")
            after = [self._down(child, carry) for child in children]
            carry = after[0] if after else carry
        else:
            carry = self._gap(element, len(children), carry)
            for child in children:
                carry = self._down(child, carry)
        carry = self._snapped(element, "padding-bottom", carry)
        return self._snapped(element, "margin-bottom", carry)

    def _snapped(self, element: Element, key: str, carry: float) -> float:
        px = element.style.get(key)
        if isinstance(px, str) or not px or px < 0:
            return carry
        group = element.name, key, px
        usual = self._usual.get(group)
        snapped = STEP * round((px + carry) / STEP)
        if usual is not None and abs(usual - px - carry) <= DRIFT:
            snapped = usual
        elif abs(snapped - px - carry) > self._reach:
            return carry
        self._usual.setdefault(group, snapped)
        element.style[key] = snapped
        if not snapped:
            del element.style[key]
        return carry + px - snapped

    def _gap(self, element: Element, count: int, carry: float) -> float:
        px = element.style.get("gap")
        if isinstance(px, str) or not px or count < 2:
            return carry
        step = STEP * round(px / STEP)
        off = (px - step) * (count - 1)
        if not step or abs(off) > 2 * self._reach:
            return carry
        element.style["gap"] = step
        return carry + off

    def _across(self, element: Element, key: str) -> None:
        px = element.style.get(key)
        if isinstance(px, str) or not px or px < 0:
            return
        step = STEP * round(px / STEP)
        if abs(step - px) <= self._reach and step:
            element.style[key] = step


def _is_row(element: Element) -> bool:
    display = element.style.get("display")
    columns = element.style.get("grid-template-columns", "minmax(0, 1fr)")
    is_grid_row = display == "grid" and columns != "minmax(0, 1fr)"
    return display == "flex" or element.tag == "tr" or is_grid_row
