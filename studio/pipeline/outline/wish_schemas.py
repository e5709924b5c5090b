"""The operations that a writer may choose for a wish: the schema of each one's details for a page, and the
wish that an answer describes.

A schema offers only what the page has, so that no answer names a section or a text that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from studio.pipeline.editing.restyling.requests import COLORS
from studio.pipeline.outline.answers import clean_text
from studio.pipeline.outline.outline_edits import FIXED, list_missing_kinds
from studio.pipeline.outline.schema import LANGUAGES, MOST_COLUMNS, THEME_KEYS, Outline
from studio.pipeline.outline.section_kinds import SPECS
from studio.pipeline.outline.wishes import Action, Wish

# What each operation does, as the writer is told.
OPERATIONS: Mapping[Action, str] = MappingProxyType(
    {
        "add": "add a whole new section to the page",
        "remove": "remove a whole section from the page",
        "move": "put a section at another place on the page",
        "layout": "arrange a section in another way",
        "columns": "set how many columns a section has",
        "count": "set how many items a section has",
        "rename": "give the company or page another name",
        "text": "replace one text of the page with a new text",
        "theme": "give the whole page another style",
        "dark": "make the whole page dark or light",
        "accent": "change the main color of the whole page",
        "density": "make the whole page more compact or more airy",
        "translate": "show the page in another language",
    }
)
MOST_TEXTS = 60  # texts that a wish may replace; longer lists confuse a small model
LONGEST_TEXT = 160  # characters of a text that can be replaced
LONGEST_NEW = 200  # characters of the new text
LONGEST_NAME = 40

Schema = dict[str, Any]


def write_object(properties: Mapping[str, Any]) -> Schema:
    """Return the schema of an object that has these properties and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def write_enum(values: Sequence[str]) -> Schema:
    return {"type": "string", "enum": list(values)}


def list_detail_schemas(outline: Outline) -> dict[Action, Schema]:
    """Return the schema of each operation that this page allows."""
    possible = {
        **_list_section_schemas(outline),
        **_list_arrangement_schemas(outline),
        **_list_look_schemas(outline),
    }
    has_choice = {action: _has_choice(properties) for action, properties in possible.items()}
    return {
        action: write_object(possible[action]) for action in OPERATIONS if has_choice.get(action)
    }


def _has_choice(properties: Mapping[str, Any]) -> bool:
    return all(part.get("enum", [""]) for part in properties.values())


def _list_section_schemas(outline: Outline) -> dict[Action, Schema]:
    kinds = [section.kind for section in outline.sections]
    movable = [kind for kind in kinds if kind not in FIXED]
    missing = list_missing_kinds(outline)
    where = ["before", "after", "first", "last", "up", "down"]
    return {
        "add": {
            "section": write_enum(missing),
            "where": write_enum(["", "before", "after"]),
            "other": write_enum(["", *kinds]),
        },
        "remove": {"section": write_enum(kinds if len(kinds) > 1 else [])},
        "move": {
            "section": write_enum(movable if len(movable) > 1 else []),
            "where": write_enum(where),
            "other": write_enum(["", *movable]),
        },
    }


def _list_arrangement_schemas(outline: Outline) -> dict[Action, Schema]:
    layouts = [
        f"{section.kind} {layout}"
        for section in outline.sections
        for layout in SPECS[section.kind].layouts
        if layout != section.layout
    ]
    kinds = [section.kind for section in outline.sections]
    with_columns = [kind for kind in kinds if SPECS[kind].columns]
    with_items = [kind for kind in kinds if SPECS[kind].items[2]]
    most = max((SPECS[kind].items[2] for kind in with_items), default=1)
    return {
        "layout": {"layout": write_enum(layouts)},
        "columns": {"section": write_enum(with_columns), "number": _write_number(MOST_COLUMNS)},
        "count": {"section": write_enum(with_items), "number": _write_number(most)},
        "rename": {"name": _write_string(LONGEST_NAME)},
        "text": {"old": write_enum(list_texts(outline)), "new": _write_string(LONGEST_NEW)},
    }


