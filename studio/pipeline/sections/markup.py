"""HTML elements as data, escaped and indented when they are written."""

from __future__ import annotations

import html
from dataclasses import dataclass

from studio.pipeline.html_elements import VOID_ELEMENTS

STEP = "  "
LONGEST_LINE = 110  # characters of an element with inline content that stays on one line
# Elements whose content flows in a line; others begin a line of their own.
INLINE = frozenset(("a", "span", "strong", "em", "small", "svg", "path", "circle", "time", "rect"))


@dataclass(frozen=True, slots=True)
class Raw:
    """Markup of ours that is written as it is."""

    html: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element. A text among its children is escaped."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Element | Raw | str, ...]


Child = Element | Raw | str | None


def make(name: str, /, *children: Child, cls: str = "", **attributes: str | bool | int) -> Element:
    """Return an element; None and "" among the children are left out.

    A trailing underscore in an attribute's name is dropped and others become hyphens; True writes the
    name alone, False nothing.
    """
    pairs: list[tuple[str, str]] = [("class", cls)] if cls else []
    for key, value in attributes.items():
        if value is False:
            continue
        name_of = key.rstrip("_").replace("_", "-")
        pairs.append((name_of, "" if value is True else str(value)))
    kept = tuple(child for child in children if child is not None and child != "")
    return Element(name, tuple(pairs), kept)


def write(element: Child, depth: int = 0) -> str:
    """Return the markup in lines, each with the indentation of its depth."""
    pad = STEP * depth
    if element is None:
        return ""
    if isinstance(element, Raw):
        return "".join(f"{pad}{line}\n" for line in element.html.splitlines())
    if isinstance(element, str):
        return f"{pad}{html.escape(element, quote=False)}\n"
    if element.name in VOID_ELEMENTS:
        return f"{pad}{_open(element)}\n"
    if _is_inline(element.children):
        line = _write_line(element)
        return f"{pad}{line}\n"
    inner = "".join(write(child, depth + 1) for child in element.children)
    return f"{pad}{_open(element)}\n{inner}{pad}</{element.name}>\n"


def _is_inline(children: tuple[Element | Raw | str, ...]) -> bool:
    """Whether the children make one line: a text, or inline elements beside a text."""
    if not children:
        return True
    if all(isinstance(child, str) for child in children):
        return True
    has_text = any(isinstance(child, str) for child in children)
    all_inline = all(_is_inline_child(child) for child in children)
    return all_inline and (has_text or len(children) == 1)


def _is_inline_child(child: Element | Raw | str) -> bool:
    if isinstance(child, Element):
        return child.name in INLINE and _is_inline(child.children)
    return True


def _write_line(element: Element) -> str:
    pieces = []
    for child in element.children:
        if isinstance(child, str):
            pieces.append(html.escape(child, quote=False))
        elif isinstance(child, Raw):
            pieces.append(child.html)
        elif child.name in VOID_ELEMENTS:
            pieces.append(_open(child))
        else:
            pieces.append(_write_line(child))
    return f"{_open(element)}{''.join(pieces)}</{element.name}>"


def _open(element: Element) -> str:
    words = [element.name]
    for key, value in element.attributes:
        empty_allowed = key in ("alt", "content", "value")
        words.append(f'{key}="{html.escape(value)}"' if value or empty_allowed else key)
    return f"<{' '.join(words)}>"
