"""Which language a prompt is written in: by its script, else by its most common words."""

from __future__ import annotations

import re
from collections import Counter

from studio.pipeline.outline.schema import LANGUAGES
from studio.pipeline.outline.vocabulary import load_vocabulary

KANA = re.compile(r"[\u3040-\u30ff]")
HAN = re.compile(r"[\u4e00-\u9fff]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
# Letters that one of the languages has and the others seldom do.
TELLING = {
    "de": re.compile(r"[äöüß]"),
    "fr": re.compile(r"[èêëîïôùœ]|\b[ldcjqns]['’]\w"),
    "es": re.compile(r"[ñ¿¡]|ción\b"),
    "pt": re.compile(r"[ãõ]|ção\b|ções\b"),
    "it": re.compile(r"\b(?:che|della|dello|gli|degli)\b|ità\b"),
}
# The page's language where the prompt names one: "in German", "auf Englisch".
NAMED = {
    "en": r"english|englisch\w*|anglais|inglés|inglês|inglese|английск\w+|英[语文]|英語",
    "de": r"german|deutsch\w*|allemand|alemán|alemão|tedesco|немецк\w+|德[语文]|ドイツ語",
    "fr": r"french|französisch\w*|français|francés|francês|francese|французск\w+|法[语文]|フランス語",
    "es": r"spanish|spanisch\w*|espagnol|español|castellano|espanhol|spagnolo|испанск\w+|西班牙[语文]|スペイン語",
    "pt": r"portuguese|portugiesisch\w*|portugais|portugués|português|portoghese|португальск\w+|葡萄牙[语文]",
    "it": r"italian|italienisch\w*|italien|italiano|итальянск\w+|意大利[语文]|イタリア語",
    "ru": r"russian|russisch\w*|russe|ruso|russo|русск\w+|俄[语文]|ロシア語",
    "zh": r"chinese|chinesisch\w*|chinois|chino|chinês|cinese|китайск\w+|中文|汉语|中国語",
    "ja": r"japanese|japanisch\w*|japonais|japonés|japonês|giapponese|японск\w+|日[语文]|日本語",
}
IN = r"(?:\b(?:in|auf|en|em|на|language:?|texts? in|用)\s*)"


def find_language(prompt: str) -> str:
    """Return the language of the page: the one that the prompt names, else the prompt's own."""
    for language, names in NAMED.items():
        if re.search(rf"{IN}(?:{names})(?!\w)", prompt, re.IGNORECASE):
            return language
    return detect_language(prompt)


def names_language(text: str) -> bool:
    """Return True if the text names one of the languages, in any of them."""
    return any(re.search(rf"(?<!\w)(?:{names})", text, re.IGNORECASE) for names in NAMED.values())


def detect_language(text: str) -> str:
    """Return the language that a text is written in; "en" where nothing tells."""
    if KANA.search(text):
        return "ja"
    if len(HAN.findall(text)) * 4 > len(text.replace(" ", "")):
        return "zh"
    if CYRILLIC.search(text):
        return "ru"
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = Counter[str]()
    for language in LANGUAGES:
        known = load_vocabulary(language).detect
        counts[language] = sum(word in known for word in words)
    for language, pattern in TELLING.items():
        counts[language] += 2 * len(pattern.findall(text.lower()))
    best, count = counts.most_common(1)[0]
    return best if count > counts["en"] else "en"
