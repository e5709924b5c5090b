"""What a prompt names, found by rule: language, kind of page, sections with counts, name, look.

Nothing here invents a text; what a rule does not find is left empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from studio.pipeline.editing.restyling.requests import COLORS
from studio.pipeline.outline.language import detect_language, find_language
from studio.pipeline.outline.placeholders import ARTICLES, NAMED_BY_TITLE
from studio.pipeline.outline.schema import PAGE_KINDS, Density, PageKind, ThemeKey
from studio.pipeline.outline.section_kinds import SECTION_KINDS, SPECS, SectionKind
from studio.pipeline.outline.topics import find_topic
from studio.pipeline.outline.vocabulary import WITHOUT_SPACES, Vocabulary, load_vocabulary

HEX = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
# Shades that COLORS has not: they suit headings and buttons.
SHADES = {
    **COLORS,
    "mono": "#1c1c1c",
    "olive": "#6b7a3a",
    "navy": "#1e3a6e",
    "amber": "#b7791f",
    "brown": "#8a4b2a",
}
DARKER = re.compile(
    r"\b(?:dark|deep|forest|dunkel\w*|wald\w*|foncé|sombre|oscuro|escuro|scuro|т[её]мно)[\s-]*$|深$",
    re.IGNORECASE,
)
DARKER_AFTER = re.compile(r"\s+(?:oscur|escur|scur|foncé|sombre)", re.IGNORECASE)
DARK_PREFIX = re.compile(r"dunkel|wald|dark|deep|т[её]мно|深", re.IGNORECASE)
DARKER_SHADES = {
    "green": "#1f5d3b",
    "blue": "#1e3a6e",
    "red": "#8f1d2c",
    "teal": "#115e59",
    "violet": "#4c1d95",
    "brown": "#5f3418",
}
# Kinds of pages whose word names the thing itself, not a page of it.
THINGS: tuple[PageKind, ...] = ("place", "shop", "event")
PAGE_WORDS = re.compile(
    r"page|site|seite|página|pagina|сайт|страниц|лендинг|首页|网页|ページ|サイト", re.I
)
MOST_SUBJECT = 70  # characters; a longer phrase is no name of a thing
# What begins a list of parts.
WITH = re.compile(r"\s(?:with|mit|avec|con|com|с|со)\s|\sincluding\s", re.IGNORECASE)
# How far before a section its count may stand: "three featured products", "4 small cards".
NEAR = 24
# Classifiers between a number and what it counts.
CLASSIFIERS = "个|款|项|种|条|张|位|道|名|家|つ|件|点|枚|種類|人"
# What is counted on a page of this kind under a name that is no section's: "four bikes" in a shop.
COUNTED: Mapping[PageKind, SectionKind] = MappingProxyType(
    {"shop": "products", "portfolio": "gallery"}
)
# Sections of a screen, whose title is what they show.
TITLED: tuple[SectionKind, ...] = ("chart", "table", "list")
# Languages in which a word of a sentence may be no title: "mit drei Kursen".
WITH_CASES = ("de", "ru")
# What stands before a screen's word where that comes last: 一张销售图表, 売上のグラフ.
SHOWN_BEFORE = re.compile(r"(?P<shown>[^\s，、,。；：]{2,14}?)[の的]?$")
RECENT = ("最近", "最新", "近期")  # says when, not what
GENITIVE_ADJECTIVE = re.compile(r"^(\w+e)n (?=[A-ZÄÖÜ])")  # German: der offenen Rechnungen
LISTS = re.compile(r"[:：]|包含|包括")  # what begins a list where no "with" does
# What begins a clause about a thing, not a part of its name.
RELATIVE = re.compile(
    r"\s(?:who|that|which|in|for|from|of|by|at|on|die|der|das|für|von|aus|im|qui|que|dont|pour|de|du|para|en|em|"
    r"che|per|di|da|который|которые|для|из|в)\s",
    re.IGNORECASE,
)
# "four columns", "den Spalten" before the names of a board's columns.
COLUMNS = re.compile(
    r"^(?:\w+\s+){0,2}(?:columns?|spalten|colonnes|columnas|colunas|colonne|колон\w+|столб\w+)\s*:?\s*|^列[:：]?",
    re.IGNORECASE,
)
USUAL_COLUMNS = frozenset(
    ["backlog", "todo", "to do", "doing", "in progress", "review", "testing", "blocked", "done"]
)
LONGEST_TITLE = 40  # characters
MOST_COLUMN_WORDS = 3  # of the name of a board's column
FOOD_TOPICS = ("food", "coffee", "bread", "wine")  # a place of these counts what is on its menu


@dataclass(frozen=True, slots=True)
class NamedSection:
    """A section that the prompt names. `count`: of its items, 0 where none is named.

    `title`: what the prompt calls it, or what a screen shows ("a chart of deliveries"). `items`: the
    names of its items.
    """

    kind: SectionKind
    count: int = 0
    title: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptFacts:
    """What a prompt names. Empty fields were not named."""

    language: str = "en"
    kind: PageKind | None = None
    name: str = ""
    subject: str = ""
    sections: tuple[NamedSection, ...] = ()
    without: frozenset[SectionKind] = field(default_factory=frozenset)
    moods: tuple[ThemeKey, ...] = ()
    colors: tuple[str, ...] = ()
    is_dark: bool = False
    density: Density = "normal"


def read_prompt(prompt: str) -> PromptFacts:
    """Return what the prompt names; it is read in its own language, whatever the page's."""
    words = load_vocabulary(detect_language(prompt))
    subject = find_subject(prompt, words)
    without, rest = _take_exclusions(prompt, words)
    kind = find_page_kind(prompt, words)
    counted = COUNTED.get(kind) if kind else None
    if kind == "place" and find_topic(subject, prompt) in FOOD_TOPICS:
        counted = "menu"
    return PromptFacts(
        language=find_language(prompt),
        kind=kind,
        name=find_name(prompt, words),
        subject=subject,
        sections=_read_sections(rest, words, counted, find_language(prompt)),
        without=without,
        moods=tuple(_find_moods(rest, words)),
        colors=tuple(find_colors(rest, words)),
        is_dark=_is_dark(rest, find_name(prompt, words), words),
        density=_find_density(rest, words),
    )


