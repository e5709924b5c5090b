"""Elements before they are written as HTML: a tag, a class name and styles.

Numbers in styles are px until they are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

Value = float | str  # a number is a length in px
Styles = dict[str, Value]
ONE_COLUMN = "minmax(0, 1fr)"  # a grid's columns where all children stand below each other


@dataclass
class Element:
    """An element to be written."""

    tag: str
    name: str = ""  # the part it is of its block, such as 'title'
    style: Styles = field(default_factory=dict)
    small: Styles = field(default_factory=dict)  # on narrow screens
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)
    inner: dict[str, Styles] = field(default_factory=dict)  # of elements inside, by selector
    lines: int = 1  # of text
    wrap: tuple[float, float] | None = None  # px between which a width breaks its lines rightly
    block: str = ""  # the block that it begins, such as 'card'; most begin none
    mix: str = ""  # what the block around it calls a control, such as 'hero__button'
    own: str = ""  # what only this instance of its block is called, such as 'pricing' of a section
    node: int = 0
    classes: str = ""

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    @property
    def text(self) -> str:
        """Return the words inside, separated by spaces."""
        words = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join(word.strip() for word in words if word.strip())


@dataclass(frozen=True, slots=True)
class Room:
    """The horizontal space that a parent gives a child, in the mockup's px."""

    left: float
    right: float
    own: bool = False  # the child's own width: the parent is a line, a cell or a stack, no column

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Nudge:
    """A fit's corrections of one node, in px and factors; the defaults are neutral."""

    before: float = 0.0  # more space above
    shift: float = 0.0  # more space on its left
    size: float = 1.0  # font size factor
    width: float = 0.0  # more room for its lines
    after: float = 0.0  # more space below its content


def is_row(element: Element) -> bool:
    """Return True if the element's children stand side by side."""
    display = element.style.get("display")
    columns = element.style.get("grid-template-columns", ONE_COLUMN)
    return display == "flex" or element.tag == "tr" or (display == "grid" and columns != ONE_COLUMN)
