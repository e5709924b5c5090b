"""Names of classes: block and part, as 'feature' and 'feature__title'.

A block is a landmark, a component or a control; everything inside it, up to the next block, is one of
its parts. Texts of one block that are set differently are different parts, called after what they say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from studio.pipeline.codegen.element import Element
from studio.pipeline.layout.words import list_words

# Controls and inline words look the same wherever they stand, so they are blocks of the whole page.
PAGE_WIDE = {
    "button",
    "badge",
    "field",
    "check",
    "radio",
    "switch",
    "icon",
    "rule",
    "divider",
    "strong",
    "emphasis",
    "code",
    "struck",
    "note",
    "wide-break",
}
SIZE_STEP = 1.6  # px by which texts of one part may differ in size: perception is off by half of it
BOLD = 600  # the weight from which text counts as bold
LARGE = 1.15  # times the body's size, from which a text is a lead
SMALL = 0.93  # times the body's size, up to which a text is a remark
LONGEST_NAME = 3  # words of a person's or a thing's name
TITLES = ("title", "subtitle", "heading", "subheading", "caption", "topic")
SPARE = ("text", "note", "meta", "caption", "detail", "hint", "remark", "line", "words")
PATTERNS = (
    (re.compile(r"^[+\-−▲▼↑↓]\s?[\d.,]+\s?%?$"), "change"),
    (re.compile(r"^(from )?[$€£¥]\s?\d[\d.,]*\b.{0,12}$|^\d[\d.,]*\s?[$€£¥]$", re.I), "price"),
    (re.compile(r"^[#№]?\d[\d.,\s]*[%kKmMbB+×x]?\+?$"), "value"),
    (re.compile(r"^\S+@\S+\.\w+$"), "email"),
    (re.compile(r"^[“\"«„]"), "quote"),
    (re.compile(r"^/\s?\w+$|^per \w+$", re.I), "period"),
    (
        re.compile(
            r"^(\w+day, )?(\d{1,2}\.? )?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? ?\d"
            r"|^\d{1,2}\.? (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
            r"|^\d{4}-\d\d-\d\d|^\d+ \w+ ago$",
            re.I,
        ),
        "date",
    ),
    (re.compile(r"^(©|\(c\)|copyright)", re.I), "copyright"),
)


def assign_names(root: Element, size: float, weight: int) -> None:
    """Set every element's name to its class; `size` and `weight` are those of the body's text."""
    blocks: dict[str, list[Element]] = defaultdict(list)
    _collect_parts(root, "page", blocks)
    for block, parts in blocks.items():
        _name_texts(block, parts, size, weight)


def _collect_parts(element: Element, block: str, blocks: dict[str, list[Element]]) -> None:
    """Name everything but texts; texts are collected by block."""
    if element.block:
        block = element.name = element.block
    elif element.name in PAGE_WIDE:
        element.mix = f"{block}__{element.name}"
    elif element.name.startswith("table"):
        pass
    elif element.name in ("title", "text", "label", "link", "item") and _is_text(element):
        blocks[block].append(element)
    elif element.name:
        element.name = f"{block}__{_name_group(element)}"
    for child in element.children:
        if isinstance(child, Element):
            _collect_parts(child, block, blocks)


def _is_text(element: Element) -> bool:
    return any(isinstance(child, str) for child in element.children)


def _name_group(element: Element) -> str:
    """Return what a group is called for what it holds."""
    if element.name not in ("row", "group", "columns"):
        return element.name
    children = [child for child in element.children if isinstance(child, Element)]
    kinds = {child.name for child in children}
    if len(children) > 1 and kinds <= {"button"}:
        return "actions"
    if len(children) > 1 and kinds <= {"badge"}:
        return "tags"
    if len(children) > 1 and kinds <= {"link"}:
        return "links"
    if len(children) > 1 and kinds <= {"icon", "image"}:
        return "icons" if "icon" in kinds else "images"
    if element.name == "group" and "title" in kinds:
        return "body"
    return element.name


def _name_texts(block: str, parts: Sequence[Element], size: float, weight: int) -> None:
    by_kind: dict[str, list[Element]] = defaultdict(list)
    for part in parts:
        by_kind[part.name].append(part)
    taken: set[str] = set()
    for element in by_kind.pop("title", []):
        by_kind[element.tag].append(element)
    headings = sorted(kind for kind in by_kind if re.fullmatch(r"h[1-6]", kind))
    for kind, title in zip(headings, TITLES, strict=False):
        _set_names(block, title, by_kind.pop(kind), taken)
    for kind, elements in by_kind.items():
        if kind != "text":
            _set_names(block, kind, elements, taken)
            continue
        for cluster in _group_by_look(elements, size, weight):
            name = _choose_text_name(cluster, size, weight, taken)
            _set_names(block, name, cluster, taken)


def _set_names(block: str, part: str, elements: Sequence[Element], taken: set[str]) -> None:
    taken.add(part)
    for element in elements:
        element.name = f"{block}__{part}"


def _get_look(element: Element, size: float, weight: int) -> tuple[float, bool]:
    px = element.style.get("font-size", size)
    bold = int(str(element.style.get("font-weight", weight))) >= BOLD
    return (px if isinstance(px, float) else size), bold


def _group_by_look(elements: Sequence[Element], size: float, weight: int) -> list[list[Element]]:
    """Return the texts by size and weight, in the order of the page."""
    groups: list[list[Element]] = []
    for element in elements:
        px, is_bold = _get_look(element, size, weight)
        for group in groups:
            other, is_other_bold = _get_look(group[0], size, weight)
            if abs(other - px) <= SIZE_STEP and is_bold == is_other_bold:
                group.append(element)
                break
        else:
            groups.append([element])
    return groups


def _choose_text_name(cluster: Sequence[Element], size: float, weight: int, taken: set[str]) -> str:
    """Return a free name for texts of one look: after what most of them say, else their rank."""
    texts = [element.text for element in cluster]
    for pattern, name in PATTERNS:
        if name not in taken and sum(bool(pattern.search(t)) for t in texts) > len(texts) / 2:
            return name
    px, is_bold = _get_look(cluster[0], size, weight)
    guesses = []
    if is_bold and max(len(text.split()) for text in texts) <= LONGEST_NAME:
        guesses.append("name")
    if px >= LARGE * size:
        guesses.append("lead")
    if px <= SMALL * size:
        guesses.append("meta")
    words = [word for text in texts for word in list_words(text)]
    return next((name for name in (*guesses, *SPARE, *words) if name not in taken), "more")