def _read_sections(
    prompt: str, words: Vocabulary, counted: SectionKind | None, language: str
) -> tuple[NamedSection, ...]:
    """Return the sections; a page in another language than its prompt has titles of ours."""
    sections = tuple(find_sections(prompt, words, counted))
    if language == words.language:
        return sections
    return tuple(replace(section, title="", items=()) for section in sections)


def find_page_kind(prompt: str, words: Vocabulary) -> PageKind | None:
    """Return the kind of page whose word stands first; applications before all others."""
    found = {
        kind: match.start()
        for kind, pattern in words.pages.items()
        if (match := pattern.search(prompt))
    }
    app_kinds = [kind for kind in PAGE_KINDS if kind in found and kind in _APPS]
    if app_kinds:
        return app_kinds[0]
    first = min(found, key=lambda kind: found[kind], default=None)
    return next((kind for kind in PAGE_KINDS if kind == first), None)


_APPS = ("dashboard", "board", "inbox", "chat", "settings", "signin")


def find_sections(
    prompt: str, words: Vocabulary, counted: SectionKind | None = None
) -> Iterator[NamedSection]:
    """Yield the sections that the prompt names, each once, in the order of mention.

    `counted`: the section of things that have a number and a name which is no section's, if any.
    """
    mentions = _find_mentions(prompt, words)
    if counted is not None and all(mention.kind != counted for mention in mentions):
        mentions += _find_counted(prompt, words, counted, mentions)
        mentions.sort(key=lambda mention: mention.start)
    counts: dict[SectionKind, int] = {}
    titles: dict[SectionKind, str] = {}
    previous_end = 0
    for mention in mentions:
        count = _find_count(prompt[max(previous_end, mention.start - NEAR) : mention.start], words)
        if words.language == "ja":
            count = count or _find_count_after(prompt[mention.end :])
        counts[mention.kind] = max(counts.get(mention.kind, 0), count)
        if mention.kind in TITLED:
            titles.setdefault(mention.kind, find_screen_title(prompt, mention, words))
        elif mention.kind in NAMED_BY_TITLE and words.language not in WITH_CASES:
            called = prompt[mention.start : mention.end].strip()
            titles.setdefault(mention.kind, _make_title(called, mention.kind, words))
        previous_end = mention.end
    for kind, count in counts.items():
        _, _, most = SPECS[kind].items
        items = find_columns(prompt, words) if kind == "board" else ()
        count = len(items) or min(count, most)
        yield NamedSection(kind, count, titles.get(kind, ""), items)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a prompt, from `start` to `end`, that name a section."""

    start: int
    end: int
    kind: SectionKind


def _make_title(called: str, kind: SectionKind, words: Vocabulary) -> str:
    """Return what a prompt calls a section as its title; "" where ours says as much: the usual noun, or
    one of several things ("three ticket types").
    """
    pattern = words.sections[kind]
    is_one = not called.endswith("s") and pattern.fullmatch(f"{called}s") is not None
    is_usual = called.lower() == words.get_noun(kind).lower()
    return "" if is_one or is_usual else called[0].upper() + called[1:]


def _find_mentions(prompt: str, words: Vocabulary) -> list[Mention]:
    """Return the words that name sections, first to last.

    The longer of two mentions that overlap wins: "booking form" is no booking of its own. Two of one
    kind that stand together are one: "ticket prices".
    """
    found = [
        Mention(match.start(), match.end(), kind)
        for kind in SECTION_KINDS
        for match in words.sections[kind].finditer(prompt)
    ]
    mentions: list[Mention] = []
    for mention in sorted(found, key=lambda one: (one.start, -one.end)):
        last = mentions[-1] if mentions else None
        if last is None or mention.start >= last.end:
            if last and last.kind == mention.kind and prompt[last.end : mention.start] == " ":
                mention = replace(mentions.pop(), end=mention.end)
            mentions.append(mention)
    return mentions


def _find_counted(
    prompt: str, words: Vocabulary, kind: SectionKind, mentions: Sequence[Mention]
) -> list[Mention]:
    """Return the things of which the prompt's list of parts counts several, but for sections and
    measures: "with four bikes", not "run by two sisters".
    """
    begins = WITH.search(prompt) or LISTS.search(prompt)
    if begins is None:
        return []
    numbers = rf"(?:[2-9]|[1-9]\d|{_join_numbers(words, least=2)})"
    if words.language in WITHOUT_SPACES:
        pattern = rf"{numbers}\s*(?:{CLASSIFIERS})の?(?P<thing>[^\s，、,。；：的]{{1,6}})"
    else:
        pattern = rf"(?<!\w){numbers}\s+(?P<thing>[^\W\d_][^\s,.;:]*(?:\s+[^\s,.;:]+){{0,2}})"
    found = []
    for match in re.compile(pattern, re.IGNORECASE).finditer(prompt, begins.end()):
        thing = WITH.split(words.joins.split(match["thing"], maxsplit=1)[0], maxsplit=1)[0]
        thing = RELATIVE.split(thing, maxsplit=1)[0].rstrip()
        start = match.start("thing")
        end = start + len(thing)
        is_section = any(start < one.end and one.start < end for one in mentions)
        if thing and not is_section and not words.measures.search(thing):
            found.append(Mention(start, end, kind))
    return found


def find_screen_title(prompt: str, mention: Mention, words: Vocabulary) -> str:
    """Return what a chart, a table or a list shows: "a table of open tickets"; "" where it is not said."""
    if words.of is None:
        return _find_shown_before(prompt[: mention.start], words)
    after = prompt[mention.end :].lstrip()
    of = words.of.match(after)
    if of is None:
        return ""
    shown = re.split(r"[,.;:\n]", words.joins.split(after[of.end() :], maxsplit=1)[0])[0].strip()
    if words.language == "de":
        shown = GENITIVE_ADJECTIVE.sub(r"\1 ", shown)
    is_title = 2 < len(shown) <= LONGEST_TITLE
    return shown[0].upper() + shown[1:] if is_title else ""


def _find_shown_before(before: str, words: Vocabulary) -> str:
    found = SHOWN_BEFORE.search(words.joins.split(before)[-1])
    if found is None:
        return ""
    count = rf"^.*(?:\d{{1,2}}|{_join_numbers(words)})\s*(?:{CLASSIFIERS}|幅)の?"
    shown = re.sub(rf"{count}|^(?:包含|包括|带有|带|有)", "", found["shown"])
    return shown if len(shown) > 1 and shown not in RECENT else ""


def find_columns(prompt: str, words: Vocabulary) -> tuple[str, ...]:
    """Return the names that a prompt gives the columns of its board; empty where it gives none."""
    colon = re.search(r"[:：]", prompt)
    begins = colon or WITH.search(prompt) or LISTS.search(prompt)
    if begins is None:
        return ()
    listed = re.split(r"[.;。\n]", prompt[begins.end() :])[0].strip()
    bare = COLUMNS.sub("", listed)
    parts = [part.strip() for part in re.split(rf"[,，]|{words.joins.pattern}", bare, flags=re.I)]
    names = [part for part in parts if part]
    _, _, most = SPECS["board"].items
    usual = {name.lower() for name in words.lists["columns"]} | USUAL_COLUMNS
    is_named = bare != listed or any(name.lower() in usual for name in names)
    is_list = 2 < len(names) <= most and all(_is_column(name, words) for name in names)
    return tuple(name[0].upper() + name[1:] for name in names) if is_list and is_named else ()


def _is_column(name: str, words: Vocabulary) -> bool:
    counts = re.search(rf"\d|(?<!\w)(?:{_join_numbers(words)})(?!\w)", name, re.IGNORECASE)
    return counts is None and len(name.split()) <= MOST_COLUMN_WORDS and len(name) <= LONGEST_TITLE


def _join_numbers(words: Vocabulary, least: int = 0) -> str:
    """Return the names of the numbers from `least` up as alternatives of a pattern, longer ones first."""
    names = [name for name, number in words.numbers.items() if number >= least]
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


def _find_count(before: str, words: Vocabulary) -> int:
    """Return the number that stands before a section's word; 0 where there is none."""
    names = _join_numbers(words)
    if words.language in WITHOUT_SPACES:
        found = re.search(rf"(\d{{1,2}}|{names})\s*(?:{CLASSIFIERS})?の?[^，、,。]{{0,4}}$", before)
    else:
        found = re.search(
            rf"(?<!\w)(\d{{1,2}}|{names})\s+(?:[^\s,.;:]+\s+){{0,2}}$", before, re.IGNORECASE
        )
    if found is None:
        return 0
    text = found[1].lower()
    number = int(text) if text.isdecimal() else words.numbers.get(text, 0)
    return number if number > 1 or text.isdecimal() else 0


