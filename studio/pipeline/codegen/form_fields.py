"""What a form's fields say of themselves: label, id, name, type, autocomplete, value or placeholder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from studio.pipeline.codegen.element import Element
from studio.pipeline.color import compute_contrast
from studio.pipeline.free_names import find_free_name
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.words import make_slug
from studio.pipeline.perception.hints import Box

FIELDS = ("input", "select", "textarea")
TICKED = ("checkbox", "radio")
ABOVE = 16.0  # px between a label and the field below it
ALIGNED = 12.0  # px by which their edges may differ
VALUE = 7.0  # contrast from which the words in a field are its value; a placeholder is paler
TYPES = (
    (r"password", "password"),
    (r"e-?mail", "email"),
    (r"phone|mobile|\btel\b", "tel"),
    (r"search", "search"),
    (r"website|\burl\b", "url"),
)
AUTOCOMPLETE = (
    (r"first name|given name", "given-name"),
    (r"last name|family name|surname", "family-name"),
    (r"user ?name", "username"),
    (r"(your|full) name|^name$", "name"),
    (r"e-?mail", "email"),
    (r"phone|mobile", "tel"),
    (r"company|organi[sz]ation", "organization"),
    (r"street|address", "street-address"),
    (r"zip|postal|postcode", "postal-code"),
    (r"\bcity\b|town", "address-level2"),
    (r"country", "country-name"),
)


def complete_fields(root: Element, page: Node) -> None:
    """Connect labels with their fields, and give fields ids, names, types and autocomplete."""
    taken: set[str] = set()
    is_new = len([e for e in root.walk() if e.attrs.get("type") == "password"]) > 1
    for label, field in _pair_fields(root, {node.id: node.box for node in page.walk()}):
        _complete_field(label, field, taken, is_new=is_new)
    group = ""
    for element in root.walk():
        if element.attrs.get("type") in TICKED:
            group = group or find_free_name("choice", taken)
            taken.add(group)
            element.attrs["name"] = group
        elif element.tag in FIELDS:
            group = ""


def _pair_fields(
    root: Element, boxes: Mapping[int, Box]
) -> Iterator[tuple[Element | None, Element]]:
    """Yield every field with the label above it or on its left; each label is taken once."""
    labels = [
        e for e in root.walk() if e.tag == "label" and not any(i.tag in FIELDS for i in e.walk())
    ]
    for element in root.walk():
        if element.tag not in FIELDS or element.attrs.get("type") in TICKED:
            continue
        box = boxes.get(element.node)
        near = [e for e in labels if box and e.node in boxes and _is_beside(boxes[e.node], box)]
        if near:
            labels = [e for e in labels if e is not near[-1]]
        yield (near[-1] if near else None), element


def _is_beside(label: Box, field: Box) -> bool:
    is_above = -2 <= field.y - label.bottom <= ABOVE and abs(label.x - field.x) <= ALIGNED
    is_left = label.right <= field.x and abs(label.cy - field.cy) <= ALIGNED
    return is_above or is_left


def _complete_field(
    label: Element | None, field: Element, taken: set[str], *, is_new: bool
) -> None:
    words = label.text if label is not None else field.attrs.get("aria-label", "")
    shown = field.attrs.get("placeholder", "")
    if label is not None:
        field.attrs.pop("aria-label", None)
        if _is_value(field):
            _set_value(field)
    if field.tag == "input":
        field.attrs["type"] = guess_type(f"{words} {shown}")
    name = find_free_name(make_slug(words, 3) or "field", taken)
    taken.add(name)
    field.attrs = {"id": name, "name": name, **field.attrs}
    if label is not None:
        label.attrs["for"] = name
    hint = _guess_autocomplete(words.lower(), field.attrs.get("type", ""), is_new=is_new)
    if hint:
        field.attrs["autocomplete"] = hint


def _is_value(field: Element) -> bool:
    color = field.style.get("--placeholder")
    fill = field.style.get("background-color", "#ffffff")
    if not isinstance(color, str) or not isinstance(fill, str):
        return False
    ground = fill if fill.startswith("#") else "#ffffff"
    return color.startswith("#") and compute_contrast(color, ground) >= VALUE


def _set_value(field: Element) -> None:
    words = field.attrs.pop("placeholder", "")
    field.style["color"] = field.style.pop("--placeholder")
    if field.tag == "textarea":
        field.children = [words]
    else:
        field.attrs["value"] = words


def guess_type(words: str) -> str:
    """Return an input's type for its label and placeholder."""
    low = words.lower()
    return next((kind for pattern, kind in TYPES if re.search(pattern, low)), "text")


def _guess_autocomplete(words: str, kind: str, *, is_new: bool) -> str:
    if kind == "password":
        return "new-password" if is_new else "current-password"
    if kind == "search":
        return ""
    return next((hint for pattern, hint in AUTOCOMPLETE if re.search(pattern, words)), "")
