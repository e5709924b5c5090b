"""Names of components and sections, from what is in them and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.text_facts import NUMBER
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.words import make_slug

PRICE = re.compile(r"[$€£¥]\s?\d|\d\s?[$€£]")
PLAN = re.compile(
    r"/\s?(mo|month|yr|year|user|seat)|per (month|year|user|seat)|^(free|basic|starter|standard|plus|pro"
    r"|professional|premium|business|team|enterprise|ultimate|hobby)( plan)?$",
    re.I,
)
QUOTE = re.compile(r"^[“\"«„]|[”\"»]$")
DATE = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? ?\d|\b\d{4}-\d\d-\d\d|\bago$",
    re.I,
)
AVATAR = 100.0  # px; a larger picture is not a portrait beside a name
PHOTO = 120.0  # px from which a picture is what a card is about
FEW = 4  # leaves of a statistic or a person
# Other names for components that are called alike but built differently.
SYNONYMS = {
    "card": ("tile", "panel", "box"),
    "feature": ("benefit", "point", "highlight"),
    "item": ("entry", "line", "record"),
    "column": ("block", "part", "segment"),
    "menu": ("links", "directory"),
    "post": ("article", "story"),
    "person": ("profile", "contact"),
    "stat": ("figure", "metric"),
}
IRREGULAR = {"person": "people", "links": "link-groups", "series": "series"}


def make_plural(name: str) -> str:
    """Return what a container of components is called."""
    if name in IRREGULAR:
        return IRREGULAR[name]
    if name.endswith(("s", "x", "ch", "sh")):
        return f"{name}es"
    return f"{name[:-1]}ies" if re.search(r"[^aeiou]y$", name) else f"{name}s"


def name_component(instances: Sequence[Node], pivot: Node, parent: Node, taken: set[str]) -> str:
    """Return a free name for the instances of a component; `pivot` is the fullest of them."""
    kind = _guess_kind(instances, pivot, parent)
    words = make_slug(" ".join(_list_headings(parent)), 1)
    candidates = [kind, *SYNONYMS.get(kind, ()), *([f"{words}-{kind}"] if words else [])]
    slug = make_slug(" ".join(leaf.text for leaf in pivot.walk()), 3)
    candidates += [f"{word}-{kind}" for word in slug.split("-") if word]
    name = next((name for name in candidates if name not in taken), f"other-{kind}")
    while name in taken:
        name = f"other-{name}"
    return name


def _guess_kind(instances: Sequence[Node], pivot: Node, parent: Node) -> str:
    leaves = [node for node in pivot.walk() if not node.children or node.flow == "text"]
    texts = [node for node in pivot.walk() if node.flow == "text"]
    roles = {node.label.role for node in pivot.walk()}
    pictures = [node for node in leaves if node.flow == "picture"]
    has_photo = any(min(p.box.width, p.box.height) >= PHOTO for p in pictures)
    has_price = any(PRICE.search(node.text) for node in texts)
    has_heading = "heading" in roles
    if "field" in roles:
        return "form-row"
    if all(child.label.role == "button" for child in pivot.children):
        return "button-row"
    if has_price and not has_photo and any(PLAN.search(node.text) for node in texts):
        return "plan"
    if has_price and has_heading:
        return "product"
    if sum(_has_quote(node) for node in instances) > len(instances) / 2:
        return "testimonial"
    if texts and len(leaves) <= FEW and NUMBER.match(max(texts, key=_get_size).text):
        return "stat"
    if any(DATE.search(node.text) for node in texts) and (has_photo or has_heading):
        return "post"
    if pictures and not has_photo and len(leaves) <= FEW and _has_portrait(pictures):
        return "person"
    if pictures and not has_photo and has_heading:
        return "feature"
    if pivot.surface is not None or has_photo:
        return "card"
    if has_heading and len(texts) > 2 and _are_links(texts[1:]):
        return "menu"
    if has_heading and parent.flow in ("row", "grid"):
        return "feature" if len(instances) > 2 else "column"
    return "item"


def _get_size(node: Node) -> float:
    return node.style.size


def _has_quote(node: Node) -> bool:
    return any(n.flow == "text" and len(n.text) > 40 and QUOTE.search(n.text) for n in node.walk())


def _has_portrait(pictures: Sequence[Node]) -> bool:
    return any(p.label.role == "picture" and p.box.width <= AVATAR for p in pictures)


def _are_links(texts: Sequence[Node]) -> bool:
    return all(len(node.lines) == 1 and len(node.text.split()) <= 4 for node in texts)


def _list_headings(node: Node) -> Iterator[str]:
    for inner in node.walk():
        if inner.label.role == "heading":
            yield inner.text


def name_sections(page: Node, taken: set[str]) -> Node:
    """Return the page with its sections called after their headings."""
    names = set(taken)
    children = []
    for child in page.children:
        if child.label.role != "section":
            children.append(child)
            continue
        name = _choose_section_name(child, names)
        names.add(name)
        children.append(replace(child, label=replace(child.label, name=name)))
    return replace(page, children=tuple(children))


def _choose_section_name(section: Node, taken: set[str]) -> str:
    heading = next(_list_headings(section), "")
    texts = [node.text for node in section.walk() if node.flow == "text"]
    said = heading or (texts[0] if texts else "")
    slugs = [slug for count in (1, 2, 3) if (slug := make_slug(said, count))]
    candidates = [*slugs, *(f"{slug}-section" for slug in slugs)]
    return next((name for name in candidates if name not in taken), "")
