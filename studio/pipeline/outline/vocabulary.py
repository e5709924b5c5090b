"""What the rules know of each language: names of sections, pages, moods and colors, and texts of ours.

One file of `vocabularies` for each language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from studio.pipeline.outline.schema import LANGUAGES
from studio.pipeline.outline.section_kinds import SectionKind

FOLDER = Path(__file__).parent / "vocabularies"
WITHOUT_SPACES = ("zh", "ja")  # languages whose words are not parted by spaces


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language. `sections`, `pages`, `moods` and `colors`: name → pattern of its words."""

    language: str
    name: str
    detect: frozenset[str]
    about: tuple[re.Pattern[str], ...]
    cut: re.Pattern[str]
    called: tuple[re.Pattern[str], ...]
    without: str
    joins: re.Pattern[str]  # words that join two parts of a list
    measures: re.Pattern[str]  # what is counted and is no part of a page: days, floors, people
    of: re.Pattern[str] | None  # between a part and what it shows; None: what it shows comes first
    negation: re.Pattern[str]  # words that ask to leave something out, beside the verbs of wishes
    form: re.Pattern[str]  # the beginning of words for a form
    numbers: Mapping[str, int]
    sections: Mapping[str, re.Pattern[str]]
    pages: Mapping[str, re.Pattern[str]]
    moods: Mapping[str, re.Pattern[str]]
    colors: Mapping[str, re.Pattern[str]]
    labels: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, tuple[str, str, str, str]]
    nouns: Mapping[str, str]
    asks: Mapping[str, str]  # what a writer is asked, in the page's language

    def get_noun(self, kind: SectionKind) -> str:
        """Return the word for a section in a menu; empty where it has none."""
        return self.nouns.get(kind, "")


# What German adds to a section's name.
COMPOUND = "abschnitts?|bereichs?|sektion"
# A name in a prompt: one to four words with a capital, or what stands in quotation marks.
NAME = (
    r"(?:[\"“„«'‘](?P<quoted>[^\"”“»'’]{2,40})[\"”“»'’]"
    r"|(?P<name>[A-ZÀ-ÖØ-ÞА-ЯЁ][\w’'&.-]*"
    r"(?:\s+(?:&\s+|(?:d[aeiou]s?|della?|of|the|and|y|e|und|von|la|le|et)\s+)*"
    r"[A-ZÀ-ÖØ-ÞА-ЯЁ][\w’'&-]*){0,3}))"
)


@cache
def load_vocabulary(language: str) -> Vocabulary:
    """Return the vocabulary of one of LANGUAGES."""
    assert language in LANGUAGES, language
    data = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    has_spaces = language not in WITHOUT_SPACES
    return Vocabulary(
        language=language,
        name=data["name"],
        detect=frozenset(data["detect"].split()),
        about=tuple(re.compile(pattern, re.IGNORECASE) for pattern in data["about"]),
        cut=re.compile(data["cut"], re.IGNORECASE),
        called=tuple(_compile_called(pattern) for pattern in data["called"]),
        without=data["without"],
        joins=_compile_pattern(data["joins"], has_spaces),
        measures=_compile_pattern(data["measures"], has_spaces),
        of=_compile_pattern(data["of"], has_spaces, is_whole=False) if data["of"] else None,
        negation=_compile_pattern(data["negation"], has_spaces),
        form=_compile_pattern(data["form"], has_spaces, is_whole=False),
        numbers=data["numbers"],
        sections=_compile_words(data["sections"], has_spaces),
        pages=_compile_words(data["pages"], has_spaces),
        moods=_compile_words(data["moods"], has_spaces),
        colors=_compile_words(data["colors"], has_spaces),
        labels=data["labels"],
        lists={name: tuple(words) for name, words in data["lists"].items()},
        texts={kind: tuple(texts) for kind, texts in data["texts"].items()},
        nouns=data["nouns"],
        asks=data["asks"],
    )


def list_vocabularies() -> tuple[Vocabulary, ...]:
    """Return the vocabularies of all languages, for what a prompt may say in another one than its own."""
    return tuple(load_vocabulary(language) for language in LANGUAGES)


def _compile_called(pattern: str) -> re.Pattern[str]:
    """Compile a pattern whose words may be in any case and whose name begins with a capital."""
    head, found, _ = pattern.partition("{name}")
    return re.compile(f"(?i:{head}){NAME}") if found else re.compile(pattern)


def _compile_words(words: Mapping[str, str], has_spaces: bool) -> dict[str, re.Pattern[str]]:
    compound = f"(?:{COMPOUND})?" if has_spaces else ""
    return {
        name: _compile_pattern(f"(?:{pattern}){compound}", has_spaces)
        for name, pattern in words.items()
    }


def _compile_pattern(pattern: str, has_spaces: bool, *, is_whole: bool = True) -> re.Pattern[str]:
    """Compile a pattern of words where the language has spaces between them; `is_whole`: of whole ones,
    else of their beginnings.
    """
    begin, end = (r"(?<!\w)", r"(?!\w)" if is_whole else "") if has_spaces else ("", "")
    return re.compile(f"{begin}(?:{pattern}){end}", re.IGNORECASE)
