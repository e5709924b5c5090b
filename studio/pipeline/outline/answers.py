"""What a writer's answer gives to a section: checked text by text, so that one bad text costs itself
only and keeps our own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from studio.pipeline.outline.language import CYRILLIC, HAN, KANA, detect_language
from studio.pipeline.outline.schema import MOST_LETTERS, Item, Section
from studio.pipeline.outline.section_asks import SectionAsk

# What a model says about itself or its task instead of the text.
EXCUSES = re.compile(
    r"\b(?:sorry|as an ai|i cannot|i can't|language model|lorem ipsum|json|entschuldig\w*|désolé\w*|"
    r"lo siento|desculpe|mi dispiace|извини\w*)\b|抱歉|申し訳|作为.{0,3}AI",
    re.IGNORECASE,
)
MARKUP = re.compile(r"[<>{}\[\]|\\]|https?:|\*\*")
ENDS = ".!?…。！？"
COMMAS = ",;，、"
SCRIPTS = {"zh": HAN, "ja": re.compile(f"{KANA.pattern}|{HAN.pattern}"), "ru": CYRILLIC}
TELLING = 40  # letters from which a text tells its language
LEAST_LETTERS = 2


def read_answer(text: str) -> Mapping[str, Any]:
    """Return the object in an answer, also one whose end was cut off; empty where there is none."""
    start = text.find("{")
    if start < 0:
        return {}
    body = text[start:]
    for repaired in (body, *_list_repairs(body)):
        try:
            found = json.loads(repaired)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    return {}


def _list_repairs(body: str) -> Iterator[str]:
    """Yield the body up to each of its last complete texts, closed."""
    quotes = [match.start() for match in re.finditer(r'(?<!\\)"', body)]
    for place in reversed(quotes[-6:]):
        head = body[: place + 1]
        yield head + "}"
        yield head + "]}"


def fill_from_answer(
    section: Section,
    ask: SectionAsk,
    answer: Mapping[str, Any],
    language: str,
    known: Sequence[str] = (),
) -> Section:
    """Return the section with the answer's usable texts in place of ours; none of `known` again."""
    if ask.form in ("hero", "text"):
        title = clean_text(answer.get("title"), language, _get_limit(ask, "title"))
        text = clean_text(answer.get("text"), language, _get_limit(ask, "text"))
        return replace(
            section,
            title=(title or section.title).rstrip("." if title.count(".") == 1 else ""),
            text=text or section.text,
        )
    titles = _list_texts(answer.get("titles"), language, _get_limit(ask, "titles"))
    texts = _list_texts(answer.get("texts"), language, _get_limit(ask, "texts"))
    used = {section.title.lower(), *(text.lower() for text in known)}
    items = tuple(
        _fill_item(item, _get(titles, n), _get(texts, n), used)
        for n, item in enumerate(section.items)
    )
    return replace(section, items=items)


def _fill_item(item: Item, title: str, text: str, used: set[str]) -> Item:
    """Return the item with what is new in it; a text that another item has is left out."""
    title = title.rstrip(".:;,")
    if title and text.lower().startswith(f"{title.lower()}:"):
        text = text[len(title) + 1 :].strip()
    if title.lower() in used:
        title = ""
    if text.lower() in used or text.lower() == title.lower():
        text = ""
    used.update(found.lower() for found in (title, text) if found)
    if item.title and not title and not text:
        return item
    return replace(item, title=title or item.title, text=text or item.text)


def read_name(answer: Mapping[str, Any], language: str) -> str:
    """Return the name in an answer; empty where it has none that can be one."""
    name = clean_text(answer.get("name"), language, 0).rstrip(".")
    return name if len(name) <= 30 else ""


def clean_text(value: Any, language: str, limit: int) -> str:
    """Return a text that can be shown; empty for any other value.

    `limit`: the schema's maximum; a text that reaches it was cut off there, and loses its last sentence
    or word. So does one that ends in a comma.
    """
    if not isinstance(value, str):
        return ""
    text = " ".join(value.split()).strip(" \"“”„«»'-–*#")
    if len(text) < LEAST_LETTERS or len(text) > MOST_LETTERS:
        return ""
    if EXCUSES.search(text) or MARKUP.search(text) or not _is_in_language(text, language):
        return ""
    is_cut_off = limit and len(value) >= limit and text[-1] not in ENDS
    if is_cut_off or text[-1] in COMMAS:
        text = _cut_unfinished(text)
    return text


def _cut_unfinished(text: str) -> str:
    text = text.rstrip(COMMAS + " ")
    ends = [place for place, letter in enumerate(text) if letter in ENDS]
    if ends and ends[-1] > len(text) // 3:
        return text[: ends[-1] + 1]
    comma = max(text.rfind(mark) for mark in COMMAS)
    if comma > len(text) // 2:
        return text[:comma] + ("。" if text[comma] in "，、" else ".")
    head, space, _ = text.rpartition(" ")
    return head.rstrip(",;:– ") + "…" if space else text


def _is_in_language(text: str, language: str) -> bool:
    if language in SCRIPTS:
        letters = [letter for letter in text if letter.isalpha()]
        found = sum(bool(SCRIPTS[language].match(letter)) for letter in letters)
        return 2 * found >= len(letters)
    if HAN.search(text) or KANA.search(text) or CYRILLIC.search(text):
        return False
    if len(text) < TELLING:
        return True
    return detect_language(text) in (language, "en") if language != "en" else True


def _list_texts(value: Any, language: str, limit: int) -> list[str]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [clean_text(one, language, limit) for one in value]


def _get(values: Sequence[str], n: int) -> str:
    return values[n] if n < len(values) else ""


def _get_limit(ask: SectionAsk, name: str) -> int:
    part = ask.schema["properties"].get(name, {})
    limit: int = part.get("items", part).get("maxLength", 0)
    return limit
