"""Pages of one screen: what is left of the window is no padding, it is the window's height."""

from __future__ import annotations

from studio.pipeline.codegen.element import ONE_COLUMN, Element

WINDOW = 800.0  # px; a page no taller than this was pictured in a window of its height
FREE = 64.0  # px of empty ground from which it is what was left of the window
CENTERED = 4.0  # px by which the spaces above and below a page in the middle may differ


def fill_viewport(page: Element, elements: list[Element], height: float) -> None:
    """Replace the empty ground of a page of one screen by the window's height.

    Content in the middle is centered, a last child at the bottom is pushed there.
    """
    if height > WINDOW or not elements or "gap" in page.style:
        return
    top, bottom = _get_px(page, "padding-top"), _get_px(page, "padding-bottom")
    last_gap = _get_px(elements[-1], "margin-top") if len(elements) > 1 else 0.0
    if bottom >= FREE and abs(top - bottom) <= CENTERED:
        _fill(page, "center")
        del page.style["padding-top"], page.style["padding-bottom"]
    elif bottom >= FREE:
        page.style["min-height"] = "100vh"
        del page.style["padding-bottom"]
    elif last_gap >= FREE and elements[-1].tag == "footer":
        page.style.update({"display": "flex", "flex-direction": "column", "min-height": "100vh"})
        elements[-1].style["margin-top"] = "auto"


def _fill(page: Element, place: str) -> None:
    page.style.update(
        {
            "display": "grid",
            "grid-template-columns": ONE_COLUMN,
            "align-content": place,
            "min-height": "100vh",
        }
    )


def _get_px(element: Element, key: str) -> float:
    value = element.style.get(key, 0.0)
    return 0.0 if isinstance(value, str) else value