def _list_look_schemas(outline: Outline) -> dict[Action, Schema]:
    themes = [theme for theme in THEME_KEYS if theme != outline.look.theme]
    languages = [language for language in LANGUAGES if language != outline.language]
    return {
        "theme": {"theme": write_enum(themes)},
        "dark": {"ground": write_enum(["light" if outline.look.is_dark else "dark"])},
        "accent": {"color": write_enum(list(COLORS))},
        "density": {"density": write_enum(["compact", "normal", "airy"])},
        "translate": {"language": write_enum(languages)},
    }


def _write_number(most: int) -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": most}


def _write_string(length: int) -> Schema:
    return {"type": "string", "minLength": 2, "maxLength": length}


def list_texts(outline: Outline) -> list[str]:
    """Return the texts that a wish may replace, from the top of the page down."""
    found: dict[str, None] = {}
    for section in outline.sections:
        texts = [section.eyebrow, section.title, section.text, *section.actions]
        for item in section.items:
            texts += [item.title, item.text, item.detail]
        found |= dict.fromkeys(text for text in texts if 0 < len(text) <= LONGEST_TEXT)
    return list(found)[:MOST_TEXTS]


def read_details(
    action: Action, details: Mapping[str, Any], schema: Schema, outline: Outline
) -> Wish | None:
    """Return the wish that an answer describes; None where it does not match the schema.

    A server that does not know schemas may answer anything.
    """
    properties = schema["properties"]
    if not all(_matches(details.get(name), part) for name, part in properties.items()):
        return None
    read = READERS.get(action)
    if read is not None:
        return read(details, outline)
    return Wish(action, details.get("section"), number=details.get("number", 0))


def _matches(value: Any, part: Schema) -> bool:
    if part["type"] == "integer":
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return is_number and part["minimum"] <= value <= part["maximum"]
    if not isinstance(value, str):
        return False
    return value in part["enum"] if "enum" in part else True


Details = Mapping[str, Any]


def _read_addition(details: Details, outline: Outline) -> Wish | None:
    where, other = details["where"], details["other"]
    if not where or not other:
        return Wish("add", details["section"])
    return Wish("add", details["section"], where=where, other=other)


def _read_move(details: Details, outline: Outline) -> Wish | None:
    kind, where, other = details["section"], details["where"], details["other"]
    if where not in ("before", "after"):
        return Wish("move", kind, where=where)
    if not other or other == kind:
        return None
    return Wish("move", kind, where=where, other=other)


def _read_layout(details: Details, outline: Outline) -> Wish | None:
    kind, _, layout = details["layout"].partition(" ")
    found = next((section.kind for section in outline.sections if section.kind == kind), None)
    return Wish("layout", found, value=layout)


def _read_name(details: Details, outline: Outline) -> Wish | None:
    name = clean_text(details["name"], outline.language, LONGEST_NAME).rstrip(".")
    return Wish("rename", value=name) if name and name != outline.name else None


def _read_text(details: Details, outline: Outline) -> Wish | None:
    new = clean_text(details["new"], outline.language, LONGEST_NEW)
    return Wish("text", value=new, other=details["old"]) if new else None


def _read_color(details: Details, outline: Outline) -> Wish | None:
    return Wish("accent", value=COLORS[details["color"]])


READERS: Mapping[Action, Callable[[Details, Outline], Wish | None]] = MappingProxyType(
    {
        "add": _read_addition,
        "move": _read_move,
        "layout": _read_layout,
        "rename": _read_name,
        "text": _read_text,
        "accent": _read_color,
        "theme": lambda details, outline: Wish("theme", value=details["theme"]),
        "dark": lambda details, outline: Wish("dark", value=details["ground"]),
        "density": lambda details, outline: Wish("density", value=details["density"]),
        "translate": lambda details, outline: Wish("translate", value=details["language"]),
    }
)
