"""The layout tree's types: frozen nodes with structure, text, sizes and colors, and their labels.

A label (tag, role, flags) is plain data, so that rules or a model can set it. Code generation reads
nothing else to decide which code to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from studio.pipeline.perception.hints import (
    Border,
    Box,
    Family,
    GradientShape,
    Picture,
    Shadow,
    TextLine,
)
from studio.pipeline.perception.scripts import Direction

Flow = Literal["text", "picture", "rule", "shape", "column", "row", "grid", "table", "stack"]
Align = Literal["left", "center", "right"]
Tag = Literal[
    "div",
    "header",
    "nav",
    "main",
    "section",
    "article",
    "aside",
    "footer",
    "form",
    "fieldset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "a",
    "span",
    "button",
    "input",
    "textarea",
    "select",
    "label",
    "hr",
    "img",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "tr",
    "th",
    "td",
]
Role = Literal[
    "page",
    "header",
    "footer",
    "hero",
    "section",
    "main",
    "sidebar",
    "nav",
    "list",
    "item",
    "card",
    "cards",
    "form",
    "field",
    "choice",
    "button",
    "badge",
    "link",
    "heading",
    "text",
    "picture",
    "icon",
    "rule",
    "shape",
    "group",
    "row",
    "columns",
    "column",
    "table",
    "panel",
    "stack",
    "quote",
]
Flag = Literal[
    "repeat",
    "primary",
    "bullet",
    "number",
    "bold",
    "clickable",
    "credits",
    "discloses",
    "trail",
    "large",
    "small",
    "wide",
    "folds",
    "bar",
]


NESTED = 1_000_000  # between the ids of groups that begin with one part; a page has fewer nodes


@dataclass(frozen=True, slots=True)
class Label:
    """What a node is."""

    tag: Tag = "div"
    role: Role = "group"
    flags: frozenset[Flag] = frozenset()
    name: str = ""  # what an author would call it: 'feature', 'features'; most have none


@dataclass(frozen=True, slots=True)
class Surface:
    """What is painted behind a node's children."""

    fill: str | None = None
    border: Border | None = None
    radius: float = 0.0
    shadow: Shadow | None = None
    gradient: tuple[str, str] | None = None
    picture: Picture | None = None
    gradient_angle: float = 180.0  # CSS degrees
    gradient_shape: GradientShape = "linear"
    gradient_center: tuple[float, float] = (50.0, 50.0)  # of a radial one, in percent


@dataclass(frozen=True, slots=True)
class Style:
    """A text's look; `leading` is its line height in px."""

    size: float
    weight: int
    family: Family
    font: str
    color: str
    leading: float
    italic: bool = False
    underline: bool = False
    spacing: float = 0.0
    strike: bool = False


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of one line in one style.

    A line is one run unless a link or a bold word is in it.
    """

    text: str
    style: Style
    line: TextLine


def main_style(runs: Sequence[TextRun]) -> Style:
    """The look that sets most letters, of those without a line through or under them if there are any.

    CSS draws an element's text decoration through all that is in it, so what is drawn for some
    words only cannot be the look of the whole.
    """
    letters: dict[Style, int] = {}
    for run in runs:
        letters[run.style] = letters.get(run.style, 0) + len(run.text)
    plain = [style for style in letters if not (style.strike or style.underline)]
    return max(plain or letters, key=lambda style: letters[style])


@dataclass(frozen=True, slots=True)
class TextRow:
    """One line of a text node."""

    runs: tuple[TextRun, ...]
    left: float  # where the pen starts, not the ink
    width: float  # the advance in the matched font
    baseline: float
    hard: bool = False  # an intended line break: the next word would have fitted

    @property
    def text(self) -> str:
        return " ".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Node:
    """One element to be written.

    `box` is its outer CSS box (a text's is made of line boxes); `ink` is what can be seen.
    """

    id: int
    flow: Flow
    box: Box
    ink: Box
    children: tuple[Node, ...] = ()
    surface: Surface | None = None
    lines: tuple[TextRow, ...] = ()
    align: Align = "left"
    marker: str = ""  # '•' or '1.' in front of a list item's text
    picture: Picture | None = None
    columns: int = 0  # of a grid or table
    spans: tuple[int, int] = (1, 1)  # columns and rows that a table cell covers
    tracks: tuple[tuple[float, float], ...] = ()  # each column's left and right (row, grid, table)
    label: Label = field(default_factory=Label)
    direction: Direction = (
        "ltr"  # of the page's root: "rtl" where the tree is the page's mirror image
    )

    @property
    def style(self) -> Style:
        """The look of most of its letters; of the first, where two set as many."""
        return main_style([run for line in self.lines for run in line.runs])

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    def walk(self) -> Iterator[Node]:
        """Yield this node and everything below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def flagged(self, flag: Flag) -> Node:
        return replace(self, label=replace(self.label, flags=self.label.flags | {flag}))

    def labelled(self, tag: Tag, role: Role, *flags: Flag) -> Node:
        return replace(self, label=Label(tag, role, frozenset(flags)))


def is_text(node: Node) -> bool:
    return node.flow == "text"


def make_group_id(first: Node) -> int:
    """Return the id of a group that labelling makes, from the id of its first part."""
    return -first.id if first.id > 0 else first.id - NESTED
