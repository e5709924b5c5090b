"""A page's elements as a team's components: they get the classes of the component's example.

An element is a component where both are the same kind of element, or have the same name, and look
alike; the component's rules come after the page's own, so they decide how it looks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import tinycss2
from bs4 import BeautifulSoup, Tag

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.color import compute_distance
from studio.pipeline.design_system.mapping import (
    list_token_values,
)
from studio.pipeline.design_system.model import DesignComponent, DesignSystem
from studio.pipeline.design_system.report import DesignReport, MappedValue, UnmappedValue
from studio.pipeline.editing.source_positions import Tag as SourceTag
from studio.pipeline.editing.source_positions import find_tags
from studio.pipeline.editing.text_splices import TextSplice, apply_splices
from studio.pipeline.fitting.css.declarations import find_sheets
from studio.pipeline.stacks.cascade import ComputedLook, compute_looks
from studio.pipeline.stacks.css_colors import parse_rgb
from studio.pipeline.stacks.rule_sheet import read_sheet
from studio.pipeline.stacks.theme import resolve_variables

# Elements that are a component by what they are; others are by their name alone.
KINDS = ("button", "input", "select", "textarea", "table", "label", "progress", "dialog")
TEXTS = ("", "text", "email", "password", "search", "tel", "url", "number")  # types of inputs
CLASS = re.compile(r"^-?[_a-zA-Z][\w-]{0,59}$")
CLASS_ATTRIBUTE = re.compile(r"(?<=\s)class\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
MOST_CLASSES = 10  # of one example
FAR = 40.0  # CIEDE2000 between fills from which two elements are other components
NO_FILL = 50.0  # what a fill counts that only one of two elements has
BORDER = 25.0  # what a border counts that only one of two elements has


@dataclass(frozen=True, slots=True)
class _Example:
    """A component's example as it is compared: its element, classes and look."""

    component: DesignComponent
    tag: str
    kind: str  # an input's type
    classes: tuple[str, ...]
    look: Mapping[str, str]
    tokens: Mapping[str, str]


def map_components(bundle: Bundle, system: DesignSystem) -> tuple[Bundle, DesignReport]:
    """Return the page with the team's components, and which were used and which were not."""
    report = DesignReport()
    if not system.components or ENTRY not in bundle.files:
        return bundle, report
    tokens = {f"--{name}": value for name, value in list_token_values(system).items()}
    examples = [read for one in system.components if (read := _read_example(one, tokens))]
    soup = BeautifulSoup(bundle.files[ENTRY], "html5lib")
    sheet = read_sheet("\n".join(sheet.text for sheet in find_sheets(bundle)))
    looks, _ = compute_looks(soup, sheet)
    used: Counter[str] = Counter()
    left: Counter[str] = Counter()
    splices: list[TextSplice] = []
    for element, source in _pair_elements(soup, bundle.files[ENTRY]):
        fitting = [example for example in examples if _is_same_kind(element, example)]
        if not fitting:
            continue
        look = looks.get(id(element), ComputedLook()).base
        distances = {id(one): _measure(look, tokens | sheet.tokens, one) for one in fitting}
        best = min(fitting, key=lambda one: distances[id(one)])
        if best.tag in KINDS and distances[id(best)] > FAR:
            left[f"<{element.name}> .{_get_first_class(element)}"] += 1
            continue
        used[best.component.name] += 1
        names = (*_list_classes(element), *best.classes)
        splices.append(_set_classes(bundle.files[ENTRY], source, names))
    page = apply_splices(bundle, splices)
    found = [one.component for one in examples if used[one.component.name]]
    report.mapped += [MappedValue("component", one.name, one.name, used[one.name]) for one in found]
    report.unmapped += [UnmappedValue("component", name, "", count) for name, count in left.items()]
    report.unmapped += [
        UnmappedValue("component", one.component.name, "", 0)
        for one in examples
        if not used[one.component.name]
    ]
    return _append_rules(page, found), report


