"""The plan of a page: which sections it has, in which order and layout, and how it looks.

Everything that the prompt names is kept as it names it. Defaults by the kind of page fill what it
leaves open.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from studio.pipeline.outline.placeholders import fill_placeholders
from studio.pipeline.outline.prompt_reading import NamedSection, PromptFacts, read_prompt
from studio.pipeline.outline.schema import (
    APP_PAGES,
    Item,
    Look,
    Outline,
    PageKind,
    Section,
    ThemeKey,
)
from studio.pipeline.outline.section_kinds import SPECS, SectionKind
from studio.pipeline.outline.topics import find_topic
from studio.pipeline.outline.vocabulary import list_vocabularies

# A prompt that names this many sections of content wants these and no others.
ENOUGH = 3
MOST_ROWS = 3  # products or articles one below the other; more make a page of empty halves
MOST_DEFAULT = 6  # sections of content of a page whose prompt names fewer


@dataclass(frozen=True, slots=True)
class PageDefaults:
    """What a kind of page has where the prompt says nothing."""

    sections: tuple[SectionKind, ...]
    themes: tuple[ThemeKey, ...]
    heroes: tuple[str, ...] = ("split",)


DEFAULTS: Mapping[PageKind, PageDefaults] = MappingProxyType(
    {
        "site": PageDefaults(
            ("features", "story", "testimonials", "cta", "contact"),
            ("clear", "editorial"),
            ("split", "centered"),
        ),
        "software": PageDefaults(
            ("logos", "features", "steps", "pricing", "faq", "cta"),
            ("clear",),
            ("centered", "split"),
        ),
        "shop": PageDefaults(
            ("products", "features", "testimonials", "newsletter"),
            ("warm", "calm"),
            ("split", "cover"),
        ),
        "place": PageDefaults(
            ("features", "story", "gallery", "testimonials", "contact"),
            ("warm", "calm"),
            ("split", "cover"),
        ),
        "portfolio": PageDefaults(
            ("gallery", "story", "contact"), ("editorial", "calm"), ("type",)
        ),
        "blog": PageDefaults(("posts", "story", "newsletter"), ("editorial",), ("type", "split")),
        "event": PageDefaults(
            ("schedule", "team", "pricing", "faq", "cta"), ("bold",), ("cover", "type")
        ),
        "dashboard": PageDefaults(("stats", "chart", "list", "table"), ("clear",)),
        "board": PageDefaults(("board",), ("clear",)),
        "inbox": PageDefaults(("inbox",), ("clear",)),
        "chat": PageDefaults(("chat",), ("clear",)),
        "settings": PageDefaults(("settings",), ("clear",)),
        "signin": PageDefaults(("signin",), ("clear",)),
    }
)
# Topics whose pages look alike everywhere, before the kind of page decides.
THEMES_BY_TOPIC: Mapping[str, ThemeKey] = MappingProxyType(
    {
        "yoga": "calm",
        "beauty": "calm",
        "hotel": "calm",
        "fashion": "calm",
        "kids": "warm",
        "bread": "warm",
        "coffee": "warm",
        "food": "warm",
        "books": "editorial",
        "architecture": "editorial",
        "law": "editorial",
        "wine": "editorial",
        "music": "bold",
        "sport": "bold",
        "software": "clear",
    }
)
# Colors for topics that have one, so that pages without a named color are not all alike.
ACCENTS_BY_TOPIC: Mapping[str, str] = MappingProxyType(
    {
        "bread": "#a4521f",
        "coffee": "#7a4a2b",
        "wine": "#7d1f3a",
        "flowers": "#3f6b3f",
        "food": "#b3391f",
        "wood": "#8a5a2b",
        "ceramics": "#a2533a",
        "books": "#8c2f2b",
        "beauty": "#9a5b62",
        "health": "#0f766e",
        "yoga": "#5f7355",
        "sport": "#d9480f",
        "sea": "#0b6e8f",
        "mountains": "#2f5d50",
        "hotel": "#7a5c3e",
        "architecture": "#3d3a36",
        "music": "#c026d3",
        "kids": "#d9622b",
        "fashion": "#4a3f3a",
        "energy": "#15803d",
        "law": "#1f3a5f",
        "money": "#1d4ed8",
        "school": "#1f5fbf",
        "photo": "#2f2f35",
        "art": "#b3322b",
        "city": "#1e4f8a",
    }
)
# What an application shows; "for a team" on a board names no section of people.
SCREEN_KINDS: tuple[SectionKind, ...] = (
    "stats",
    "chart",
    "list",
    "table",
    "settings",
    "board",
    "inbox",
    "chat",
)
# Where a default section stands among those that the prompt names.
ORDER: tuple[SectionKind, ...] = (
    "header",
    "sidebar",
    "hero",
    "logos",
    "stats",
    "chart",
    "list",
    "features",
    "products",
    "menu",
    "gallery",
    "steps",
    "schedule",
    "story",
    "team",
    "posts",
    "table",
    "testimonials",
    "pricing",
    "faq",
    "form",
    "newsletter",
    "cta",
    "contact",
    "footer",
)


def plan_outline(prompt: str) -> Outline:
    """Return the outline of the page that a prompt asks for, with placeholders for its texts."""
    facts = read_prompt(prompt)
    kind: PageKind = facts.kind or "site"
    topic = find_topic(facts.subject, prompt)
    sections = _plan_sections(kind, facts, topic)
    look = choose_look(kind, facts, topic)
    outline = Outline(
        kind=kind,
        language=facts.language,
        name=facts.name,
        subject=facts.subject,
        tone=tuple(facts.moods),
        topic=topic,
        look=look,
        sections=_choose_layouts(sections, kind, look.theme, prompt),
    )
    return fill_placeholders(outline)


def choose_look(kind: PageKind, facts: PromptFacts, topic: str) -> Look:
    """Return the look: what the prompt names, else what suits the topic, else the kind of page."""
    by_topic = THEMES_BY_TOPIC.get(topic) if kind not in (*APP_PAGES, "signin") else None
    usual = by_topic or DEFAULTS[kind].themes[0]
    theme = facts.moods[0] if facts.moods else usual
    if theme == "clear" and facts.is_dark and kind == "software":
        theme = "tech"
    accent = facts.colors[0] if facts.colors else ""
    if not accent and kind not in (*APP_PAGES, "signin"):
        accent = ACCENTS_BY_TOPIC.get(topic, "")
    second = facts.colors[1] if len(facts.colors) > 1 else ""
    return Look(theme, accent, second, facts.is_dark, facts.density)


def _plan_sections(kind: PageKind, facts: PromptFacts, topic: str) -> list[NamedSection]:
    if kind == "signin":
        return [NamedSection("signin")]
    named = [one for one in facts.sections if not SPECS[one.kind].is_shell and one.kind != "hero"]
    if kind in APP_PAGES:
        return _plan_app(kind, named, facts)
    content = named if len(named) >= ENOUGH else _complete(named, kind, facts, topic)
    wanted = [NamedSection("header"), NamedSection("hero"), *content, NamedSection("footer")]
    return [one for one in wanted if one.kind not in facts.without]


def _plan_app(
    kind: PageKind, named: Sequence[NamedSection], facts: PromptFacts
) -> list[NamedSection]:
    named = [one for one in named if one.kind in SCREEN_KINDS]
    kinds = [one.kind for one in named]
    missing = [name for name in DEFAULTS[kind].sections if name not in kinds]
    is_complete = kind == "dashboard" and len(named) >= ENOUGH
    added = [] if is_complete else [NamedSection(name) for name in missing]
    content = sorted([*named, *added], key=lambda one: _rank(one.kind))
    wanted = [NamedSection("sidebar"), *content]
    return [one for one in wanted if one.kind not in facts.without]


def _complete(
    named: Sequence[NamedSection], kind: PageKind, facts: PromptFacts, topic: str
) -> list[NamedSection]:
    """Return the named sections among the defaults, in the usual order."""
    kinds = [one.kind for one in named]
    defaults = list(DEFAULTS[kind].sections)
    if kind == "place" and topic in ("food", "coffee", "bread", "wine"):
        defaults[0] = "menu"
    free = [name for name in defaults if name not in kinds and name not in facts.without]
    room = max(0, MOST_DEFAULT - len(named))
    added = [NamedSection(name) for name in free[:room]]
    return sorted([*named, *added], key=lambda one: _rank(one.kind))


def _rank(kind: SectionKind) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def _choose_layouts(
    sections: Sequence[NamedSection], kind: PageKind, theme: ThemeKey, prompt: str
) -> tuple[Section, ...]:
    """Return the sections with layouts; the prompt's checksum varies them from page to page."""
    seed = zlib.crc32(prompt.encode())
    wants_form = _names_form(prompt)
    planned = []
    for number, one in enumerate(sections):
        spec = SPECS[one.kind]
        layouts = DEFAULTS[kind].heroes if one.kind == "hero" else spec.layouts
        layout = layouts[(seed >> number) % len(layouts)]
        if one.kind == "footer":
            layout = "columns" if len(sections) > 4 else "line"
        if one.kind in ("stats", "table", "list") and kind in APP_PAGES:
            layout = "cards" if one.kind == "stats" else spec.layouts[0]
        count = one.count or spec.items[1]
        # A contact section of a prompt that names a form shows no map instead.
        lacks_form = one.kind == "contact" and layout == "card" and wants_form
        if lacks_form or not _suits(one.kind, layout, count):
            layout = spec.layouts[0]
        names = one.items or ("",) * count
        planned.append(
            Section(
                one.kind,
                layout,
                choose_columns(one.kind, count),
                title=one.title,
                items=tuple(Item(name) for name in names),
            )
        )
    if theme == "editorial":
        planned = [
            replace(one, layout="rows") if one.kind == "features" else one for one in planned
        ]
    return tuple(planned)


def _names_form(prompt: str) -> bool:
    return any(words.form.search(prompt) for words in list_vocabularies())


def _suits(kind: SectionKind, layout: str, count: int) -> bool:
    """Whether a layout looks right with so many items; a story has a picture unless it is asked to."""
    if layout == "mosaic":
        return count % 3 == 0
    if kind in ("products", "posts") and layout in ("rows", "list"):
        return count <= MOST_ROWS
    return (kind, layout) != ("story", "text")


def choose_columns(kind: SectionKind, count: int) -> int:
    """Return the columns in which this many items stand without a lonely one in the last row."""
    usual = SPECS[kind].columns
    if not usual or not count:
        return usual
    if count <= usual:
        return count
    for columns in (usual, 4, 3, 2):
        if count % columns == 0:
            return columns
    return usual
