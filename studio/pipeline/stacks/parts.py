"""A page as components, as a stack's writer takes it.

Plain data that knows no HTML parser and no framework.
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
    """A use of a component: once without props, or once per item of `items` (prop → value)."""

    component: str
    items: tuple[Mapping[str, str], ...] | None = None


@dataclass
class ComponentPart:
    """An element of a component."""

    tag: str
    classes: tuple[str, ...] = ()
    attrs: dict[str, str | Slot] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    name: str = ""  # its first class in the page
    flows: bool = True

    def walk(self) -> Iterator[ComponentPart]:
        yield self
        for child in self.children:
            if isinstance(child, ComponentPart):
                yield from child.walk()


Node = ComponentPart | Slot | ComponentUse | str


@dataclass
class Component:
    """A component: its name, its element and its props."""

    name: str
    root: ComponentPart
    props: tuple[str, ...] = ()

    @property
    def uses(self) -> tuple[str, ...]:
        """Return the names of the components inside, in the order of their first use."""
        found = [
            n.component
            for part in self.root.walk()
            for n in part.children
            if isinstance(n, ComponentUse)
        ]
        return tuple(dict.fromkeys(found))


@dataclass
class ComponentPage:
    """A page made of components.

    `body` is the content of the page's root; `components` are its parts, outermost first.
    """

    body: Component
    components: list[Component]
    shell: ComponentPart  # the body element without its children
    title: str
    lang: str
    head: list[str]
    script: str
