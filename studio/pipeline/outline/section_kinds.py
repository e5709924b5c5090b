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
# A field of a section or of an item that the writer may be asked for.
Field = Literal["eyebrow", "title", "text", "detail", "actions", "points"]


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """What one kind of section holds.

    `layouts`: the first is the usual one. `items`: least, usual and most. `asked` and `item_asked` are
    the fields that a writer is asked for; rules fill the others. `columns`: the usual number.
    """

    layouts: tuple[str, ...] = ("plain",)
    items: tuple[int, int, int] = (0, 0, 0)
    asked: tuple[Field, ...] = ()
    item_asked: tuple[Field, ...] = ()
    columns: int = 0
    is_shell: bool = False  # stands beside a page's content, not in it: a header, a sidebar

    @property
    def is_written(self) -> bool:
        return bool(self.asked or self.item_asked)


HEAD: tuple[Field, ...] = ("title",)
PAIR: tuple[Field, ...] = ("title", "text")
SPECS: Mapping[SectionKind, SectionSpec] = MappingProxyType(
    {
        "header": SectionSpec(items=(0, 4, 6), is_shell=True),
        "hero": SectionSpec(
            ("split", "centered", "cover", "type"), asked=("title", "text", "actions")
        ),
        "logos": SectionSpec(items=(3, 5, 8)),
        "features": SectionSpec(("cards", "rows", "plain"), (2, 3, 9), HEAD, PAIR, columns=3),
        "steps": SectionSpec(("numbered", "line"), (2, 3, 6), HEAD, PAIR, columns=3),
        "story": SectionSpec(("split", "text"), asked=PAIR),
        "gallery": SectionSpec(("grid", "mosaic"), (3, 6, 12), HEAD, ("title",), columns=3),
        "products": SectionSpec(("cards", "rows"), (2, 3, 12), HEAD, PAIR, columns=3),
        "menu": SectionSpec(("list", "cards"), (3, 6, 16), HEAD, PAIR, columns=2),
        "pricing": SectionSpec(("cards",), (1, 3, 4), HEAD, ("title", "text"), columns=3),
        "testimonials": SectionSpec(("cards", "quote"), (1, 3, 6), HEAD, ("text",), columns=3),
        "team": SectionSpec(("cards", "list"), (2, 4, 12), HEAD, ("detail",), columns=4),
        "stats": SectionSpec(("band", "cards"), (2, 4, 6), (), ("title",), columns=4),
        "faq": SectionSpec(("list", "split"), (2, 4, 10), HEAD, PAIR),
        "posts": SectionSpec(("cards", "list"), (2, 3, 12), HEAD, PAIR, columns=3),
        "schedule": SectionSpec(("list",), (2, 4, 12), HEAD, ("title",)),
        "table": SectionSpec(("plain",), (3, 5, 12)),
        "form": SectionSpec(("card",), (2, 4, 10), PAIR),
        "contact": SectionSpec(("split", "card"), asked=PAIR),
        "newsletter": SectionSpec(("band", "card"), asked=PAIR),
        "cta": SectionSpec(("band", "card"), asked=PAIR),
        "footer": SectionSpec(("columns", "line"), is_shell=True),
        "sidebar": SectionSpec(items=(3, 6, 9), is_shell=True),
        "chart": SectionSpec(("bars", "line"), (4, 7, 12)),
        "list": SectionSpec(("activity",), (3, 5, 10)),
        "settings": SectionSpec(("card",), (2, 5, 8)),
        "signin": SectionSpec(("split", "card"), asked=()),
        "board": SectionSpec(("columns",), (2, 3, 5)),
        "inbox": SectionSpec(("panes",), (3, 6, 10)),
        "chat": SectionSpec(("panes",), (3, 5, 10)),
    }
)
APP_KINDS: frozenset[SectionKind] = frozenset(
    ("sidebar", "chart", "list", "settings", "signin", "board", "inbox", "chat")
)
