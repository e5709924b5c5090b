"""Joins the lines of one surface: pieces beside each other to lines, lines below each other to
paragraphs.

Knows baselines, pens and word widths; does not know where the text will stand in the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from studio.pipeline.layout.font_metrics import find_baseline_in_line, measure_bearing, text_width
from studio.pipeline.layout.nodes import Align, Node, Style, TextRow, TextRun, main_style
from studio.pipeline.perception.hints import Box, TextLine, bound_boxes

WORD_GAP = 0.5  # em; a wider gap on one baseline separates two texts
LOOSEST = 1.95  # line pitch over font size; further apart, lines are paragraphs of their own
INDENT = 2.5  # em of first-line indent
CHIP_GAP = (
    1.3  # em between a word on a surface of its own and its neighbors: a space and two paddings
)
MARKER_GAP = 1.8  # em between a bullet and its item
LONE_MARKER = re.compile(r"[•·▪‣◦●○■✓✔]|\d{1,2}[.)]")
PRICE = re.compile(r"[$€£¥₹₽₩]\s?\d[\d.,]*|\d[\d.,]*\s?[$€£¥₹₽₩]")
MARKER = re.compile(r"^([•·▪‣◦●○■✓✔]|\d{1,2}[.)]|[a-zA-Z][.)])\s+(?=\S)")


def make_text_nodes(lines: Sequence[TextLine], obstacles: Sequence[Box], ids: Ids) -> list[Node]:
    """Text nodes of lines that share a surface; `obstacles` are the boxes of whatever else stands
    on it.
    """
    rows = _join_pieces(sorted(lines, key=lambda t: (t.baseline, t.box.x)), obstacles)
    return [_make_text_node(block, ids) for block in _join_lines(rows, obstacles)]


class Ids:
    """Numbers for nodes, the same for the same hints."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        self.last += 1
        return self.last


def get_style(line: TextLine) -> Style:
    return Style(
        line.size,
        line.weight,
        line.family,
        line.font,
        line.color,
        0.0,
        line.italic,
        line.underline,
        line.letter_spacing,
        line.strike,
    )


def measure_run_width(run: TextRun) -> float:
    style = run.style
    natural = text_width(run.text, style.font, style.weight, style.italic, style.size)
    return natural + style.spacing * len(run.text)


def measure_space_width(style: Style) -> float:
    return text_width(" ", style.font, style.weight, style.italic, style.size) + style.spacing


def _make_line(line: TextLine) -> TextRow:
    run = TextRun(line.text, get_style(line), line)
    pen = line.box.x - measure_bearing(line.text, line.font, line.weight, line.italic) * line.size
    return TextRow((run,), pen, measure_run_width(run), line.baseline)


def _join_pieces(lines: list[TextLine], obstacles: Sequence[Box]) -> list[TextRow]:
    """One Line per stretch of text on one baseline whose pieces are a word space apart."""
    out: list[TextRow] = []
    for line in sorted(lines, key=lambda t: t.box.x):
        before = next((i for i, o in enumerate(out) if _continues(o, line, obstacles)), None)
        if before is None:
            out.append(_make_line(line))
        elif LONE_MARKER.fullmatch(out[before].text):
            run = TextRun(f"{out[before].text} {line.text}", get_style(line), line)
            out[before] = replace(out[before], runs=(run,), width=line.box.right - out[before].left)
        else:
            run = TextRun(line.text, get_style(line), line)
            width = line.box.x - out[before].left + measure_run_width(run)
            out[before] = replace(out[before], runs=(*out[before].runs, run), width=width)
    return sorted(out, key=lambda o: (o.baseline, o.left))


def _continues(row: TextRow, line: TextLine, obstacles: Sequence[Box]) -> bool:
    last = row.runs[-1].line
    if abs(last.baseline - line.baseline) > 4:
        return False
    gap = line.box.x - last.box.right
    marker = LONE_MARKER.fullmatch(row.text) is not None
    beside_chip = last.chip is not None or line.chip is not None
    widest = (MARKER_GAP if marker else CHIP_GAP if beside_chip else WORD_GAP) * max(
        last.size, line.size
    )
    if abs(last.baseline - line.baseline) > (4 if marker else 1.6) or not -2 <= gap <= widest:
        return False
    if marker:
        return True
    between = Box(last.box.right - 1, last.box.y, max(gap, 0) + 2, last.box.height)
    return 0.6 < last.size / line.size < 1.67 and not any(
        o.intersection(between) > 0 for o in obstacles
    )


