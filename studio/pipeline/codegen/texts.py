"""Writes text nodes: their look, where they stand in their room, and a width at which their lines
break as they did.
"""

from __future__ import annotations

from itertools import pairwise

from studio.pipeline.codegen.columns import write_offset
from studio.pipeline.codegen.context import Context, build_text_styles
from studio.pipeline.codegen.element import Element, Room
from studio.pipeline.labelling.rules.link_words import find_target
from studio.pipeline.layout.color_classes import is_colorful
from studio.pipeline.layout.font_metrics import text_width
from studio.pipeline.layout.nodes import Align, Node, Style, TextRow, TextRun
from studio.pipeline.layout.paragraphs import measure_space_width
from studio.pipeline.perception.scripts import (
    EAST_ASIAN,
    count_scripts,
    direction_of,
    language_of,
    main_script,
    main_script_of,
)

INLINE_NAMES = {
    "a": "text-link",  # other names than those of blocks: a class of both cannot say what a run inherits
    "strong": "strong",
    "em": "emphasis",
    "code": "code",
    "s": "struck",
    "span": "phrase",
}
NEAR = 2.5  # px: edges this close are meant to be one
FAR = 120.0  # px: a larger offset is a share of the room's width
SAFE = 1.5  # px between a line and the width it must fit in


def build_text_element(node: Node, room: Room, ctx: Context, tag: str, name: str) -> Element:
    """The node as one element that fills its room, its text aligned in it."""
    nudge = ctx.nudge(node)
    styles = build_text_styles(node.style, ctx.base, nudge.size, node.text)
    element = Element(tag, name, styles, attrs=_language_attributes(node.text, ctx), node=node.id)
    element.lines = len(node.lines)
    decoration = _decoration(node.style)
    if decoration or tag == "a":
        element.style["text-decoration"] = decoration or "none"
    element.children = list(
        _build_content(node, tag == "a", _place_text(element, node, room, nudge.shift, nudge.width))
    )
    return element


def _decoration(style: Style) -> str:
    lines = [("underline", style.underline), ("line-through", style.strike)]
    return " ".join(name for name, drawn in lines if drawn)


def _language_attributes(text: str, ctx: Context) -> dict[str, str]:
    """`lang` and `dir` of a text in another script than the page's."""
    if not count_scripts(text):
        return {}
    script = main_script(text)
    if script is main_script_of(ctx.language) or (
        script in EAST_ASIAN and ctx.language[:2] in ("ja", "zh", "ko")
    ):
        return {}
    attrs = {"lang": language_of(text)}
    if direction_of(text) != ctx.direction:
        attrs["dir"] = direction_of(text)
    return attrs


def _place_text(element: Element, node: Node, room: Room, shift: float, more: float) -> set[int]:
    """Sets alignment and width on the element; the lines after which a break has to be forced."""
    align = find_alignment(node, room)
    left = node.box.x - room.left + shift
    if align == "center":
        element.style["text-align"] = "center"
        _shift_center(element, node, room, shift)
    elif align == "right":
        element.style["text-align"] = "right"
    elif abs(left) > NEAR or (shift and abs(left) >= 0.5):
        element.style["margin-left"] = left if left <= FAR else write_offset(left, room.width)
        if left > 48:
            element.small["margin-left"] = 0.0
    indent = node.lines[0].left - min(line.left for line in node.lines)
    if align == "left" and indent > 6:
        element.style["text-indent"] = indent
    free = room.width - (max(left, 0.0) if align == "left" else 0.0)
    if len(node.lines) == 1:
        if node.box.width > free - SAFE and abs(room.width - node.box.width) > 0.01:
            element.style["white-space"] = "nowrap"
            element.small["white-space"] = "normal"
        return set()
    return _set_wrap_width(element, node, free, align, more)


def _shift_center(element: Element, node: Node, room: Room, shift: float) -> None:
    off = node.box.cx - room.centre + shift
    if abs(off) > 1.5:
        side = "padding-left" if off > 0 else "padding-right"
        element.style[side] = abs(2 * off)


def find_alignment(node: Node, room: Room) -> Align:
    """How a text is flush in its room: by its own lines where it has several, else by its place."""
    left, right = node.box.x - room.left, room.right - node.box.right
    if node.marker:
        return "left"
    if len(node.lines) > 1 and node.align != "left":
        return node.align
    if abs(left) <= NEAR:
        return "left"
    if len(node.lines) > 1:
        return "left"
    if abs(right) <= NEAR and left > 8:
        return "right"
    return "center" if abs(left - right) <= max(5.0, 0.012 * room.width) and left > 4 else "left"


