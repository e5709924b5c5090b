"""What a person wants changed of a page from an outline, read by rule in any of the languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from studio.pipeline.outline.language import IN, NAMED, detect_language
from studio.pipeline.outline.prompt_reading import NamedSection, find_colors, find_sections
from studio.pipeline.outline.schema import Density, Outline, ThemeKey
from studio.pipeline.outline.section_kinds import SPECS, SectionKind
from studio.pipeline.outline.vocabulary import NAME, Vocabulary, load_vocabulary

Action = Literal[
    "add",
    "remove",
    "move",
    "layout",
    "columns",
    "count",
    "rename",
    "text",
    "theme",
    "dark",
    "accent",
    "density",
    "translate",
]
Where = Literal["", "before", "after", "first", "last", "up", "down"]


@dataclass(frozen=True, slots=True)
class Wish:
    """One change. `kind` is the section it is about, `value` what it becomes, `other` the section or
    text that it refers to.
    """

    action: Action
    kind: SectionKind | None = None
    value: str = ""
    number: int = 0
    where: Where = ""
    other: str = ""


WISH_NOT_READ = (
    "Nothing in the instructions was understood. Without a model that writes, they can ask for sections to be added, "
    "removed or moved, their layout, columns or number of items, a theme, a dark or a light page, an accent color, "
    "compact or airy spacing, a new name, another language, or “this text” as “that text”."
)
FILE = Path(__file__).parent / "wish_words.toml"
QUOTED = r"[\"“„«「'‘]([^\"”“»」'’]{1,200})[\"”“»」'’]"
# "as" and "to" of the languages before a name without quotation marks.
NEW_NAME = re.compile(rf"(?<!\w)(?:to|as|into|in|zu|en|à|a|para|come|в|на)\s+{NAME}\W*$")
JOINS = r"(\s(?:and|but|und|aber|et|mais|y|e|pero|mas|ma|и|но)\s|并且?|但是?|、そして)"
VERBS = ("add", "remove", "move", "rename", "change", "translate", "keep")
FIRST_WORDS = 2  # of a clause, one of which is its verb: "and please remove"
THEMES: tuple[ThemeKey, ...] = ("bold", "calm", "warm", "editorial", "tech", "clear")
CLAUSES = r"[.;!?\n。；！？]|,\s*(?:and|und|et|y|e|и)\s|\b(?:and then|then|dann|puis|luego|depois|poi|затем)\b"


def read_wishes(prompt: str, outline: Outline) -> list[Wish]:
    """Return the changes that the prompt asks for; empty where a clause is not understood.

    Half a wish is no wish: what a rule cannot read as a whole is left to a model.
    """
    for language in dict.fromkeys((detect_language(prompt), outline.language)):
        wishes = _read_in_language(prompt, load_vocabulary(language), outline)
        if wishes:
            return wishes
    return []


def _read_in_language(prompt: str, words: Vocabulary, outline: Outline) -> list[Wish]:
    wishes: list[Wish] = []
    for clause in split_clauses(prompt):
        if _asks_for_nothing(clause):
            continue
        found = list(read_clause(clause, words, outline))
        if not found:
            return []
        wishes += found
    return wishes


def _asks_for_nothing(clause: str) -> bool:
    """Return True for what shall stay: "but keep the team"."""
    return has_word("keep", " ".join(clause.split()[:FIRST_WORDS]))


def split_clauses(prompt: str) -> list[str]:
    """Split at the ends of sentences outside quotation marks."""
    quotes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quotes.append(match[0])
        return f"§{len(quotes) - 1}§"

    plain = re.sub(QUOTED, keep, prompt)
    sentences = re.split(CLAUSES, plain, flags=re.IGNORECASE)
    clauses = [clause.strip(" ,") for one in sentences for clause in _split_at_verbs(one)]
    return [
        re.sub(r"§(\d+)§", lambda match: quotes[int(match[1])], clause)
        for clause in clauses
        if clause
    ]


def _split_at_verbs(clause: str) -> list[str]:
    """Split at "and" and "but" where a verb of wishes follows: "remove the FAQ and add a newsletter"."""
    parts = re.split(JOINS, clause, flags=re.IGNORECASE)
    clauses = parts[:1]
    for join, part in zip(parts[1::2], parts[2::2], strict=True):
        first = " ".join(part.split()[:FIRST_WORDS])
        if any(has_word(verb, first) for verb in VERBS):
            clauses.append(part)
        else:
            clauses[-1] += join + part
    return clauses


def read_clause(clause: str, words: Vocabulary, outline: Outline) -> Iterator[Wish]:
    """Yield the changes that one clause asks for; nothing where it is not understood."""
    quoted = [text.strip() for text in re.findall(QUOTED, clause)]
    plain = re.sub(QUOTED, " ", clause)
    sections = [] if has_word("part", plain) else list(find_sections(plain, words))
    if has_word("translate", plain):
        yield from _read_translation(plain)
    elif has_word("rename", plain) and (name := quoted[-1] if quoted else _find_new_name(plain)):
        yield from _read_naming(name, plain, sections, outline)
    elif len(quoted) == 2 and (has_word("change", plain) or "→" in plain):
        yield Wish("text", other=quoted[0], value=quoted[1])
    elif has_word("remove", plain) and sections:
        for one in sections:
            yield Wish("remove", one.kind)
    elif has_word("add", plain) and sections:
        yield from _read_addition(plain, words)
    elif sections and (columns := _find_columns(plain, words)):
        yield Wish("columns", sections[0].kind, number=columns)
    elif sections and (layout := _find_layout(plain, sections[0].kind)):
        yield Wish("layout", sections[0].kind, value=layout)
    elif has_word("move", plain) and (moves := list(_read_move(plain, words))):
        yield from moves
    elif sections and sections[0].count:
        yield Wish("count", sections[0].kind, number=sections[0].count)
    # "a red button" in a section does not ask for a red page, nor does "a red line".
    elif not sections and not has_word("detail", plain):
        yield from _read_look(plain, words, outline)


@cache
def _load_words() -> Mapping[str, re.Pattern[str]]:
    """Return verb or place → pattern; layouts under "layout NAME"."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    patterns = data["verbs"] | {f"layout {name}": text for name, text in data["layouts"].items()}
    return {name: re.compile(text, re.IGNORECASE) for name, text in patterns.items()}


