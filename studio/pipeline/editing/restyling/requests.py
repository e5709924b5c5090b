"""Reading of instructions by rule: theme, density, accent color, and parts to leave out.

The model that ships labels and does not read sentences. These few instructions are found by rule.
Whatever else was written is reported back as not understood.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal


class ThemeName(StrEnum):
    """A page's theme; empty: unchanged."""

    AS_IT_IS = ""
    DARK = "dark"
    LIGHT = "light"


Part = Literal["header", "navigation", "sidebar", "footer", "form", "table", "pictures", "icons"]

COMPACT, AIRY = 0.75, 1.35  # factors for every space
CAN = (
    "a dark or a light theme, compact or airy spacing, an accent colour, and leaving out the header, the navigation, "
    "the sidebar, the footer, forms, tables, pictures or icons"
)
NOT_READ = f"Nothing in the instructions was understood. Without a model that writes, they can ask for {CAN}."
# Common words for colors: the CSS color, or a shade that suits buttons.
COLORS: Mapping[str, str] = MappingProxyType(
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
SHADE_MIX = 0.45  # share of black or white in a dark or a light shade
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
COLOR = re.compile(
    rf"(#[0-9a-f]{{6}}\b|#[0-9a-f]{{3}}\b)|\b(?:({'|'.join(SHADES)})[\s-]+)?({'|'.join(COLORS)})(?:ish)?\b",
    re.I,
)
REPLACED = re.compile(
    rf"\b(?:instead\s+of|not|rather\s+than|replac\w+)\s+(?:the\s+)?(?:{COLOR.pattern})", re.I
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
    """What instructions ask for.

    `density` is the factor for every space; `accent` is '#rrggbb' or empty; `left` are the words that
    were not understood.
    """

    theme: ThemeName = ThemeName.AS_IT_IS
    density: float = 1.0
    accent: str = ""
    without: frozenset[Part] = frozenset()
    left: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.theme or self.density != 1.0 or self.accent or self.without)


def read_words(prompt: str) -> RestyleRequests:
    """Return what of `prompt` can be carried out, and the words that are left over.

    A clause with a word left over is left over as a whole: 'move the red button' does not ask for a red
    page.
    """
    lists: list[str] = []

    def keep_list(match: re.Match[str]) -> str:
        lists.append(match[1])
        return f" §{len(lists) - 1}§ "

    requests = RestyleRequests()
    for clause in re.split(
        r"[.;!?\n]|,|\band\b|\bbut\b", WITHOUT.sub(keep_list, prompt), flags=re.I
    ):
        request = _read_clause(clause, lists)
        if request.left:
            request = RestyleRequests(left=request.left)
        requests = RestyleRequests(
            request.theme or requests.theme,
            request.density if request.density != 1.0 else requests.density,
            request.accent or requests.accent,
            requests.without | request.without,
            requests.left + request.left,
        )
    return requests


def _read_clause(rest: str, lists: Sequence[str]) -> RestyleRequests:
    named_lists = [lists[int(number)] for number in re.findall(r"§(\d+)§", rest)]
    without = {
        PARTS[word]
        for words in named_lists
        for word in re.findall(r"[a-z]+", words.lower())
        if word in PARTS
    }
    rest = REPLACED.sub(" ", re.sub(r"§\d+§", " ", rest))
    color = COLOR.search(rest)
    if color is not None:
        rest = rest[: color.start()] + " " + rest[color.end() :]
    density = 1.0
    theme = ThemeName.AS_IT_IS
    for pattern, value in ((COMPACTER, COMPACT), (AIRIER, AIRY)):
        if pattern.search(rest):
            density = value
            rest = pattern.sub(" ", rest)
    for pattern, name in ((LIGHT, ThemeName.LIGHT), (DARK, ThemeName.DARK)):
        if pattern.search(rest):
            theme = name
            rest = pattern.sub(" ", rest)
    left = tuple(word for word in re.findall(r"[\w'#-]+", rest) if word.lower() not in IDLE)
    return RestyleRequests(
        theme, density, _read_color(color) if color else "", frozenset(without), left
    )


def _read_color(match: re.Match[str]) -> str:
    digits, shade, name = match[1], (match[2] or "").lower(), match[3]
    if digits:
        digits = digits[1:].lower()
        if len(digits) == 3:
            digits = "".join(2 * digit for digit in digits)
        return f"#{digits}"
    color = COLORS[name.lower()]
    toward = {"dark": 0, "light": 255}.get(SHADES.get(shade, ""))
    if toward is None:
        return color
    channels = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    shaded = [round(channel + SHADE_MIX * (toward - channel)) for channel in channels]
    return "#" + "".join(f"{channel:02x}" for channel in shaded)
