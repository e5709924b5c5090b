"""Footers: the last band of a page, or the last part of its last section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.menus import gather_footer_menus, is_entry
from studio.pipeline.layout.color_classes import compute_luminance
from studio.pipeline.layout.nodes import Node, make_group_id
from studio.pipeline.perception.hints import bound_boxes

TALLEST = 420.0  # px, of a footer of small texts
LOWEST = 120.0  # px up to which small texts alone tell a footer
MOSTLY = 0.5  # share of short words in a taller one
TALLEST_SIGNED = 640.0  # px, of one that says whose the page is, or that holds many links
LARGEST = 24.0  # px; larger text is a section's
LINE = 60.0  # px; the tallest text that is a footer by itself
CLOSING = 100.0  # px; the tallest band of a footer's last line
NEAR = 140.0  # px between a footer and the page's end
LOW = 0.4  # share of the page's height below which a footer begins
ACROSS = 0.9  # share of the page's width that a footer with large text fills
ENTRIES = 8  # short words from which large text does not matter: columns of links
FEWEST = 3  # short words, or one line that signs, of a footer inside a section
NEWSLETTER = 2  # boxes of words: its field and its button; more are a form to write to somebody
DARK = 0.2  # luminance up to which a ground is dark
WIDE_RULE = 0.7  # share of a section's width from which a rule closes it
SIGNED = re.compile(
    r"©|\(c\) ?\d|copyright|all rights|derechos reservados|rechte vorbehalten|droits réservés", re.I
)

# What stands before the name of who made the page.
MADE_BY = re.compile(
    r"\b(?:designed|made|built|developed|created|powered|theme|template|design|distributed)"
    r" (?:& developed )?(?:with .{0,3} ?)?by\b"
    r"|\b(?:diseñado|desarrollado) por|\b(?:erstellt|gestaltet) von|\bréalisé par|\bfeito por|\brealizzato da",
    re.I,
)
LONGEST_NAME = 4  # words of who made it


def label_footer(bands: Sequence[Node], page: Node) -> list[Node]:
    """Return the page's bands with its footer labelled, wherever it begins."""
    places = [i for i, band in enumerate(bands) if band.flow not in ("rule", "shape")]
    if not places:
        return list(bands)
    last = places[-1]
    before = list(bands[:last])
    if last and is_footer(bands[last], page):
        start = _find_start(bands, places, page)
        return [*bands[:start], make_footer(bands[start : last + 1]), *bands[last + 1 :]]
    return [*before, *_part_section(bands[last], page), *bands[last + 1 :]]


def is_footer(node: Node, page: Node) -> bool:
    """Return True for a band of small texts at the page's end, or a larger one that is signed."""
    if page.box.bottom - node.ink.bottom > NEAR or node.box.y <= LOW * page.box.height:
        return False
    texts = _list_texts(node)
    if not texts:
        return False
    if node.flow == "text" and (node.box.height > LINE or node.label.role == "heading"):
        return False
    if any(n.flow == "table" for n in node.walk()):
        return False
    has_field = any(n.label.role == "field" for n in node.walk())
    if max(text.style.size for text in texts) <= LARGEST and not has_field:
        are_words = sum(is_entry(text) for text in texts) >= MOSTLY * len(texts)
        is_low = node.box.height <= LOWEST or are_words or _is_signed(texts)
        return node.box.height <= TALLEST and is_low
    if node.box.width < ACROSS * page.box.width or node.box.height > TALLEST_SIGNED:
        return False
    return _is_signed(texts) or sum(is_entry(text) for text in texts) >= ENTRIES


def make_footer(parts: Sequence[Node]) -> Node:
    """Return the bands as one footer with its words as links."""
    if len(parts) == 1 and parts[0].children and parts[0].label.tag in ("div", "section"):
        footer = parts[0]
    else:
        box = bound_boxes([part.box for part in parts])
        footer = Node(make_group_id(parts[0]), "column", box, box, tuple(parts))
    flags = frozenset({"wide"}) if footer.label.role in ("cards", "columns") else frozenset()
    label = replace(footer.label, tag="footer", role="footer", flags=flags)  # type: ignore[arg-type]
    return gather_footer_menus(_link_credits(replace(footer, label=label)))


