"""A page outline: the page's kind, language, look and sections, each with its texts.

Plain data between reading words and writing code. `read_outline` checks what comes from outside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from studio.pipeline.outline.section_kinds import SECTION_KINDS, SPECS, SectionKind

PageKind = Literal[
    "site",
    "software",
    "shop",
    "place",
    "portfolio",
    "blog",
    "event",
    "dashboard",
    "board",
    "inbox",
    "chat",
    "settings",
    "signin",
]
PAGE_KINDS: tuple[PageKind, ...] = get_args(PageKind)
APP_PAGES: tuple[PageKind, ...] = ("dashboard", "board", "inbox", "chat", "settings")
ThemeKey = Literal["clear", "editorial", "warm", "bold", "calm", "tech"]
THEME_KEYS: tuple[ThemeKey, ...] = get_args(ThemeKey)
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "ru", "zh", "ja")
Density = Literal["compact", "normal", "airy"]
MOST_SECTIONS = 30
MOST_ITEMS = 40
MOST_POINTS = 12
MOST_LETTERS = 600  # of one text
MOST_COLUMNS = 6
HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
# Unicode categories of control characters and lone surrogates, which no database or page can hold.
UNSTORED = ("Cc", "Cs")


class OutlineError(ValueError):
    """The outline cannot be accepted; one sentence that says what was got and what is allowed."""


@dataclass(frozen=True, slots=True)
class Item:
    """One of the parts that a section repeats.

    `detail` is its short fact: a price, a role, a date, a number. `points` is a list within it.
    """

    title: str = ""
    text: str = ""
    detail: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One section. `columns` 0: the usual number. `actions` are the labels of its links."""

    kind: SectionKind
    layout: str = ""
    columns: int = 0
    eyebrow: str = ""
    title: str = ""
    text: str = ""
    actions: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """How the page looks. Colors are '#rrggbb', or empty where the theme decides."""

    theme: ThemeKey = "clear"
    accent: str = ""
    second: str = ""
    is_dark: bool = False
    density: Density = "normal"


@dataclass(frozen=True, slots=True)
class Outline:
    """A page in words. `subject` is what the page is about, as the prompt says it."""

    kind: PageKind = "site"
    language: str = "en"
    name: str = ""
    subject: str = ""
    tone: tuple[str, ...] = ()
    topic: str = ""  # chooses the pictures
    look: Look = field(default_factory=Look)
    sections: tuple[Section, ...] = ()

    def find(self, kind: SectionKind) -> Section | None:
        return next((section for section in self.sections if section.kind == kind), None)


def write_outline(outline: Outline) -> dict[str, Any]:
    """Return the outline as JSON values."""
    return asdict(outline)


def read_outline(data: Any) -> Outline:
    """Return the outline in JSON values; raises OutlineError."""
    page = _require_object(data, "The outline")
    sections = page.get("sections", [])
    if not isinstance(sections, Sequence) or isinstance(sections, str):
        raise OutlineError("sections is not a list; use a list of sections.")
    if len(sections) > MOST_SECTIONS:
        raise OutlineError(f"Got {len(sections)} sections; use at most {MOST_SECTIONS}.")
    return Outline(
        kind=_read_choice(page, "kind", PAGE_KINDS, "site"),
        language=_read_choice(page, "language", LANGUAGES, "en"),
        name=_read_text(page, "name"),
        subject=_read_text(page, "subject"),
        tone=_read_texts(page, "tone"),
        topic=_read_text(page, "topic"),
        look=_read_look(page.get("look", {})),
        sections=tuple(_read_section(section) for section in sections),
    )


def _read_look(data: Any) -> Look:
    look = _require_object(data, "look")
    return Look(
        theme=_read_choice(look, "theme", THEME_KEYS, "clear"),
        accent=_read_color(look, "accent"),
        second=_read_color(look, "second"),
        is_dark=look.get("is_dark") is True,
        density=_read_choice(look, "density", get_args(Density), "normal"),
    )


def _read_section(data: Any) -> Section:
    section = _require_object(data, "A section")
    kind = _read_choice(section, "kind", SECTION_KINDS, "")
    layouts = SPECS[kind].layouts
    items = section.get("items", [])
    if not isinstance(items, Sequence) or isinstance(items, str) or len(items) > MOST_ITEMS:
        raise OutlineError(f"items of {kind} is not a list of at most {MOST_ITEMS} items.")
    columns = section.get("columns", 0)
    if not isinstance(columns, int) or not 0 <= columns <= MOST_COLUMNS:
        raise OutlineError(f"columns is {columns!r}; use a number from 0 to {MOST_COLUMNS}.")
    return Section(
        kind=kind,
        layout=_read_choice(section, "layout", ("", *layouts), ""),
        columns=columns,
        eyebrow=_read_text(section, "eyebrow"),
        title=_read_text(section, "title"),
        text=_read_text(section, "text"),
        actions=_read_texts(section, "actions"),
        items=tuple(_read_item(item) for item in items),
    )


def _read_item(data: Any) -> Item:
    item = _require_object(data, "An item")
    return Item(
        _read_text(item, "title"),
        _read_text(item, "text"),
        _read_text(item, "detail"),
        _read_texts(item, "points"),
    )


def _require_object(data: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise OutlineError(f"{name} is not an object; use names and values.")
    return data


def _read_text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str) or len(value) > MOST_LETTERS:
        raise OutlineError(f"{name} is not a text of at most {MOST_LETTERS} characters.")
    spaced = " ".join(value.split())
    return "".join(letter for letter in spaced if unicodedata.category(letter) not in UNSTORED)


def _read_texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = data.get(name, [])
    if isinstance(values, str) or not isinstance(values, Sequence) or len(values) > MOST_POINTS:
        raise OutlineError(f"{name} is not a list of at most {MOST_POINTS} texts.")
    return tuple(_read_text({name: value}, name) for value in values)


def _read_choice(data: Mapping[str, Any], name: str, allowed: Sequence[str], usual: str) -> Any:
    value = data.get(name, usual)
    if value not in allowed:
        known = ", ".join(word for word in allowed if word)
        raise OutlineError(f"{name} is {value!r}; use one of {known}.")
    return value


def _read_color(data: Mapping[str, Any], name: str) -> str:
    value = _read_text(data, name)
    if value and not HEX_COLOR.fullmatch(value):
        raise OutlineError(f"{name} is {value!r}; use '#rrggbb' or leave it empty.")
    return value
