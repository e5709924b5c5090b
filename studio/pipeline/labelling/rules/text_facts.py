"""What a page's texts have in common: the body size and color, and the levels of heading looks."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from studio.pipeline.layout.color_classes import is_colorful, is_state_color
from studio.pipeline.layout.nodes import Node, Style

# A count or an amount, with its currency before or after it and what it is paid for. A recognizer reads
# a sign that it does not know as a capital ("N2,450,000"): one before groups of three digits, or before
# thousands and millions ("N900K"), is a sign.
NUMBER = re.compile(
    r"^(?:US\$|R\$|[$€£¥₹₽₩₺₴₦₱₫₪฿#+\-]|Rs\.?|Rp\.?"
    r"|[A-Z](?=\d{1,3}(?:,\d{3})+\b|\d[\d.]*[KM]$))?\s?\d[\d.,\s]*\s?"
    r"(?:[%kKmMbB×x]|[$€£¥₹₽₩₺₴]|zł|kr\.?|руб\.?|грн\.?|元|円|원)?\+?"
    r"(?:\s?/\s?\w{1,6}\.?)?$"
)
BOLD = 600  # the weight from which text counts as bold
HEADING = 1.17  # times the body size, from which a text is a heading
BOLD_HEADING = 1.08  # times the body size, from which a bold text is a heading
LEAST_HEADING = 15.0  # px
ACCENTED = 1.5  # times the body size, from which a colored text is a title in the page's accent
SHORTEST_TITLE = 2  # characters; shorter ones may be icons
SAME = 0.94  # times a heading's size, from which another of its weight is its equal
DEEPEST = 6  # heading level
LONGEST = 110  # characters in a heading
LEAD = 1.6  # times the body size, up to which a long sentence is a lead paragraph
LEAD_WORDS = 8  # words from which a sentence is long
# "Address:" and "Phone no:" stand before their values.
TERM = re.compile(r"^\S+(?: \S+)? ?[:：]$")
LARGEST_TERM = 24.0  # px
DATED = re.compile(r"^\d{1,4}([-/.])\d{1,2}\1\d{2,4}\b")  # a date, and what may follow it
# What a change or a state begins with: "+15 payments", "3 tenants past due".
COUNTED = re.compile(r"^[+\-−–▲▼↑↓]?\s?[A-Z]?[$€£¥₦₹₱]?\d[\d.,]*%?\s+\S")
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DATE = re.compile(rf"^(?:{MONTH} \d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)? {MONTH}),? ?\d{{4}}$", re.I)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Facts about a page that labels of single nodes depend on."""

    width: float
    height: float
    body: float  # font size of most text
    ink: str  # color of most text
    levels: dict[tuple[float, bool], int]  # (size, bold) → heading level
    accents: frozenset[str] = frozenset()  # colors of the page's titles: they say no link


def collect_page_facts(page: Node) -> PageFacts:
    texts = [node for node in page.walk() if node.flow == "text"]
    sizes: dict[float, float] = defaultdict(float)
    inks: dict[str, float] = defaultdict(float)
    for node in texts:
        weight = float(len(node.text)) * (2.0 if len(node.lines) > 1 else 1.0)
        sizes[node.style.size] += weight
        inks[node.style.color] += weight
    body = _find_body_size(sizes)
    ink = max(inks, key=lambda c: (inks[c], c), default="#000000")
    looks = {(n.style.size, n.style.weight >= BOLD) for n in texts if may_be_heading(n, body)}
    levels = _rank_looks(sorted(looks, reverse=True))
    accents = frozenset(
        node.style.color
        for node in texts
        if node.style.size >= ACCENTED * body and len(node.text) > SHORTEST_TITLE
    )
    return PageFacts(page.box.width, page.box.height, body, ink, levels, accents)


def _rank_looks(looks: list[tuple[float, bool]]) -> dict[tuple[float, bool], int]:
    """Return a heading level for each look; sizes that were measured a little differently are one."""
    firsts: list[tuple[float, bool]] = []
    levels: dict[tuple[float, bool], int] = {}
    for size, is_bold in looks:
        same = [i for i, (first, b) in enumerate(firsts) if b == is_bold and size >= SAME * first]
        if not same:
            firsts.append((size, is_bold))
        levels[size, is_bold] = min((same[0] if same else len(firsts) - 1) + 1, DEEPEST)
    return levels


def _find_body_size(sizes: dict[float, float]) -> float:
    """Return the size of most characters, between 11 and 22 px if any is."""
    usual = {size: count for size, count in sizes.items() if 11 <= size <= 22} or sizes
    return max(usual, key=lambda size: (usual[size], -size), default=16.0)


def may_be_heading(node: Node, body: float) -> bool:
    """Return True if a text stands out as headings do: larger, or bold and not smaller."""
    style = node.style
    if NUMBER.match(node.text) or len(node.text) < SHORTEST_TITLE:
        return False  # an amount or a count, however large, or an icon that was read as a letter
    if len(node.text) > LONGEST or len(node.lines) > 3 or not any(c.isalpha() for c in node.text):
        return False
    is_long = len(node.text.split()) >= LEAD_WORDS
    is_sentence = node.text.rstrip().endswith((".", "!", "?"))
    if style.size < LEAD * body and is_long and is_sentence:
        return False  # a lead paragraph: whole sentences, a little larger than the rest
    if style.size < LARGEST_TERM and (TERM.match(node.text) or DATED.match(node.text)):
        return False
    if style.size < LEAST_HEADING:
        return False
    is_bold = style.weight >= BOLD and style.size >= body * BOLD_HEADING
    return is_bold or style.size >= HEADING * body


def is_link(style: Style, facts: PageFacts) -> bool:
    """Return True for underlined or colored words; colors in code mean something else."""
    if style.family == "mono" and not style.underline:
        return False
    is_plain = style.color == facts.ink or style.color in facts.accents
    return style.underline or (is_colorful(style.color) and not is_plain)


def states_a_fact(text: str, color: str) -> bool:
    """Return True for words whose color says no link: a date, or a change or a state in red or green."""
    return bool(DATE.match(text)) or (is_state_color(color) and bool(COUNTED.match(text)))
