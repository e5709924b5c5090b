"""Line heights without a unit, so that they follow the font size; what the body sets is inherited."""

from __future__ import annotations

from studio.pipeline.codegen.element import Element


def write_ratio(px: float, size: float) -> str:
    """Return a line height of `px` at a font size as a number without a unit."""
    return f"{round(px / size, 2):g}"


def write_line_heights(root: Element, size: float, inherited: str) -> None:
    """Change line heights in px to ratios, and drop those that equal the `inherited` one.

    `size` is the body's font size, which elements without one have.
    """
    for element in root.walk():
        px = element.style.get("line-height")
        if px is None or isinstance(px, str):
            continue
        own = element.style.get("font-size", size)
        ratio = write_ratio(px, size if isinstance(own, str) else own)
        if ratio == inherited:
            del element.style["line-height"]
        else:
            element.style["line-height"] = ratio