def _link_credits(node: Node) -> Node:
    """Return the footer with the names in its lines of rights and credits as links.

    Names that are set apart inside a line are links by its flag.
    """
    if node.flow == "text":
        return node.flagged("credits") if _is_credit(node) else node
    children = [_link_credits(child) for child in node.children]
    if node.flow == "row":
        for i, (line, name) in enumerate(zip(children, children[1:], strict=False)):
            if line.flow == "text" and _is_credit(line) and _is_name_beside(line, name):
                children[i + 1] = name.labelled("a", "link")
    return replace(node, children=tuple(children))


def _is_credit(text: Node) -> bool:
    return bool(SIGNED.search(text.text) or MADE_BY.search(text.text))


def _is_name_beside(line: Node, name: Node) -> bool:
    """Return True for a short text of another look right after the line."""
    if name.flow != "text" or len(name.text.split()) > LONGEST_NAME:
        return False
    is_near = name.box.x - line.box.right <= line.style.size
    one, other = line.style, name.style
    is_set_apart = (one.color, one.weight, one.underline) != (
        other.color,
        other.weight,
        other.underline,
    )
    return is_near and is_set_apart


def _find_start(bands: Sequence[Node], places: Sequence[int], page: Node) -> int:
    """Return where the footer begins: a band right above the line that signs may belong to it."""
    start = places[-1]
    if len(places) < 3:
        return start
    above = places[-2]
    closing = bands[start]
    is_last = closing.flow == "text" or closing.box.height <= CLOSING
    return above if is_last and _opens_footer(bands[above], closing, page) else start


def _opens_footer(band: Node, closing: Node, page: Node) -> bool:
    """Return True for a band that belongs to the footer whose last line is `closing`: columns of links,
    a few words on the same ground, or small texts on a dark ground of a light page.
    """
    texts = _list_texts(band)
    if not texts or band.box.y <= LOW * page.box.height:
        return False
    entries = sum(is_entry(text) for text in texts)
    boxes = sum(_is_box_of_words(node) for node in band.walk())
    if entries >= ENTRIES and band.box.height <= TALLEST_SIGNED and boxes <= NEWSLETTER:
        return True
    is_small = max(text.style.size for text in texts) <= LARGEST
    roles = {node.label.role for node in band.walk()}
    if not is_small or band.box.height > TALLEST or roles & {"field", "button"}:
        return False
    if _is_dark(band) and not _is_dark(page):
        return True
    is_one = _get_fill(band) == _get_fill(closing)
    return is_one and entries >= FEWEST and "heading" not in roles


def _is_box_of_words(node: Node) -> bool:
    """Return True for a field, a button, or a box that may be one."""
    return node.surface is not None and sum(inner.flow == "text" for inner in node.walk()) == 1


def _get_fill(node: Node) -> str | None:
    return node.surface.fill if node.surface is not None else None


def _is_dark(node: Node) -> bool:
    fill = _get_fill(node)
    return fill is not None and compute_luminance(fill) <= DARK


def _part_section(section: Node, page: Node) -> list[Node]:
    """Return the last section, and the footer that is its last part."""
    if section.flow != "column" or page.box.bottom - section.ink.bottom > NEAR:
        return [section]
    place = _find_foot(section, page)
    if place is None:
        return [section]
    parts = section.children[place:]
    above = section.children[:place]
    if section.surface is not None:
        return [replace(section, children=(*above, make_footer(parts)))]
    box = bound_boxes([child.box for child in above])
    ink = bound_boxes([child.ink for child in above])
    return [replace(section, children=above, box=box, ink=ink), make_footer(parts)]


def _find_foot(section: Node, page: Node) -> int | None:
    """Return the place of the section's part that closes the page: what follows the last wide rule,
    or the last child.
    """
    rules = [
        i
        for i, child in enumerate(section.children)
        if child.flow == "rule" and child.box.width >= WIDE_RULE * section.box.width
    ]
    places = [rules[-1] + 1] if rules else []
    for place in [*places, len(section.children) - 1]:
        parts = section.children[place:]
        if place < 1 or not parts:
            continue
        box = bound_boxes([part.box for part in parts])
        texts = [text for part in parts for text in _list_texts(part)]
        if not texts or box.y <= LOW * page.box.height or box.height > TALLEST:
            continue
        is_small = max(text.style.size for text in texts) <= LARGEST
        are_links = sum(is_entry(text) for text in texts) >= FEWEST and place in places
        if is_small and (_is_signed(texts) or are_links):
            return place
    return None


def _list_texts(node: Node) -> list[Node]:
    return [n for n in node.walk() if n.flow == "text"]


def _is_signed(texts: Sequence[Node]) -> bool:
    return any(SIGNED.search(text.text) for text in texts)
