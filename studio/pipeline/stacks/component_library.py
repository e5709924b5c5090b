"""An application's own components (shadcn/ui and those made like it), read from their source.

Nothing is run: the source is text, in which the exported names and their class strings are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

LONGEST_SOURCE = 60_000  # characters of a component's source; shadcn/ui's longest has 25,000
STRING = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`([^`$]*)`")
DEFINITION = re.compile(r"^(?:export\s+)?(?:function|const)\s+([A-Z]\w*)", re.M)
VARIANT = re.compile(r"(?:\"([\w-]+)\"|'([\w-]+)'|\b(\w+))\s*:\s*(?=[\"'`])")


@dataclass(frozen=True, slots=True)
class LibraryComponent:
    """One component: its name, the module to import it from, and the classes that it has itself."""

    name: str
    module: str
    classes: tuple[str, ...]
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def list_classes(self, variant: str) -> tuple[str, ...]:
        return (*self.classes, *self.variants.get(variant, ()))


@dataclass(frozen=True, slots=True)
class LibrarySource:
    """The source of one of the library's modules, and its address in imports."""

    module: str
    text: str


def read_library(sources: tuple[LibrarySource, ...]) -> dict[str, LibraryComponent]:
    """Return name → component of everything that the sources define."""
    found: dict[str, LibraryComponent] = {}
    for source in sources:
        text = source.text[:LONGEST_SOURCE]
        for name, body in _split_definitions(text):
            found[name] = LibraryComponent(name, source.module, tuple(_find_classes(body, "cn")))
        if "cva(" in text and "Button" in found:
            found["Button"] = _read_button(text, source.module)
    return found


def _split_definitions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each component's name and the text up to the next one."""
    matches = list(DEFINITION.finditer(text))
    ends = [match.start() for match in matches[1:]] + [len(text)]
    for match, end in zip(matches, ends, strict=True):
        yield match[1], text[match.end() : end]


def _find_classes(text: str, function: str) -> list[str]:
    """Return the classes in the strings that the function's call begins with."""
    call = re.search(rf"\b{function}\(", text)
    if not call:
        return []
    classes: list[str] = []
    place = call.end()
    while match := re.compile(rf"\s*(?:{STRING.pattern})\s*,?").match(text, place):
        classes += (match[1] or match[2] or match[3] or "").split()
        place = match.end()
    return classes


def _read_button(text: str, module: str) -> LibraryComponent:
    """Read the button's variants of `variant`; the default size counts to its own classes."""
    _, _, after = text.partition("variants")
    variants = _read_variants(after, "variant")
    size = _read_variants(after, "size").get("default", ())
    return LibraryComponent("Button", module, (*_find_classes(text, "cva"), *size), variants)


def _read_variants(text: str, name: str) -> dict[str, tuple[str, ...]]:
    opening = re.search(rf"\b{name}\s*:\s*{{", text)
    if not opening:
        return {}
    inside = text[opening.end() :].partition("},")[0]
    found: dict[str, tuple[str, ...]] = {}
    for match in VARIANT.finditer(inside):
        string = STRING.match(inside, match.end())
        if string:
            words = string[1] or string[2] or string[3] or ""
            found[match[1] or match[2] or match[3]] = tuple(words.split())
    return found
