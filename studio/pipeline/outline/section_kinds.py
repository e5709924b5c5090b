"""The closed set of sections that a page may have, and what each one holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

SectionKind = Literal[
    "header",
    "hero",
    "logos",
    "features",
    "steps",
    "story",
    "gallery",
    "products",
    "menu",
    "pricing",
    "testimonials",
    "team",
    "stats",
    "faq",
    "posts",
    "schedule",
    "table",
    "form",
    "contact",
    "newsletter",
    "cta",
    "footer",
    "sidebar",
    "chart",
    "list",
    "settings",
    "signin",
    "board",
    "inbox",
    "chat",
]
SECTION_KINDS: tuple[SectionKind, ...] = get_args(SectionKind)


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """What one kind of section holds.

    `layouts`: the first is the usual one. `items`: least, usual and most. `columns`: the usual number.
    """

    layouts: tuple[str, ...] = ("plain",)
    items: tuple[int, int, int] = (0, 0, 0)
    columns: int = 0
    is_shell: bool = False  # stands beside a page's content, not in it: a header, a sidebar


SPECS: Mapping[SectionKind, SectionSpec] = MappingProxyType(
    {
        "header": SectionSpec(items=(0, 4, 6), is_shell=True),
        "hero": SectionSpec(("split", "centered", "cover", "type")),
        "logos": SectionSpec(items=(3, 5, 8)),
        "features": SectionSpec(("cards", "rows", "plain"), (2, 3, 9), columns=3),
        "steps": SectionSpec(("numbered",), (2, 3, 6), columns=3),
        "story": SectionSpec(("split", "text")),
        "gallery": SectionSpec(("grid", "mosaic"), (3, 6, 12), columns=3),
        "products": SectionSpec(("cards", "rows"), (2, 3, 12), columns=3),
        "menu": SectionSpec(("list",), (3, 6, 16), columns=2),
        "pricing": SectionSpec(("cards",), (1, 3, 4), columns=3),
        "testimonials": SectionSpec(("cards", "quote"), (1, 3, 6), columns=3),
        "team": SectionSpec(("cards",), (2, 4, 12), columns=4),
        "stats": SectionSpec(("band", "cards"), (2, 4, 6), columns=4),
        "faq": SectionSpec(("list", "split"), (2, 4, 10)),
        "posts": SectionSpec(("cards", "list"), (2, 3, 12), columns=3),
        "schedule": SectionSpec(("list",), (2, 4, 12)),
        "table": SectionSpec(("plain",), (3, 5, 12)),
        "form": SectionSpec(("card",), (2, 4, 10)),
        "contact": SectionSpec(("split", "card")),
        "newsletter": SectionSpec(("band",)),
        "cta": SectionSpec(("band",)),
        "footer": SectionSpec(("columns", "line"), is_shell=True),
        "sidebar": SectionSpec(items=(3, 6, 9), is_shell=True),
        "chart": SectionSpec(("bars", "line"), (4, 7, 12)),
        "list": SectionSpec(("activity",), (3, 5, 10)),
        "settings": SectionSpec(("card",), (2, 5, 8)),
        "signin": SectionSpec(("split", "card")),
        "board": SectionSpec(("columns",), (2, 3, 5)),
        "inbox": SectionSpec(("panes",), (3, 6, 10)),
        "chat": SectionSpec(("panes",), (3, 5, 10)),
    }
)
