"""Elements by the names of their classes, with the styles that belong to each name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from studio.pipeline.codegen.element import Element, Styles

# Where an element stands in its parent. A control's class says how it looks wherever it stands; its
# place is said by the block that it stands in.
PLACEMENT = ("margin", "flex", "grid-area", "align-self", "justify-self")


def is_space(key: str) -> bool:
    return key.startswith(("padding", "margin", "gap"))


@dataclass
class Member:
    """An element as one of those that share a name, with the styles that belong to that name."""

    element: Element
    style: Styles
    small: Styles

    @property
    def own(self) -> str:
        return self.element.own

    @property
    def wrap(self) -> tuple[float, float] | None:
        return self.element.wrap

    def add_class(self, name: str) -> None:
        self.element.classes = f"{self.element.classes} {name}".strip()


@dataclass
class Kind:
    """Elements of one name."""

    name: str
    members: list[Member] = field(default_factory=list)
    base: Styles = field(default_factory=dict)
    small: Styles = field(default_factory=dict)


def collect_kinds(root: Element) -> list[Kind]:
    """Return the kinds of elements below `root`, in the order of the page.

    Places come after looks, so that they win over them.
    """
    kinds: dict[str, Kind] = {}
    for element in root.walk():
        for name, member in _split_element(element):
            kinds.setdefault(name, Kind(name)).members.append(member)
    return sorted(kinds.values(), key=lambda kind: kind.members[0].element.mix == kind.name)


def _split_element(element: Element) -> Iterator[tuple[str, Member]]:
    """Yield the element under its name and, for a control, its place under the block's name for it."""
    if not element.name:
        return
    style, small = _spell_out_sides(element.style), _spell_out_sides(element.small)
    if not element.mix:
        yield element.name, Member(element, style, small)
        return
    place, look = _part_styles(style)
    small_place, small_look = _part_styles(small)
    yield element.name, Member(element, look, small_look)
    if place or small_place:
        yield element.mix, Member(element, place, small_place)


def _spell_out_sides(styles: Styles) -> Styles:
    """Return the styles with both sides named, so that a modifier can undo one of them."""
    out: Styles = {}
    for key, value in styles.items():
        if key in ("margin-inline", "padding-inline"):
            start = key.partition("-")[0]
            out |= {f"{start}-left": value, f"{start}-right": value}
        else:
            out[key] = value
    return out


def _part_styles(styles: Styles) -> tuple[Styles, Styles]:
    """Return the declarations of an element's place, and the others."""
    place = {key: value for key, value in styles.items() if key.startswith(PLACEMENT)}
    return place, {key: value for key, value in styles.items() if key not in place}
