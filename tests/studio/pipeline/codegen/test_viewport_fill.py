"""A page of one screen fills its window, without a padding for what was left of it."""

from __future__ import annotations

from studio.pipeline.codegen.element import Element
from studio.pipeline.codegen.viewport_fill import fill_viewport


def page(**style: float) -> tuple[Element, list[Element]]:
    elements = [Element("section"), Element("footer", style={"margin-top": 200.0})]
    names = {key.replace("_", "-"): value for key, value in style.items()}
    return Element("div", "page", dict(names), children=list(elements)), elements


def test_empty_ground_below_is_the_windows_height():
    root, elements = page(padding_bottom=300.0)
    fill_viewport(root, elements, 800)
    assert root.style == {"min-height": "100vh"}


def test_content_in_the_middle_is_centered():
    root, elements = page(padding_top=210.0, padding_bottom=212.0)
    fill_viewport(root, elements, 800)
    assert root.style["align-content"] == "center"
    assert "padding-top" not in root.style


def test_a_footer_at_the_bottom_is_pushed_there():
    root, elements = page()
    fill_viewport(root, elements, 800)
    assert elements[-1].style["margin-top"] == "auto"
    assert root.style["min-height"] == "100vh"


def test_a_page_taller_than_a_window_keeps_its_padding():
    root, elements = page(padding_bottom=300.0)
    fill_viewport(root, elements, 1600)
    assert root.style == {"padding-bottom": 300.0}
