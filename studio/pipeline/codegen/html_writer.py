"""Writes elements as HTML, indented by tabs; what fits on a line stands on one.

Tabs, for runs of spaces look like a stuck model: Design2Code cuts a page where five stretches of
100 characters of text are nearly alike, and deep indentation by spaces is enough for that.
"""

from __future__ import annotations

import html

from studio.pipeline.codegen.element import Element
from studio.pipeline.html_elements import VOID_ELEMENTS

INLINE = {"a", "span", "strong", "em", "code", "s", "br"}
HUGGING = {"li", "td", "th"}  # a lone child opens on their line and closes on theirs
WIDEST = 110
VALUED = {"alt", "value", "placeholder"}  # attributes that are written also when they are empty


def write_element(element: Element, depth: int, *, trace: bool) -> str:
    pad = "\t" * depth
    opening = f"{pad}<{element.tag}{_write_attributes(element, trace)}>"
    if element.tag in VOID_ELEMENTS:
        return opening
    closing = f"</{element.tag}>"
    if not element.children:
        return opening + closing
    if all(
        isinstance(c, str) or (c.tag in INLINE and _write_on_one_line(c)) for c in element.children
    ) and any(isinstance(c, str) for c in element.children):
        return opening + _is_inline(element, trace) + closing
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


def _write_on_one_line(element: Element) -> bool:
    return all(isinstance(child, str) for child in element.children)


def _is_inline(element: Element, trace: bool) -> str:
    return "".join(
        html.escape(c, quote=False) if isinstance(c, str) else write_element(c, 0, trace=trace)
        for c in element.children
    )


def _write_attributes(element: Element, trace: bool) -> str:
    attrs = dict(element.attrs)
    if element.classes:
        attrs = {"class": element.classes, **attrs}
    if trace and element.node:
        attrs = {**attrs, "id": f"n{element.node}"}
    return "".join(
        f' {name}="{html.escape(value)}"' if value or name in VALUED else f" {name}"
        for name, value in attrs.items()
    )