def _find_count_after(after: str) -> int:
    """Return the number behind a section's word, where Japanese puts it: 特徴を4つ."""
    found = re.match(r"(?:を|は|が)?(\d{1,2})(?:つ|個|件|点|枚|名|種類)?", after)
    return int(found[1]) if found else 0


def _take_exclusions(prompt: str, words: Vocabulary) -> tuple[frozenset[SectionKind], str]:
    """Return the sections that the prompt excludes, and the prompt without these phrases."""
    without: set[SectionKind] = set()
    rest = prompt
    for kind in SECTION_KINDS:
        pattern = words.sections[kind].pattern
        after = words.language == "ja"
        phrase = f"{pattern}(?:は|を)?{words.without}" if after else f"{words.without}{pattern}"
        rest, number = re.subn(phrase, " ", rest, flags=re.IGNORECASE)
        if number:
            without.add(kind)
    return frozenset(without), rest


def find_name(prompt: str, words: Vocabulary) -> str:
    """Return the name that the prompt gives; empty where it gives none."""
    for pattern in words.called:
        if match := pattern.search(prompt):
            groups = match.groupdict()
            return (groups.get("quoted") or groups.get("name") or "").strip(" .,")
    quoted = re.search(r"[\"“„«「](?P<name>[^\"”“»」]{2,30})[\"”“»」]", prompt)
    return quoted["name"].strip() if quoted else _find_capitalized(prompt, words)