def _bound_ink(lines: Sequence[TextRow]) -> Box:
    return bound_boxes([run.line.box for line in lines for run in line.runs])


def _join_lines(rows: list[TextRow], obstacles: Sequence[Box]) -> list[list[TextRow]]:
    blocks: list[list[TextRow]] = []
    for row in rows:
        home = next((b for b in reversed(blocks) if _follows(b, row, rows, obstacles)), None)
        if home is None:
            blocks.append([row])
        else:
            home.append(row)
    return [part for block in blocks for part in _split_block(block)]


def _have_same_look(a: Style, b: Style) -> bool:
    return (
        a.font == b.font
        and a.weight == b.weight
        and a.italic == b.italic
        and abs(a.size - b.size) <= 0.06 * a.size
    )


def _follows(
    block: list[TextRow], row: TextRow, rows: list[TextRow], obstacles: Sequence[Box]
) -> bool:
    last, style = block[-1], main_style(block[-1].runs)
    pitch = row.baseline - last.baseline
    if not 0.95 * style.size <= pitch <= LOOSEST * style.size:
        return False
    looks = [run.style for run in last.runs]
    if not any(
        _have_same_look(one, run.style) and one.color == run.style.color
        for one in looks
        for run in row.runs
    ):
        return False
    if MARKER.match(row.text):
        return False
    if len(block) > 1 and abs(pitch - (block[-1].baseline - block[-2].baseline)) > 2:
        return False
    return _are_aligned(block, row) and _is_free_between(last, row, rows, obstacles)


def _are_aligned(block: list[TextRow], row: TextRow) -> bool:
    last, size = block[-1], row.runs[0].style.size
    lefts = abs(last.left - row.left) <= 3
    centres = abs(last.left + last.width / 2 - row.left - row.width / 2) <= 2.5
    rights = abs(last.left + last.width - row.left - row.width) <= 2.5
    indented = (
        len(block) == 1 and 0 < last.left - row.left <= INDENT * size and row.width > 10 * size
    )
    hanging = (
        bool(MARKER.match(last.text))
        and len(block) == 1
        and 0 < row.left - last.left <= INDENT * size
    )
    return lefts or centres or rights or indented or hanging


def _is_free_between(
    last: TextRow, row: TextRow, rows: list[TextRow], obstacles: Sequence[Box]
) -> bool:
    """Whether nothing stands between two lines or beside one of them but not the other."""
    a, b = _bound_ink([last]), _bound_ink([row])
    between = Box(
        min(a.x, b.x),
        a.bottom - 1,
        max(a.right, b.right) - min(a.x, b.x),
        max(1.0, b.y - a.bottom + 2),
    )
    if any(o.intersection(between) > 0 for o in obstacles):
        return False
    return not any(
        r is not last and r is not row and _bound_ink([r]).intersection(between) > 0 for r in rows
    )


def _split_block(block: list[TextRow]) -> list[list[TextRow]]:
    """Cuts a block where lines are texts of their own: most breaks are meant, or it reads like a
    list. A line that is a price is one.
    """
    if len(block) < 2:
        return [block]
    widest = max(line.width for line in block)
    hard = [
        _is_meant_break(a, b, widest) or PRICE.fullmatch(b.text.strip()) is not None
        for a, b in zip(block, block[1:], strict=False)
    ]
    if _is_like_list(block) or sum(hard) * 2 > len(hard):
        return [[line] for line in block]
    parts, start = [], 0
    for i, meant in enumerate(hard):
        if meant:
            parts.append(block[start : i + 1])
            start = i + 1
    return [*parts, block[start:]]


def _is_meant_break(line: TextRow, after: TextRow, widest: float) -> bool:
    """Whether the line broke although the next line's first word would have fitted."""
    style = after.runs[0].style
    first = after.runs[0].text.split(" ")[0]
    need = measure_space_width(style) + text_width(
        first, style.font, style.weight, style.italic, style.size
    )
    return line.width + need < widest - max(4.0, 0.3 * style.size)