def has_word(kind: str, text: str) -> bool:
    """Return True if the text has a word of this kind of wish_words.toml, in any of the languages."""
    return _load_words()[kind].search(text) is not None


def _names_layout(layout: str, text: str) -> bool:
    pattern = _load_words().get(f"layout {layout}")
    return pattern is not None and pattern.search(text) is not None


def _read_naming(
    name: str, clause: str, sections: Sequence[NamedSection], outline: Outline
) -> Iterator[Wish]:
    """Yield the change of the page's name, or of the title of the one section that the clause names; nothing
    for a button or an entry, which have no name here.
    """
    if has_word("part", clause) or has_word("detail", clause) or has_word("entry", clause):
        return
    if not sections:
        yield Wish("rename", value=name)
        return
    section = outline.find(sections[0].kind) if len(sections) == 1 else None
    if section is not None and section.title:
        yield Wish("text", other=section.title, value=name)


def _find_new_name(clause: str) -> str:
    """Return the name at the clause's end that begins with a capital: "rename the shop to Elm Street"."""
    found = NEW_NAME.search(clause)
    return found["name"] if found else ""


def _read_translation(clause: str) -> Iterator[Wish]:
    for language, names in NAMED.items():
        if re.search(rf"{IN}?(?:{names})(?!\w)", clause, re.IGNORECASE):
            yield Wish("translate", value=language)
            return


def _read_addition(clause: str, words: Vocabulary) -> Iterator[Wish]:
    head, where, other = _split_at_place(clause, words)
    for one in find_sections(head, words):
        yield Wish("add", one.kind, number=one.count, where=where, other=other)


def _read_move(clause: str, words: Vocabulary) -> Iterator[Wish]:
    head, where, other = _split_at_place(clause, words)
    moved = next(iter(find_sections(head, words)), None)
    if moved is None:
        return
    if not where:
        places: tuple[tuple[str, Where], ...] = (
            ("first", "first"),
            ("last", "last"),
            ("up", "up"),
            ("down", "down"),
        )
        where = next((name for verb, name in places if has_word(verb, clause)), "")
    if where:
        yield Wish("move", moved.kind, where=where, other=other)


def _split_at_place(clause: str, words: Vocabulary) -> tuple[str, Where, str]:
    """Return what stands before "above" or "below", that place, and the section named after it."""
    pairs: tuple[tuple[str, Where], ...] = (("before", "before"), ("after", "after"))
    for verb, where in pairs:
        for match in _load_words()[verb].finditer(clause):
            if words.language in ("zh", "ja"):  # "在价格之前": the section stands before its place
                other = list(find_sections(clause[: match.start()], words))
                others = list(find_sections(clause, words))
                if len(others) > 1 and other:
                    head = "".join(words.get_noun(one.kind) for one in others if one != other[-1])
                    return head, where, other[-1].kind
                continue
            other = list(find_sections(clause[match.end() :], words))
            if other:
                return clause[: match.start()], where, other[0].kind
    return clause, "", ""


def _find_columns(clause: str, words: Vocabulary) -> int:
    found = _load_words()["columns"].search(clause)
    if found is None:
        return 0
    text = found[1].lower()
    number = int(text) if text.isdecimal() else words.numbers.get(text, 0)
    return number if 1 <= number <= 6 else 0


def _find_layout(clause: str, kind: SectionKind) -> str:
    layouts = SPECS[kind].layouts
    return next((name for name in layouts if _names_layout(name, clause)), "")


def _read_look(clause: str, words: Vocabulary, outline: Outline) -> Iterator[Wish]:
    if words.moods["dark"].search(clause):
        yield Wish("dark", value="dark")
    elif has_word("light", clause):
        yield Wish("dark", value="light")
    for theme in THEMES:
        if words.moods[theme].search(clause) and theme != outline.look.theme:
            yield Wish("theme", value=theme)
            break
    densities: tuple[Density, ...] = ("compact", "airy")
    for density in densities:
        if words.moods[density].search(clause):
            yield Wish("density", value=density)
    color = next(find_colors(clause, words), "")
    if color:
        yield Wish("accent", value=color)
