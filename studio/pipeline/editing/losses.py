"""What a changed page lost of the version before without being asked to.

Seen: a wish for one bold line accepted a page whose body was a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from studio.pipeline.bundle import Bundle
from studio.pipeline.html_tokens import EndTag, StartTag, tokens

MARKUP = (".html", ".jsx", ".tsx", ".vue")
UNSEEN = frozenset(("script", "style", "template", "title", "svg"))
# A wish with one of these may take something away.
TAKES_AWAY = re.compile(
    r"remov|delet|drop|without|hide|less|fewer|only|short|leave out|get rid|entfern|lösch|ohne|weg\b|"
    r"weniger|nur|kürz|supprim|enlev|retir|sans|moins|seulement|raccourc|quit|elimin|borr|sin\b|menos|"
    r"solo|remov|tir[ae]r?\b|apag|sem\b|apenas|rimuov|togli|senza|meno|soltanto|убер|удал|без|только|"
    r"меньше|короче|删|去掉|不要|只|短|削除|消|なし|だけ|短く",
    re.IGNORECASE,
)
# A wish with one of these changes texts everywhere.
REWRITES = re.compile(
    r"translat|rewrite|rephrase|word|text|tone|language|in (?:english|german|french|spanish|italian)|"
    r"übersetz|umformul|formulier|ton\b|sprache|auf deutsch|auf englisch|tradui|réécri|traduc|reescrib|"
    r"traduz|reescrev|riscriv|перев|перепис|翻译|改写|翻訳|書き直|new page|start over|redesign",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares of the version before that must remain."""

    texts: float = 0.9  # a wish that names a text may rewrite it and its neighbors
    texts_taken: float = 0.4  # where the wish takes something away
    size: float = 0.4  # of all letters, whatever the wish
    styles: float = 0.5  # of the style sheets' characters
    few: int = 3  # lost texts that are too few to judge by share


LIMITS = Thresholds()
MOST_NAMED = 3  # lost texts that the sentence names
LONGEST_NAMED = 40  # characters of each


def find_losses(before: Bundle, after: Bundle, wish: str) -> str:
    """Return a sentence that says what is missing; empty where nothing is."""
    old, new = list_texts(before), list_texts(after)
    kept_letters = sum(map(len, new)) / max(1, sum(map(len, old)))
    if old and kept_letters < LIMITS.size and not TAKES_AWAY.search(wish):
        return f"The page shrank to {kept_letters:.0%} of its text."
    lost = _list_lost(old, new)
    least = LIMITS.texts_taken if TAKES_AWAY.search(wish) else LIMITS.texts
    unnamed = [text for text in lost if not _is_named(text, wish)]
    is_rewritten = bool(REWRITES.search(wish)) and kept_letters >= LIMITS.size
    if len(unnamed) > LIMITS.few and 1 - len(unnamed) / len(old) < least and not is_rewritten:
        named = ", ".join(f"“{text[:LONGEST_NAMED]}”" for text in unnamed[:MOST_NAMED])
        return f"{len(unnamed)} of {len(old)} texts are gone that nobody asked to remove, among them {named}."
    old_styles, new_styles = _count_styles(before), _count_styles(after)
    if new_styles < LIMITS.styles * old_styles:
        return f"The style sheets shrank to {new_styles / old_styles:.0%}."
    return ""


def list_texts(bundle: Bundle) -> list[str]:
    """Return the visible texts of a page's markup in order, each with single spaces."""
    return [
        text
        for path, source in bundle.files.items()
        if path.endswith(MARKUP)
        for text in _read_texts(source)
    ]


def _read_texts(source: str) -> Iterator[str]:
    hidden = 0
    previous = 0
    for token in tokens(source):
        if not isinstance(token, StartTag | EndTag):
            continue
        if not hidden:
            text = " ".join(source[previous : token.start].split())
            if len(text) > 1 and not text.startswith("<!"):
                yield text
        previous = token.end
        if token.name in UNSEEN and not getattr(token, "closes_itself", False):
            hidden = max(0, hidden + (1 if isinstance(token, StartTag) else -1))


def _list_lost(old: list[str], new: list[str]) -> list[str]:
    everything = " ".join(new)
    known = set(new)
    return [text for text in dict.fromkeys(old) if text not in known and text not in everything]


def _is_named(text: str, wish: str) -> bool:
    """Whether the wish repeats a word of the text."""
    said = set(re.findall(r"\w{4,}", wish.lower()))
    return bool(said & set(re.findall(r"\w{4,}", text.lower())))


def _count_styles(bundle: Bundle) -> int:
    return sum(len(text) for path, text in bundle.files.items() if path.endswith(".css"))
