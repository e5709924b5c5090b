"""Puts left and right of finished styles on the other side, for pages that were laid out as their
mirror image.
"""

from __future__ import annotations

import re

from studio.pipeline.codegen.element import Element, Styles, Value

SIDES = {"left": "right", "right": "left"}
SIDED = re.compile(r"\b(left|right)\b")
SIDED_VALUES = ("text-align", "float", "background-position")


def mirror_styles(root: Element) -> None:
    """Puts what the styles say of left and right on the other side: margins, paddings, borders,
    alignment.
    """
    for element in root.walk():
        element.style = _swap(element.style)
        element.small = _swap(element.small)
        element.inner = {selector: _swap(styles) for selector, styles in element.inner.items()}


def _swap(styles: Styles) -> Styles:
    return {_swap_sides(name): _swap_value(name, value) for name, value in styles.items()}


def _swap_value(name: str, value: Value) -> Value:
    if isinstance(value, str) and name in SIDED_VALUES:
        return _swap_sides(value)
    return value


def _swap_sides(text: str) -> str:
    return SIDED.sub(lambda match: SIDES[match[0]], text)
