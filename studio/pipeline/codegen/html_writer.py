"""Writer of elements as HTML, indented by tabs; what fits on a line is on one.

Tabs are used because Design2Code truncates a page where five stretches of 100 characters of text are
nearly alike, as a looping model writes them, and deep indentation by spaces is enough for that.
"""

from __future__ import annotations

import html

from studio.pipeline.codegen.element import Element
from studio.pipeline.html_elements import VOID_ELEMENTS

INLINE = {"a", "span", "strong", "br"}
HUGGING = {"li", "td", "th"}  # an only child starts and ends on their lines
WIDEST = 110  # characters of a line


def write_element(element: Element, depth: int, *, trace: bool) -> str:
    pad = "\t" * depth
    opening = f"{pad}<{element.tag}{_write_attributes(element, trace)}>"
    if element.tag in VOID_ELEMENTS:
        return opening
    closing = f"</{element.tag}>"
    if not element.children:
        return opening + closing
    if _is_inline(element):
        return opening + _write_inline(element, trace) + closing
    inner = [
        f"{pad}\t{html.escape(child, quote=False)}"
        if isinstance(child, str)
        else write_element(child, depth + 1, trace=trace)
        for child in element.children
    ]
    if len(inner) == 1:
        lone = inner[0].lstrip("\t")
        if "\n" not in lone and len(opening) + len(lone) + len(closing) <= WIDEST:
            return opening + lone + closing
        if "\n" in lone and element.tag in HUGGING:
            return opening + lone.replace("\n\t", "\n") + closing
    return "\n".join([opening, *inner, pad + closing])


def _is_inline(element: Element) -> bool:
    """Return True if it holds text, and besides only inline elements with text."""
    has_text = False
    for child in element.children:
        if isinstance(child, str):
            has_text = True
        elif child.tag not in INLINE or not _holds_only_text(child):
            return False
    return has_text


def _holds_only_text(element: Element) -> bool:
    return all(isinstance(child, str) for child in element.children)


def _write_inline(element: Element, trace: bool) -> str:
    parts = []
    for child in element.children:
        if isinstance(child, str):
            parts.append(html.escape(child, quote=False))
        else:
            parts.append(write_element(child, 0, trace=trace))
    return "".join(parts)


def _write_attributes(element: Element, trace: bool) -> str:
    attrs = dict(element.attrs)
    if element.classes:
        attrs = {"class": element.classes, **attrs}
    if trace and element.node:
        attrs = {"id": f"n{element.node}", **attrs}
    return "".join(f' {name}="{html.escape(value)}"' for name, value in attrs.items())
