"""Writer of parts as HTML, for the stacks that have no components."""

from __future__ import annotations

import html

from studio.pipeline.html_elements import VOID_ELEMENTS
from studio.pipeline.stacks.parts import ComponentPart, Node


def write_html(node: Node, depth: int) -> str:
    """Return the element with its content, indented by two spaces per level."""
    pad = "  " * depth
    if isinstance(node, str):
        return pad + html.escape(node, quote=False)
    assert isinstance(node, ComponentPart), "pages without components hold neither slots nor uses"
    opening = f"<{node.tag}{write_attributes(node)}>"
    if node.tag in VOID_ELEMENTS:
        return pad + opening
    if any(isinstance(child, str) for child in node.children) or not node.children:
        return (
            f"{pad}{opening}{''.join(write_html(child, 0) for child in node.children)}</{node.tag}>"
        )
    inner = "\n".join(write_html(child, depth + 1) for child in node.children)
    return f"{pad}{opening}\n{inner}\n{pad}</{node.tag}>"


def write_attributes(part: ComponentPart) -> str:
    attrs = dict(part.attrs)
    if part.classes:
        attrs = {"class": " ".join(part.classes), **attrs}
    return "".join(
        f' {name}="{html.escape(str(value))}"' if value else f" {name}"
        for name, value in attrs.items()
    )