def _is_like_list(block: list[TextRow]) -> bool:
    style = block[0].runs[0].style
    words = sum(len(line.text.split()) for line in block) / len(block)
    starts = sum(line.text[:1].isupper() or line.text[:1].isdigit() for line in block)
    return len(block) >= 3 and words <= 3.5 and starts == len(block) and style.size <= 22


def _make_text_node(block: list[TextRow], ids: Ids) -> Node:
    block, marker = _strip_marker(block)
    leading = _find_line_height(block)
    block = [
        replace(
            line, runs=tuple(replace(r, style=replace(r.style, leading=leading)) for r in line.runs)
        )
        for line in block
    ]
    style = main_style([run for line in block for run in line.runs])
    drop = find_baseline_in_line(leading, style.size, style.font, style.weight, style.italic)
    left = min(line.left for line in block)
    right = max(line.left + line.width for line in block)
    box = Box(left, block[0].baseline - drop, right - left, leading * len(block))
    return Node(
        ids.next(),
        "text",
        box,
        _bound_ink(block),
        lines=tuple(block),
        align=_find_alignment(block),
        marker=marker,
    )


def _strip_marker(block: list[TextRow]) -> tuple[list[TextRow], str]:
    first = block[0]
    match = MARKER.match(first.runs[0].text)
    if not match or (len(match[1]) > 1 and not match[1][0].isdigit()):
        return block, ""
    run = first.runs[0]
    style, cut = run.style, match.end()
    shift = text_width(run.text[:cut], style.font, style.weight, style.italic, style.size)
    rest = replace(run, text=run.text[cut:])
    ink = run.line.box
    left = first.left + shift
    if run.line.text == rest.text:  # the marker was a line of its own
        left = ink.x
    elif len(first.runs) == 1:
        # The marker's own width is the browser's, not the font's: what is sure is where the line
        # ends.
        left = max(left, ink.right - measure_run_width(rest))
    return [
        replace(first, runs=(rest, *first.runs[1:]), left=left, width=first.width - shift),
        *block[1:],
    ], match[1]


def restore_marker(item: Node) -> Node:
    """Return a line whose number was taken for a list's marker with the number as its first word."""
    line = item.lines[0]
    run = line.runs[0]
    style = run.style
    words = f"{item.marker} "
    shift = text_width(words, style.font, style.weight, style.italic, style.size)
    whole = replace(
        line,
        runs=(replace(run, text=words + run.text), *line.runs[1:]),
        left=line.left - shift,
        width=line.width + shift,
    )
    box = Box(item.box.x - shift, item.box.y, item.box.width + shift, item.box.height)
    return replace(item, lines=(whole, *item.lines[1:]), box=box, marker="")


def _find_line_height(block: list[TextRow]) -> float:
    """The line height: the measured pitch, or what suits a single line of its size."""
    size = main_style([run for line in block for run in line.runs]).size
    if len(block) > 1:
        pitch = (block[-1].baseline - block[0].baseline) / (len(block) - 1)
        return round(pitch * 4) / 4 if abs(pitch - round(pitch)) > 0.2 else round(pitch)
    return round(size * (1.2 if size >= 24 else 1.3))


def _find_alignment(block: list[TextRow]) -> Align:
    """How the lines of a paragraph are flush; a single line says nothing and is left."""
    if len(block) < 2:
        return "left"
    lefts = [line.left for line in block]
    rights = [line.left + line.width for line in block]
    centres = [line.left + line.width / 2 for line in block]
    spread = {
        "left": _measure_spread(lefts[1:] or lefts, lefts),
        "center": _measure_spread(centres, centres),
        "right": _measure_spread(rights, rights),
    }
    if spread["left"] <= 3:
        return "left"
    return (
        "center"
        if spread["center"] <= spread["right"] and spread["center"] <= 4
        else "right"
        if spread["right"] <= 4
        else "left"
    )


def _measure_spread(values: list[float], everything: list[float]) -> float:
    middle = median(values)
    return max(abs(v - middle) for v in everything)
