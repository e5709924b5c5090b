"""Words of a text that can stand in a name: Latin letters, without the words that say nothing."""

from __future__ import annotations

import re
import unicodedata

FUNCTION_WORDS = (
    "a an and are as at be but by can do for from get has have how if in into is it its just let "
    "more no not of off on or our out so that the their them then there these they this to up us "
    "was we what when where which who why will with without you your"
)
SILENT = frozenset(FUNCTION_WORDS.split())
LONGEST = 14  # letters; a longer word makes an unwieldy name
LETTERS = re.compile(r"[a-z]+")


def list_words(text: str) -> list[str]:
    """Return the text's words for names, in order, each once."""
    latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = [word for word in LETTERS.findall(latin.replace("'", "")) if 1 < len(word) <= LONGEST]
    return list(dict.fromkeys(word for word in found if word not in SILENT))


def make_slug(text: str, count: int = 2) -> str:
    """Return up to `count` words of the text joined by hyphens; '' where it has none."""
    return "-".join(list_words(text)[:count])
