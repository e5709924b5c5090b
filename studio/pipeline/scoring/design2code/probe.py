"""A copy of a page in which every text's color encodes the element it belongs to.

Only HTML goes in and out. These quirks of the reference implementation are kept, because published
numbers have them. Only some tags are colored (text directly in article, main, label … is lost unless
a colored tag is around it). Text of script and style elements in the body counts where its parent is
colored. An untracked tag's own inline color loses its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bs4.element import Tag

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CELLS = ("table", "td", "th")
COLORED = [
    "p",
    *HEADINGS,
    "div",
    "span",
    "a",
    "b",
    "li",
    *CELLS,
    "button",
    "footer",
    "header",
    "figcaption",
]
FIRST, STEP, LAST = 10, 16, 250  # levels of a channel
OFFSET = 50  # by which the second copy's colors are shifted
LEVELS = range(FIRST, LAST + 1, STEP)
# Elements; a further one keeps its own color (the reference implementation fails there).
MOST = len(LEVELS) ** 3


@dataclass(frozen=True, slots=True)
class ProbeText:
    """A text node and the number of the probe color it inherits."""

    text: str
    code: int


@dataclass(frozen=True, slots=True)
class Probe:
    """The colored copy, and its texts with their numbers."""

    html: str
    texts: tuple[ProbeText, ...]


def color_texts(html: str, *, offset: int) -> Probe:
    """Return the colored copy; `offset` shifts every probe color (mod 256), not the numbers."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    for element in soup.find_all(True):
        _restyle(element, "background-color", "rgba(255, 255, 255, 0.0)")
    # From the lightest color down, because a text's color decides which of its edge pixels count.
    codes = {
        id(element): code
        for code, element in zip(reversed(range(MOST)), soup.find_all(COLORED), strict=False)
    }
    for element in soup.find_all(COLORED):
        if id(element) in codes:
            _restyle(element, "color", _color(codes[id(element)], offset))
            _restyle(element, "opacity", "1.0")
    texts = tuple(_color_element_texts(soup.body, None, codes)) if soup.body else ()
    return Probe(str(soup), texts)


def encode_color(code: int, offset: int = 0) -> tuple[int, int, int]:
    levels = (code // len(LEVELS) ** 2, code // len(LEVELS) % len(LEVELS), code % len(LEVELS))
    red, green, blue = ((FIRST + STEP * level + offset) % 256 for level in levels)
    return red, green, blue


def _color(code: int, offset: int) -> str:
    return "#{:02x}{:02x}{:02x}".format(*encode_color(code, offset))


def _restyle(element: Tag, name: str, value: str) -> None:
    """Set one property of the style attribute, above every rule.

    Properties are replaced by prefix, as in the reference implementation.
    """
    kept = [
        part.strip()
        for part in _style(element).split(";")
        if part.strip() and not part.strip().startswith(name)
    ]
    element["style"] = "; ".join([*kept, f"{name}: {value} !important"])


def _color_element_texts(
    element: Tag, inherited: int | None, codes: dict[int, int]
) -> Iterator[ProbeText]:
    from bs4.element import Comment, NavigableString, Tag

    own = codes.get(id(element), _LOST if _has_own_color(element) else inherited)
    for child in element.children:
        if isinstance(child, Tag):
            yield from _color_element_texts(child, own, codes)
        elif isinstance(child, NavigableString) and not isinstance(child, Comment):
            text = child.strip()
            if text and own is not None and own != _LOST:
                yield ProbeText(text, own)


_LOST = -1


def _has_own_color(element: Tag) -> bool:
    """Return True if the element has its own readable inline color.

    Its text is searched for in that color and not found.
    """
    from PIL import ImageColor

    declarations = [
        part
        for part in _style(element).split(";")
        if "color" in part and "background-color" not in part
    ]
    if not declarations:
        return False
    value = declarations[-1].partition(":")[2].strip().removesuffix(" !important")
    if value.startswith("rgb"):
        return value.startswith("rgb(") and all(
            part.strip().isdigit() for part in value[4:-1].split(",")
        )
    try:
        ImageColor.getrgb(value)
    except ValueError:
        return value.startswith("#")
    return True


def _style(element: Tag) -> str:
    value: Any = element.attrs.get("style", "")
    return str(value)
