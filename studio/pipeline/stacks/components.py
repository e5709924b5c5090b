"""A page split into components.

Blocks that repeat become one component with props; sections get a file each.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from studio.pipeline.stacks.document import Document, El
from studio.pipeline.stacks.naming import Names, name_prop, name_section, strip_number
from studio.pipeline.stacks.parts import (
    Component,
    ComponentPage,
    ComponentPart,
    ComponentUse,
    Node,
    Slot,
)

LARGE = 4  # elements from which a section gets its own file
BLOCK = 3  # elements from which a repeated block becomes a component
MOST_PROPS = 16  # with more the repeated part is not a block
LANDMARKS = ("main", "div")


def split_components(
    document: Document, *, split: bool = True, name: str = "App", others: Collection[str] = ()
) -> ComponentPage:
    """Return the page as components; with `split` False everything stays in the body.

    `name` is that of the page's own component; `others` are components' names of a library.
    """
    splitter = _Splitter(Names(name, others=others))
    body = _make_part(document.body)
    if split:
        splitter.fold_repeats(body)
        splitter.cut_sections(body)
    root = ComponentPart("", children=body.children)
    parts = [*splitter.sections, *splitter.blocks]
    return ComponentPage(
        Component(name, root),
        parts,
        ComponentPart("body", body.classes, body.attrs),
        document.title,
        document.lang,
        document.head,
        document.script,
    )


def _make_part(element: El) -> ComponentPart:
    children: list[Node] = [
        _make_part(child) if isinstance(child, El) else child for child in element.children
    ]
    return ComponentPart(
        element.tag, element.classes, dict(element.attrs), children, element.name, element.flows
    )


class _Splitter:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.sections: list[Component] = []
        self.blocks: list[Component] = []
        self.known: dict[str, Component] = {}  # a block's shape → its component

    def fold_repeats(self, part: ComponentPart) -> None:
        """Replace runs of siblings that differ only in their texts by one component each.

        The outermost are replaced first.
        """
        children: list[Node] = []
        for run in _find_runs(part.children):
            first = run[0]
            if isinstance(first, ComponentPart) and len(run) > 1 and self._is_block(run):
                children.append(self._folded(run, part))
            else:
                children += run
        part.children = children
        for child in part.children:
            if isinstance(child, ComponentPart):
                self.fold_repeats(child)

    def cut_sections(self, part: ComponentPart) -> None:
        """Move large children to components.

        They are children of the body, or of the one element or <main> inside it.
        """
        is_wrapper = (
            len([child for child in part.children if isinstance(child, ComponentPart)]) == 1
        )
        for index, child in enumerate(part.children):
            if not isinstance(child, ComponentPart):
                continue
            if child.tag == "main" or (is_wrapper and child.tag in LANDMARKS):
                self.cut_sections(child)
            elif _measure_size(child) >= LARGE or (
                child.tag in ("header", "footer") and _measure_size(child) > 1
            ):
                name = self.names.free(name_section(child))
                self.sections.append(Component(name, child))
                part.children[index] = ComponentUse(name)

    def _is_block(self, run: Sequence[Node]) -> bool:
        parts = [part for part in run if isinstance(part, ComponentPart)]
        slots = list(_find_differences(parts))
        said = [where for _, where, _ in slots if where != "class"]
        is_large = _measure_size(parts[0]) >= BLOCK or len(said) >= 2
        return is_large and 0 < len(slots) <= MOST_PROPS

    def _folded(self, run: Sequence[Node], parent: ComponentPart) -> ComponentUse:
        parts = [part for part in run if isinstance(part, ComponentPart)]
        first = parts[0]
        name = self.names.free(
            strip_number(first.name) or strip_number(parent.name + " item") or first.tag
        )
        props: list[str] = []
        items: list[dict[str, str]] = [{} for _ in parts]
        for owner, where, values in list(_find_differences(parts)):
            prop = name_prop(owner, where, first.name, taken=props)
            props.append(prop)
            for item, value in zip(items, values, strict=True):
                item[prop] = value
            if isinstance(where, int):
                owner.children[where] = Slot(prop)
            else:
                owner.attrs[where] = Slot(prop)
                if where == "class":
                    owner.classes = ()
        self.blocks.append(Component(name, first, tuple(props)))
        self.fold_repeats(first)
        return ComponentUse(name, tuple(items))


def describe_shape(node: Node) -> object:
    """Return what blocks of one component share: all but texts, addresses and variants' classes."""
    if not isinstance(node, ComponentPart):
        return "#" if isinstance(node, str) else node
    words = tuple(
        (name, value) for name, value in sorted(node.attrs.items()) if name not in VARYING
    )
    names = tuple(sorted(set(node.attrs) & VARYING))
    return (
        node.tag,
        node.name or node.classes,
        words,
        names,
        tuple(describe_shape(child) for child in node.children),
    )


VARYING = {
    "data-likeness-at",
    "href",
    "src",
    "alt",
    "title",
    "aria-label",
    "value",
    "placeholder",
    "id",
    "for",
    "name",
    "datetime",
    "width",
    "height",
    "viewbox",
    "viewBox",
    "d",
}


def _find_runs(children: Sequence[Node]) -> Iterator[list[Node]]:
    run: list[Node] = []
    for child in children:
        if (
            run
            and isinstance(child, ComponentPart)
            and isinstance(run[0], ComponentPart)
            and describe_shape(child) == describe_shape(run[0])
        ):
            run.append(child)
            continue
        if run:
            yield run
        run = [child]
    if run:
        yield run


def _find_differences(
    parts: Sequence[ComponentPart],
) -> Iterator[tuple[ComponentPart, int | str, list[str]]]:
    """Yield each place where the parts differ.

    A place is the first part's element, the child's index or attribute's name, and the values.
    """
    first = parts[0]
    if len({part.classes for part in parts}) > 1:
        yield first, "class", [" ".join(part.classes) for part in parts]
    for name in first.attrs:
        values = [str(part.attrs[name]) for part in parts]
        if len(set(values)) > 1:
            yield first, name, values
    for index, child in enumerate(first.children):
        counterparts = [part.children[index] for part in parts]
        if isinstance(child, str):
            texts = [str(node) for node in counterparts]
            if len(set(texts)) > 1:
                yield first, index, texts
        elif isinstance(child, ComponentPart):
            nested = [node for node in counterparts if isinstance(node, ComponentPart)]
            yield from _find_differences(nested)


def _measure_size(part: ComponentPart) -> int:
    return sum(1 for _ in part.walk()) + sum(
        isinstance(n, ComponentUse) for p in part.walk() for n in p.children
    )


def get_words(node: Node) -> str:
    if isinstance(node, str):
        return node
    if not isinstance(node, ComponentPart):
        return ""
    return re.sub(r"\s+", " ", " ".join(get_words(child) for child in node.children))
