"""What the reference implementation does to a generated page first.

It cuts repetition, wraps fragments and serializes the page again.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

CHUNK = 100  # characters
REPEATS = 5  # similar chunks from which the page is cut
ALIKE = 0.8  # ratio from which two chunks are similar
MOST_IDENTICAL = 50  # elements with the same code; further ones are removed


def preprocess_page(html: str) -> str:
    from bs4 import BeautifulSoup

    html = cut_repetition(html)
    if not re.search(r"<html[^>]*>", html, re.IGNORECASE):
        html = f"<html><body><p>{html}</p></body></html>"
    soup = BeautifulSoup(html, "html.parser")
    counts: dict[str, int] = {}
    for element in soup.find_all(True):
        if element.decomposed:
            continue
        code = str(element)
        counts[code] = counts.get(code, 0) + 1
        if counts[code] > MOST_IDENTICAL:
            element.decompose()
    return str(soup)


def cut_repetition(html: str) -> str:
    """Return the page up to the first of five chunks that are nearly alike.

    A chunk is 100 characters of text, styles and white space. Deep indentation is enough to be cut,
    because five chunks of spaces are alike.
    """
    plain = re.sub("<.*?>", "", html)
    chunks = [plain[i : i + CHUNK] for i in range(0, len(plain), CHUNK)]
    families: dict[str, list[int]] = {}
    cut = len(plain)
    for number, chunk in enumerate(chunks):
        family = next((known for known in families if _are_alike(chunk, known)), None)
        if family is None:
            families[chunk] = [number]
            continue
        families[family].append(number)
        if len(families[family]) >= REPEATS:
            start = min(cut, families[family][0] * CHUNK)
            cut = min(cut, _place(plain, html, start))
    return html if cut == len(plain) else html[:cut]


def _are_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other)
    return (
        matcher.real_quick_ratio() >= ALIKE
        and matcher.quick_ratio() >= ALIKE
        and matcher.ratio() >= ALIKE
    )


def _place(plain: str, html: str, index: int) -> int:
    """Return where the plain text's character is in the HTML.

    Each character is searched for as early as possible.
    """
    if index >= len(plain):
        return len(html)
    place = -1
    for character in plain[: index + 1]:
        place = html.index(character, place + 1)
    return place