def _find_capitalized(prompt: str, words: Vocabulary) -> str:
    """Return two or more capitalized words inside a sentence; German writes every noun so."""
    if words.language in ("de", *WITHOUT_SPACES):
        return ""
    word = r"[A-ZÀ-ÞА-ЯЁ][\w’'-]+"
    glue = r"\s+(?:&|and|et|y|e|i)?\s*"
    pattern = rf"(?<=[a-zà-ÿа-яё,:]\s)(?P<name>{word}(?:{glue}{word}){{1,3}})"
    found = re.search(pattern, prompt)
    if found is None or re.search(r"\b(?:in|à|en|em|a|в)\s+$", prompt[: found.start()]):
        return ""
    return found["name"]


def find_subject(prompt: str, words: Vocabulary) -> str:
    """Return what the page is about, as the prompt says it: "a bakery in Porto"."""
    for pattern in words.about:
        for match in pattern.finditer(prompt):
            subject = words.cut.sub("", match["subject"]).strip(" ,.:;-")
            for called in words.called:
                subject = called.sub("", subject).strip(" ,.:;-")
            subject = _drop_color(subject, words)
            if 1 < len(subject) <= MOST_SUBJECT:
                return subject
    return _find_leading_subject(prompt, words)


def _find_leading_subject(prompt: str, words: Vocabulary) -> str:
    """Return the first clause where it names a place, a shop or an event: "A hotel by the sea"."""
    clause = words.cut.sub("", re.split(r"[.,;:\n]", prompt)[0]).strip()
    names_thing = any(words.pages[kind].search(clause) for kind in THINGS)
    if names_thing and len(clause) <= MOST_SUBJECT and not PAGE_WORDS.search(clause):
        return clause
    return ""


