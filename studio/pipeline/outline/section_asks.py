"""What a writer is asked for one section, and the schema that its answer must match.

Titles come before texts: a small model that has listed different titles repeats itself less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from studio.pipeline.outline.placeholders import is_named_table, name_section
from studio.pipeline.outline.schema import Outline, Section
from studio.pipeline.outline.section_kinds import SectionKind
from studio.pipeline.outline.vocabulary import WITHOUT_SPACES, Vocabulary

# How a section is asked for: a headline with a text, titles with texts (or questions with answers),
# titles (or captions), sentences, a text.
Form = Literal["hero", "entries", "questions", "titles", "captions", "voices", "text"]
FORMS: Mapping[SectionKind, Form] = MappingProxyType(
    {
        "hero": "hero",
        "features": "entries",
        "steps": "entries",
        "products": "entries",
        "menu": "entries",
        "pricing": "entries",
        "faq": "questions",
        "posts": "entries",
        "gallery": "captions",
        "schedule": "titles",
        "stats": "titles",
        "table": "titles",
        "testimonials": "voices",
        "story": "text",
    }
)
# The most characters of a title, a sentence and a text; a CJK character holds about three letters.
LENGTHS = {"title": 36, "headline": 60, "sentence": 110, "text": 200, "question": 70, "name": 28}
CJK_SHARE = 0.34
# A token is at least two letters of these languages; the rest is JSON.
LETTERS_PER_TOKEN = 2
JSON_TOKENS = 60


@dataclass(frozen=True, slots=True)
class SectionAsk:
    """One request to a writer: the words, the schema, and the tokens that an answer may take."""

    form: Form
    words: str
    schema: Mapping[str, Any]
    tokens: int


def list_asked_sections(outline: Outline) -> list[int]:
    """Return the places of the sections that a writer is asked for, the first on the page first.

    An application shows sample data, which rules have; a dashboard's numbers and the rows of a table
    that the prompt names have names of their own.
    """
    return [place for place, one in enumerate(outline.sections) if is_asked(outline, one)]


def is_asked(outline: Outline, section: Section) -> bool:
    """Return True if a writer is asked for the section's texts."""
    if section.kind not in FORMS:
        return False
    if section.kind == "table":
        return is_named_table(section)
    is_application = any(one.kind == "sidebar" for one in outline.sections)
    return not is_application or (section.kind == "stats" and bool(outline.subject))


def build_ask(
    section: Section, words: Vocabulary, *, wants_name: bool, known: Sequence[str] = ()
) -> SectionAsk:
    """Return the request for a section. The hero's also asks for a name where there is none.

    `known`: titles or sentences that it has; the answer should have others.
    """
    form = FORMS[section.kind]
    limits = _scale_lengths(words.language)
    count = len(section.items)
    properties: dict[str, Any] = {}
    text = words.asks[form].format(
        n=count,
        noun=name_section(section, words),
        prompt="{prompt}",
    )
    if known:
        text += " " + words.asks["again"].format(known="; ".join(known))
    if form == "hero":
        if wants_name:
            properties["name"] = _write_string(limits["name"])
            text += " " + words.asks["name"]
        properties["title"] = _write_string(limits["headline"])
        properties["text"] = _write_string(limits["sentence"])
    if form in ("entries", "questions", "titles", "captions"):
        length = limits["question" if form == "questions" else "title"]
        properties["titles"] = _write_list(length, count)
    if form in ("entries", "questions", "voices"):
        properties["texts"] = _write_list(limits["sentence"], count)
    if form == "text":
        properties["text"] = _write_string(limits["text"])
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return SectionAsk(form, text, schema, _count_tokens(properties))


def _scale_lengths(language: str) -> dict[str, int]:
    share = CJK_SHARE if language in WITHOUT_SPACES else 1.0
    return {name: round(length * share) for name, length in LENGTHS.items()}


def _write_string(length: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 2, "maxLength": length}


def _write_list(length: int, count: int) -> dict[str, Any]:
    return {
        "type": "array",
        "items": _write_string(length),
        "minItems": count,
        "maxItems": count,
    }


def _count_tokens(properties: Mapping[str, Any]) -> int:
    letters = 0
    for one in properties.values():
        if one["type"] == "array":
            letters += one["items"]["maxLength"] * one["maxItems"]
        else:
            letters += one["maxLength"]
    return JSON_TOKENS + letters // LETTERS_PER_TOKEN
