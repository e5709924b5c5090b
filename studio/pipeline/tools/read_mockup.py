"""The tool `read_mockup`: what is in a mockup, with exact numbers in an area."""

from __future__ import annotations

from typing import Any

from studio.pipeline.perception.hints import Box, Hints, Picture, Rect, TextLine
from studio.pipeline.prompting.page_prompt import write_hint_lines
from studio.pipeline.tools.areas import cut_area, encode_png, select_hints
from studio.pipeline.tools.fences import fence
from studio.pipeline.tools.inputs import ReadMockupInput
from studio.pipeline.tools.results import ToolPicture, ToolResult
from studio.pipeline.tools.workbench import Workbench

LEGEND = """Lines: T id x y width height size weight family colour "text";
B id x y width height fill, r = radius, bd = border; I id x y width height kind path."""
EXACT_LEGEND = "Exact numbers in CSS px, from the page's top left corner."


def read_mockup(bench: Workbench, given: ReadMockupInput) -> ToolResult:
    """Return texts, boxes, pictures, palette and sections, or what one area holds."""
    sight = bench.see_mockup(given.mockup, given.width)
    hints = sight.hints
    head = f"The mockup is {hints.width} × {hints.height} CSS px, read at {hints.scale:g} pixels a CSS px"
    head += f" ({hints.scale_reason})." if hints.scale_reason else "."
    notes = " ".join(hints.notes)
    if given.area is None:
        lines = [*write_hint_lines(hints), *_write_section_lines(hints)]
        body = "\n".join([LEGEND, fence("\n".join(lines))])
    else:
        lines = write_exact_lines(select_hints(hints, given.area.box))
        body = "\n".join([EXACT_LEGEND, fence("\n".join(lines) or "nothing recognized")])
    text = "\n".join(part for part in (head, notes, body) if part)
    pictures: tuple[ToolPicture, ...] = ()
    if given.picture:
        area = given.area.box if given.area else Box(0, 0, hints.width, hints.height)
        shown = encode_png(cut_area(sight.mockup, area, hints.width))
        pictures = (ToolPicture("the mockup" if given.area is None else "the area", shown),)
    data = {"width": hints.width, "height": hints.height, "scale": hints.scale}
    return ToolResult(text, data, pictures)


def write_exact_lines(hints: Hints) -> list[str]:
    """Return one line per item with numbers to a tenth of a pixel, from top to bottom."""
    items: list[Rect | Picture | TextLine] = [*hints.rects, *hints.pictures, *hints.texts]
    items.sort(key=lambda item: (item.box.y, item.box.x))
    return [_write_exact_line(item) for item in items]


def _write_exact_line(item: Rect | Picture | TextLine) -> str:
    where = describe_box(item.box)
    if isinstance(item, TextLine):
        style = f"{item.size:.1f}px/{item.weight} {item.font} ({item.family}) {item.color}"
        spacing = f" letter-spacing {item.letter_spacing:.2f}px" if item.letter_spacing else ""
        marks = "".join(f" {name}" for name in ("italic", "underline") if getattr(item, name))
        words = " ".join(item.text.split())
        return (
            f"T{item.id} {where} {style}{spacing}{marks} baseline y={item.baseline:.1f} on "
            f'{item.background} "{words}"'
        )
    if isinstance(item, Picture):
        return f"I{item.id} {where} {item.kind} {item.asset}"
    return f"B{item.id} {where} {' '.join(_list_paints(item))}"


def _list_paints(rect: Rect) -> list[str]:
    paints = [f"fill {rect.fill or 'none'}"]
    if rect.gradient:
        where = f"{rect.gradient_angle:.0f}deg"
        if rect.gradient_shape != "linear":
            x, y = rect.gradient_center
            where = f"{rect.gradient_shape} at {x:.0f}% {y:.0f}%"
        paints.append(f"gradient {where} {' to '.join(rect.gradient)}")
    if rect.radius:
        paints.append(f"radius {rect.radius:.1f}px")
    if rect.border:
        border = rect.border
        paints.append(f"border {border.width:.1f}px {border.color} sides {border.sides}")
    if rect.shadow:
        shadow = rect.shadow
        paints.append(
            f"shadow {shadow.dx:.0f}px {shadow.dy:.0f}px {shadow.blur:.0f}px {shadow.color} "
            f"at {shadow.opacity:.2f}"
        )
    return paints


def describe_box(box: Box) -> str:
    """Return 'x=32 y=110.5 w=340 h=28' with at most one decimal."""
    sides: dict[str, float] = {"x": box.x, "y": box.y, "w": box.width, "h": box.height}
    return " ".join(f"{name}={round(value, 1):g}" for name, value in sides.items())


def _write_section_lines(hints: Hints) -> list[str]:
    sections: list[Any] = list(hints.sections)
    return [
        f"section {number} y={section.top:.0f} to {section.bottom:.0f}"
        for number, section in enumerate(sections, 1)
    ]