def _drop_color(subject: str, words: Vocabulary) -> str:
    """Return the subject without a color at its end: "a film festival in red"."""
    for pattern in words.colors.values():
        subject = re.sub(
            rf"\s+(?:in|en|em|auf)\s+(?:\w+\s+)?{pattern.pattern}$",
            "",
            subject,
            flags=re.IGNORECASE,
        )
    return subject


def find_brief(prompt: str) -> str:
    """Return what a writer should know of the page: its subject with all that is said of it.

    A whole prompt would be repeated by a small model: "Landing page with three services". What follows
    a name and begins with an article says what it is: "for Keyring, a password manager".
    """
    words = load_vocabulary(detect_language(prompt))
    for pattern in words.about:
        for match in pattern.finditer(prompt):
            brief = WITH.split(match["subject"])[0].strip(" ,.:;-")
            if len(brief) > 1:
                is_name = brief.split()[0].lower() not in ARTICLES
                after = prompt[match.end("subject") :]
                return brief + _find_apposition(after) if is_name else brief
    first = WITH.split(prompt)[0].strip(" ,.:;-")
    return first if " " in first or words.language in WITHOUT_SPACES else prompt.strip()


def _find_apposition(after: str) -> str:
    """Return the clause behind a comma that begins with an article, with its comma; else ""."""
    found = re.match(r",\s+(?P<clause>(?P<first>[^\W\d_]+)\s[^.,;:\n]+)", after)
    if found is None or found["first"].lower() not in ARTICLES:
        return ""
    return f", {WITH.split(found['clause'])[0].strip()}"


def find_colors(prompt: str, words: Vocabulary) -> Iterator[str]:
    """Yield the colors that the prompt names as '#rrggbb', in the order of mention."""
    found: dict[int, tuple[int, str]] = {}  # place → length of the words, color
    for match in HEX.finditer(prompt):
        found[match.start()] = len(match[0]), _write_long(match[0].lower())
    for name, pattern in words.colors.items():
        for match in pattern.finditer(prompt):
            shades: Mapping[str, str] = DARKER_SHADES if _is_darker(prompt, match) else {}
            color = shades.get(name) or SHADES[name]
            known = found.get(match.start(), (0, ""))
            found[match.start()] = max(known, (len(match[0]), color))
    yield from dict.fromkeys(found[place][1] for place in sorted(found))


def _is_darker(prompt: str, color: re.Match[str]) -> bool:
    """Whether a word before, after or in the color makes it dark."""
    before, after = prompt[: color.start()], prompt[color.end() :]
    return bool(DARKER.search(before) or DARKER_AFTER.match(after) or DARK_PREFIX.match(color[0]))


def _write_long(color: str) -> str:
    if len(color) == 7:
        return color
    return "#" + "".join(2 * digit for digit in color[1:])


def _find_moods(prompt: str, words: Vocabulary) -> Iterator[ThemeKey]:
    order: tuple[ThemeKey, ...] = ("bold", "calm", "warm", "editorial", "tech", "clear")
    for theme in order:
        if words.moods[theme].search(prompt):
            yield theme


def _is_dark(prompt: str, name: str, words: Vocabulary) -> bool:
    """Whether a dark page is asked for: a dark color is none, nor a name with "night" in it."""
    rest = prompt.replace(name, " ") if name else prompt
    dark = words.moods["dark"].pattern
    for pattern in words.colors.values():
        color = pattern.pattern
        rest = re.sub(f"{color}\\s+{dark}|{dark}\\s*{color}", " ", rest, flags=re.IGNORECASE)
    return words.moods["dark"].search(rest) is not None


def _find_density(prompt: str, words: Vocabulary) -> Density:
    if words.moods["compact"].search(prompt):
        return "compact"
    return "airy" if words.moods["airy"].search(prompt) else "normal"
