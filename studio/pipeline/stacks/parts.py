"""A page as components: what a stack's writer writes. Plain data; knows no HTML parser and no
framework.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that a component's prop fills."""

    name: str


@dataclass(frozen=True, slots=True)
class ComponentUse:
    """A component where it is used: once as it is, or once for each of `items` (prop → value)."""

    component: str
    items: tuple[Mapping[str, str], ...] | None = None


@dataclass
class ComponentPart:
    tag: str
    classes: tuple[str, ...] = ()
    attrs: dict[str, str | Slot] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    name: str = ""  # what the page's author called it
    flows: bool = True

    def walk(self) -> Iterator[ComponentPart]:
        yield self
        for child in self.children:
            if isinstance(child, ComponentPart):
                yield from child.walk()


Node = ComponentPart | Slot | ComponentUse | str


@dataclass
class Component:
    name: str
    root: ComponentPart
    props: tuple[str, ...] = ()

    @property
    def uses(self) -> tuple[str, ...]:
        """The components inside, in the order in which they are met."""
        found = [
            n.component
            for part in self.root.walk()
            for n in part.children
            if isinstance(n, ComponentUse)
        ]
        return tuple(dict.fromkeys(found))


@dataclass
class ComponentPage:
    """`body`: what stands in the page's root; `components`: the parts it is made of, outermost
    first.
    """

    body: Component
    components: list[Component]
    shell: ComponentPart  # the body element without its children
    title: str
    lang: str
    head: list[str]
    script: str