def _set_wrap_width(
    element: Element, node: Node, free: float, align: Align, more: float
) -> set[int]:
    low, high, forced = find_wrap_range(node)
    low, high = low + more, high + more
    if not forced:
        element.wrap = (low + SAFE, high - SAFE / 2)
    if not forced and low + SAFE <= free < high - SAFE / 2:
        return forced
    width = _round_between(low + SAFE, high - SAFE / 2) if not forced else low + SAFE
    if width < free:
        element.style["max-width"] = width
        if align == "center":
            element.style["margin-inline"] = "auto"
        elif align == "right":
            element.style["margin-left"] = "auto"
    elif width > free + 1:
        # The room is too narrow for the lines: let them stand out a little rather than break
        # elsewhere.
        element.style["min-width"] = width
        element.small["min-width"] = 0.0
    return forced


def find_wrap_range(node: Node) -> tuple[float, float, set[int]]:
    """Widths between which the lines break where they did, and the breaks that no width explains."""
    indent = max(0.0, node.lines[0].left - min(line.left for line in node.lines))
    widths = [
        line.width + (indent if i == 0 and node.align == "left" else 0.0)
        for i, line in enumerate(node.lines)
    ]
    low = max(widths)
    needs = [
        width + _get_first_word(after) for width, after in zip(widths, node.lines[1:], strict=False)
    ]
    forced = {i for i, need in enumerate(needs) if need <= low + 2 * SAFE}
    open_needs = [need for i, need in enumerate(needs) if i not in forced]
    return low, min(open_needs, default=low + 40), forced


def _get_first_word(line: TextRow) -> float:
    style = line.runs[0].style
    word = line.runs[0].text.split(" ")[0]
    return measure_space_width(style) + text_width(
        word, style.font, style.weight, style.italic, style.size
    )


def _round_between(low: float, high: float) -> float:
    """The roundest number between two; the middle when none is round."""
    for step in (40, 20, 16, 10, 8, 4, 2, 1):
        candidate = -(-low // step) * step
        if candidate <= high:
            return float(candidate)
    return (low + high) / 2


def _build_content(node: Node, linked: bool, forced: set[int]) -> list[Element | str]:
    """The words, joined over soft breaks; runs of another look become links, strong words or spans."""
    out: list[Element | str] = []
    main = node.style
    is_credit = "credits" in node.label.flags
    for i, line in enumerate(node.lines):
        for before, run in pairwise((None, *line.runs)):
            assert run is not None
            if before is not None:
                _add_text(out, " ")
            if _has_same_style(run.style, main):
                _add_text(out, run.text)
            else:
                out.append(_build_inline(run, main, linked, is_credit=is_credit))
        if i < len(node.lines) - 1:
            if i in forced:
                out.append(Element("br", "wide-break", small={"display": "none"}))
            _add_text(out, " ")
    return out


def _add_text(out: list[Element | str], text: str) -> None:
    if out and isinstance(out[-1], str):
        out[-1] += text
    else:
        out.append(text)


def _has_same_style(a: Style, b: Style) -> bool:
    return (a.color, a.weight, a.italic, a.underline, a.strike, a.font, a.size) == (
        b.color,
        b.weight,
        b.italic,
        b.underline,
        b.strike,
        b.font,
        b.size,
    )


def _inline_tag(style: Style, main: Style, is_link: bool) -> str:
    if style.family == "mono" and main.family != "mono":
        return "code"
    if is_link:
        return "a"
    if style.strike and not main.strike:
        return "s"
    if style.weight > main.weight:
        return "strong"
    if style.italic and not main.italic:
        return "em"
    return "span"


def _paint_chip(element: Element, run: TextRun) -> None:
    """The surface right around a word: `code` on grey, a highlighted word."""
    chip, box = run.line.chip, run.line.box
    assert chip is not None
    element.style["background-color"] = chip.fill
    element.style["padding"] = f"0 {max(0.0, (chip.width - box.width) / 2):.0f}px"
    if chip.radius >= 1:
        element.style["border-radius"] = float(round(chip.radius))


def _build_inline(run: TextRun, main: Style, linked: bool, *, is_credit: bool = False) -> Element:
    """Return a run of another look as an element; in a line of credits it is a link."""
    style = build_text_styles(run.style, main)
    del style["line-height"]
    link = not linked and (
        is_credit
        or run.style.underline
        or (is_colorful(run.style.color) and run.style.color != main.color)
    )
    tag = _inline_tag(run.style, main, link)
    element = Element(tag, INLINE_NAMES[tag], style, children=[run.text])
    if run.style.strike and not link:
        element.style["text-decoration"] = "line-through"
    if run.line.chip is not None:
        _paint_chip(element, run)
    if link:
        element.attrs["href"] = find_target(run.text)
        element.style["text-decoration"] = "underline" if run.style.underline else "none"
    return element
