"""What words can ask of a page that a small model made: its theme, density, accent colour, and
parts to leave out.

The model that ships labels, it does not read sentences; these few wishes are found in them by rule,
and whatever else was said is told back, never taken for done.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal


class ThemeName(StrEnum):
    AS_IT_IS = ""
    DARK = "dark"
    LIGHT = "light"


Part = Literal["header", "navigation", "sidebar", "footer", "form", "table", "pictures", "icons"]

COMPACT, AIRY = 0.75, 1.35  # times every space
CAN = (
    "a dark or a light theme, compact or airy spacing, an accent colour, and leaving out the header, the navigation, "
    "the sidebar, the footer, forms, tables, pictures or icons"
)
NOT_READ = f"Without a model that writes, words can ask of a whole page for {CAN}; nothing of that was found in these."
# The words for colours that people use, as CSS has them or a shade that suits buttons.
COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "red": "#dc2626",
        "crimson": "#dc143c",
        "maroon": "#800000",
        "orange": "#ea580c",
        "amber": "#d97706",
        "gold": "#ca8a04",
        "yellow": "#eab308",
        "lime": "#65a30d",
        "green": "#16a34a",
        "emerald": "#059669",
        "olive": "#808000",
        "teal": "#0d9488",
        "cyan": "#0891b2",
        "turquoise": "#14b8a6",
        "sky": "#0284c7",
        "blue": "#2563eb",
        "navy": "#1e3a8a",
        "indigo": "#4f46e5",
        "violet": "#7c3aed",
        "purple": "#9333ea",
        "magenta": "#c026d3",
        "fuchsia": "#c026d3",
        "pink": "#db2777",
        "rose": "#e11d48",
        "brown": "#92400e",
    }
)
SHADES = {"dark": "dark", "deep": "dark", "light": "light", "pale": "light", "bright": ""}
PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "header": "header",
        "nav": "navigation",
        "navigation": "navigation",
        "navbar": "navigation",
        "menu": "navigation",
        "menus": "navigation",
        "sidebar": "sidebar",
        "aside": "sidebar",
        "footer": "footer",
        "form": "form",
        "forms": "form",
        "table": "table",
        "tables": "table",
        "picture": "pictures",
        "pictures": "pictures",
        "image": "pictures",
        "images": "pictures",
        "photo": "pictures",
        "photos": "pictures",
        "icon": "icons",
        "icons": "icons",
    }
)
_WITHOUT = r"(?:without|remove|delete|drop|hide|leave\s+out|get\s+rid\s+of|no)"
_ARTICLE = r"(?:the|any|all|a|an|its)"
_PART = "|".join(sorted(PARTS, key=len, reverse=True))
_LIST = rf"(?:{_ARTICLE}\s+)?(?:{_PART})\b"
WITHOUT = re.compile(
    rf"\b{_WITHOUT}\s+({_LIST}(?:(?:\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+){_LIST})*)", re.I
)
COLOUR = re.compile(
    rf"(#[0-9a-f]{{6}}\b|#[0-9a-f]{{3}}\b)|\b(?:({'|'.join(SHADES)})[\s-]+)?({'|'.join(COLOURS)})(?:ish)?\b",
    re.I,
)
REPLACED = re.compile(
    rf"\b(?:instead\s+of|not|rather\s+than|replac\w+)\s+(?:the\s+)?(?:{COLOUR.pattern})", re.I
)
COMPACTER = re.compile(
    r"\b(?:(?:more\s+)?compact(?:er)?|(?:more\s+)?dense(?:r)?|tight(?:er)?|less\s+(?:white\s*)?(?:space|spacing|padding))"
    r"(?:\s+(?:spacing|layout))?\b",
    re.I,
)
AIRIER = re.compile(
    r"\b(?:(?:more\s+)?(?:airy|spacious|roomy)|airier|roomier|looser|more\s+(?:white\s*)?(?:space|spacing|padding|air)"
    r"|(?:more\s+)?breathing\s+room)(?:\s+(?:spacing|layout))?\b",
    re.I,
)
DARK = re.compile(
    r"\b(?:dark(?:er)?|black)(?:[\s-]+(?:mode|theme|version|background|ground))?\b|\bnight\s+mode\b",
    re.I,
)
LIGHT = re.compile(
    r"\b(?:light(?:er)?|white)[\s-]+(?:mode|theme|version|background|ground)\b|\b(?:make\s+it|turn\s+it)\s+light(?:er)?\b",
    re.I,
)
IDLE = frozenset(
    {
        "a",
        "accent",
        "accents",
        "all",
        "also",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "button",
        "buttons",
        "change",
        "color",
        "colors",
        "colour",
        "colours",
        "easy",
        "everything",
        "for",
        "go",
        "have",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "let",
        "lets",
        "like",
        "link",
        "links",
        "look",
        "looks",
        "main",
        "make",
        "me",
        "mode",
        "my",
        "of",
        "on",
        "one",
        "or",
        "page",
        "page's",
        "please",
        "primary",
        "same",
        "set",
        "should",
        "site",
        "so",
        "switch",
        "that",
        "the",
        "theme",
        "theme's",
        "then",
        "this",
        "to",
        "turn",
        "use",
        "version",
        "want",
        "was",
        "we",
        "website",
        "whole",
        "with",
        "would",
        "you",
    }
)


@dataclass(frozen=True, slots=True)
class RestyleRequests:
    """`density`: times every space; `accent`: '#rrggbb' or empty; `left`: the words that nothing
    was made of.
    """

    theme: ThemeName = ThemeName.AS_IT_IS
    density: float = 1.0
    accent: str = ""
    without: frozenset[Part] = frozenset()
    left: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.theme or self.density != 1.0 or self.accent or self.without)


def read_words(prompt: str) -> RestyleRequests:
    """What of `prompt` can be carried out, and the words that are left over.

    A clause of which anything is left over is left as a whole: 'move the red button' asks for no
    red page.
    """
    lists: list[str] = []

    def kept(found: re.Match[str]) -> str:
        lists.append(found[1])
        return f" §{len(lists) - 1}§ "

    out = RestyleRequests()
    for clause in re.split(r"[.;!?\n]|,|\band\b|\bbut\b", WITHOUT.sub(kept, prompt), flags=re.I):
        found = _read_clause(clause, lists)
        if found.left:
            found = RestyleRequests(left=found.left)
        out = RestyleRequests(
            found.theme or out.theme,
            found.density if found.density != 1.0 else out.density,
            found.accent or out.accent,
            out.without | found.without,
            out.left + found.left,
        )
    return out


def _read_clause(rest: str, lists: Sequence[str]) -> RestyleRequests:
    named = [lists[int(number)] for number in re.findall(r"§(\d+)§", rest)]
    without = {
        PARTS[word]
        for words in named
        for word in re.findall(r"[a-z]+", words.lower())
        if word in PARTS
    }
    rest = REPLACED.sub(" ", re.sub(r"§\d+§", " ", rest))
    colour = COLOUR.search(rest)
    if colour is not None:
        rest = rest[: colour.start()] + " " + rest[colour.end() :]
    density, theme = 1.0, ThemeName.AS_IT_IS
    for pattern, value in ((COMPACTER, COMPACT), (AIRIER, AIRY)):
        if pattern.search(rest):
            density, rest = value, pattern.sub(" ", rest)
    for pattern, name in ((LIGHT, ThemeName.LIGHT), (DARK, ThemeName.DARK)):
        if pattern.search(rest):
            theme, rest = name, pattern.sub(" ", rest)
    left = tuple(word for word in re.findall(r"[\w'#-]+", rest) if word.lower() not in IDLE)
    return RestyleRequests(
        theme, density, _read_color(colour) if colour else "", frozenset(without), left
    )


def _read_color(found: re.Match[str]) -> str:
    if found[1]:
        digits = found[1][1:].lower()
        return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))
    color = COLOURS[found[3].lower()]
    toward = {"dark": 0, "light": 255}.get(SHADES.get((found[2] or "").lower(), ""))
    if toward is None:
        return color
    channels = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(
        f"{round(channel + 0.45 * (toward - channel)):02x}" for channel in channels
    )