def _read_example(component: DesignComponent, tokens: Mapping[str, str]) -> _Example | None:
    """Return the example's first element with the look that the component's rules give it."""
    soup = BeautifulSoup(component.html, "html5lib")
    root = soup.body.find(True) if soup.body else None
    if not isinstance(root, Tag):
        return None
    sheet = read_sheet(component.css)
    looks, _ = compute_looks(soup, sheet)
    classes = tuple(name for name in _list_classes(root) if CLASS.match(name))[:MOST_CLASSES]
    if not classes:
        return None
    look = looks.get(id(root), ComputedLook()).base
    kind = str(root.get("type", ""))
    return _Example(component, root.name, kind, classes, look, {**tokens, **sheet.tokens})


def _pair_elements(soup: BeautifulSoup, html: str) -> Iterator[tuple[Tag, SourceTag]]:
    """Yield each element with a class, with its tag in the source.

    Both are in the order of the source; a page whose parser moved elements yields none.
    """
    elements = [tag for tag in soup.find_all(True) if tag.get("class")]
    sources = [tag for tag in find_tags(html) if tag.get("class")]
    same = [element.name for element in elements] == [source.name for source in sources]
    if same:
        yield from zip(elements, sources, strict=True)


def _is_same_kind(element: Tag, example: _Example) -> bool:
    if element.name == example.tag and element.name in KINDS:
        return element.name != "input" or _is_text(element) == (example.kind in TEXTS)
    name = re.sub(r"^.*(?:__|--)", "", _get_first_class(element))
    return name == example.component.name


def _is_text(element: Tag) -> bool:
    return str(element.get("type", "")) in TEXTS


def _measure(look: Mapping[str, str], tokens: Mapping[str, str], example: _Example) -> float:
    """Return how different the element and the example look: fill and border."""
    distance = 0.0
    ours = _find_fill(look, tokens)
    theirs = _find_fill(example.look, example.tokens)
    if ours and theirs:
        distance += float(compute_distance(ours, theirs))
    elif ours or theirs:
        distance += NO_FILL
    if _has_border(look) != _has_border(example.look):
        distance += BORDER
    return distance


def _find_fill(look: Mapping[str, str], tokens: Mapping[str, str]) -> tuple[int, int, int] | None:
    return parse_rgb(resolve_variables(look.get("background-color", ""), tokens))


def _has_border(look: Mapping[str, str]) -> bool:
    return look.get("border-top-width", "0") not in ("0", "0px", "0rem")


def _list_classes(element: Tag) -> tuple[str, ...]:
    return tuple(str(name) for name in element.get("class") or ())


def _get_first_class(element: Tag) -> str:
    return next(iter(_list_classes(element)), "")


def _set_classes(html: str, source: SourceTag, names: Sequence[str]) -> TextSplice:
    """Return the splice that gives the element these classes."""
    text = html[source.start : source.end]
    value = f'class="{escape(" ".join(dict.fromkeys(names)))}"'
    return TextSplice(
        ENTRY, source.start, source.end, CLASS_ATTRIBUTE.sub(lambda _: value, text, count=1)
    )


def _append_rules(page: Bundle, components: Sequence[DesignComponent]) -> Bundle:
    """Return the page with the components' rules at the end of its last style sheet."""
    sheet = next((sheet for sheet in reversed(find_sheets(page)) if sheet.linked), None)
    rules = "\n\n".join(text for one in components if (text := _clean_rules(one.css)))
    if sheet is None or not rules:
        return page
    text = f"{page.files[sheet.file].rstrip()}\n\n{rules}\n"
    return Bundle({**page.files, sheet.file: text}, page.assets)


def _clean_rules(css: str) -> str:
    """Return the rules and media queries; other at-rules load files or run tools."""
    nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    kept = [
        node.serialize().strip()
        for node in nodes
        if node.type == "qualified-rule"
        or (node.type == "at-rule" and node.lower_at_keyword in ("media", "supports", "keyframes"))
    ]
    return "\n\n".join(kept)
