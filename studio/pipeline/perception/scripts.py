"""Writing systems: which characters belong to which, what language a text is likely in, and who can
read it.

Knows Unicode ranges and names only; does not look at any picture.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Script:
    """One writing system. `models` are Tesseract's names of data that read it, the best first."""

    name: str
    ranges: tuple[tuple[int, int], ...]
    language: str  # BCP 47, where the words say no more
    models: tuple[str, ...] = ()
    package: str = ""  # Debian's package with the first model
    fonts: tuple[str, ...] = ()  # families that hold its glyphs on most machines
    right_to_left: bool = False
    is_spaced: bool = True  # a space stands between words
    is_shaped: bool = False  # letters join, stack or reorder: they cannot be drawn one by one

    def contains(self, character: str) -> bool:
        code = ord(character)
        return any(first <= code <= last for first, last in self.ranges)


LATIN = Script(
    "Latin",
    ((0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0x24F), (0x1E00, 0x1EFF)),
    "en",
)
VIETNAMESE = Script(
    "Vietnamese", ((0x1EA0, 0x1EF9),), "vi", ("vie", "Vietnamese"), "tesseract-ocr-vie"
)
CYRILLIC = Script(
    "Cyrillic",
    ((0x400, 0x52F),),
    "ru",
    ("Cyrillic", "rus"),
    "tesseract-ocr-script-cyrl",
    ("Roboto", "Arial"),
)
GREEK = Script(
    "Greek",
    ((0x370, 0x3FF), (0x1F00, 0x1FFF)),
    "el",
    ("ell", "Greek"),
    "tesseract-ocr-ell",
    ("Roboto", "Arial"),
)
ARABIC = Script(
    "Arabic",
    ((0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
    "ar",
    ("ara", "Arabic"),
    "tesseract-ocr-ara",
    ("Noto Sans Arabic", "Segoe UI", "Tahoma"),
    right_to_left=True,
    is_shaped=True,
)
HEBREW = Script(
    "Hebrew",
    ((0x590, 0x5FF), (0xFB1D, 0xFB4F)),
    "he",
    ("heb", "Hebrew"),
    "tesseract-ocr-heb",
    ("Noto Sans Hebrew", "Arial"),
    right_to_left=True,
    is_shaped=True,
)
DEVANAGARI = Script(
    "Devanagari",
    ((0x900, 0x97F), (0xA8E0, 0xA8FF)),
    "hi",
    ("hin", "Devanagari"),
    "tesseract-ocr-hin",
    ("Noto Sans Devanagari", "Nirmala UI", "Kohinoor Devanagari"),
    is_shaped=True,
)
THAI = Script(
    "Thai",
    ((0xE00, 0xE7F),),
    "th",
    ("tha", "Thai"),
    "tesseract-ocr-tha",
    ("Noto Sans Thai", "Leelawadee UI", "Thonburi"),
    is_spaced=False,
    is_shaped=True,
)
HANGUL = Script(
    "Hangul",
    ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF)),
    "ko",
    ("kor", "Hangul"),
    "tesseract-ocr-kor",
    ("Noto Sans KR", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic"),
)
KANA = Script(
    "Kana",
    ((0x3040, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9D)),
    "ja",
    fonts=("Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic"),
    is_spaced=False,
)
HAN = Script(
    "Han",
    ((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)),
    "zh-Hans",
    fonts=("Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei"),
    is_spaced=False,
)

SCRIPTS = (LATIN, CYRILLIC, GREEK, ARABIC, HEBREW, DEVANAGARI, THAI, HANGUL, KANA, HAN)
# What the bundled recognizer has no characters for, or not all.
FOREIGN = (CYRILLIC, GREEK, ARABIC, HEBREW, DEVANAGARI, THAI, HANGUL)
EAST_ASIAN = (HANGUL, KANA, HAN)
TRADITIONAL_FONTS = ("Noto Sans TC", "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei")

# Letters that one language of a script has and the script's most common language has not.
TELLING_LETTERS = (
    ("uk", "іїєґІЇЄҐ"),
    ("be", "ўЎ"),
    ("sr", "ђћјљњџЂЋЈЉЊЏ"),
    ("mk", "ѓќѕЃЌЅ"),
    ("kk", "қңұһҚҢҰҺ"),
    ("fa", "پچژگ"),
    ("ur", "ٹڈڑے"),
    ("vi", "đơưĐƠƯ"),
    ("pl", "łŁąęśźż"),
    ("cs", "řěůŘĚŮ"),
    ("tr", "ğışİĞŞ"),
    ("hu", "őűŐŰ"),
    ("ro", "țșăȚȘ"),
    ("de", "ß"),
    ("es", "ñ¿¡"),
    ("pt", "ãõÃÕ"),
)
# Words that are frequent in one language written in Latin letters and rare in the others.
COMMON_WORDS = {
    "en": "the and of to in is for you with your our are this that on we it from by be or not can all new more at",
    "de": "der die das und ist nicht mit ein eine für auf von zu den im sie wir ihre auch oder bei wird sich über",
    "fr": "le la les des est et un une pour dans vous nous avec votre sur pas qui au ce plus par ou",
    "es": "el los las del y una para con por en su es más que nuestro tu como sin al",
    "it": "il lo gli di e un per con che non sono della nel più è una i alla del",
    "pt": "o os as do da e um uma para com não em seu mais você na no por ao que",
    "nl": "de het een en van voor met je niet op zijn ook naar uw onze bij aan wij",
    "pl": "i w na z do się nie jest dla jak od przez oraz to po",
    "cs": "a v na se je pro že do od jako nebo jsou s z",
    "sv": "och att det som är en på för med av vi inte ett till din",
    "da": "og at det er en til på for med af vi ikke et din din",
    "tr": "ve bir bu için ile daha çok en da de olarak",
    "id": "dan yang untuk dengan ini dari anda di kami atau",
    "vi": "và của cho là một với không các bạn được trong",
}
# Characters of one of the two sets of Chinese characters.
SIMPLIFIED = set(
    "这个国们为来说时会学对开关书图页联系从数两内户网务产经发动现实点电话价问题请选择间设计费车门见长东业语"
)
TRADITIONAL = set(
    "這個國們為來說時會學對開關書圖頁聯繫從數兩內戶網務產經發動現實點電話價問題請選擇間設計費車門見長東業語"
)


def script_of(character: str) -> Script | None:
    """The script of a letter; None for digits, signs and spaces."""
    if not character.isalpha() and not unicodedata.category(character).startswith("M"):
        return None
    return next((script for script in SCRIPTS if script.contains(character)), None)


def count_scripts(text: str) -> Counter[str]:
    """How many letters of the text belong to each script."""
    found = (script_of(character) for character in text)
    return Counter(script.name for script in found if script is not None)


def main_script(text: str) -> Script:
    """The script of most of the text's letters; Latin where there is none."""
    counts = count_scripts(text)
    if not counts:
        return LATIN
    name = max(counts, key=lambda each: counts[each])
    return next(script for script in SCRIPTS if script.name == name)


def main_script_of(language: str) -> Script:
    """The script a language is written in; Latin for those that no other script names."""
    if language.startswith("zh"):
        return HAN
    languages = {
        "uk": CYRILLIC,
        "be": CYRILLIC,
        "sr": CYRILLIC,
        "mk": CYRILLIC,
        "kk": CYRILLIC,
        "fa": ARABIC,
        "ur": ARABIC,
    }
    own = {script.language: script for script in SCRIPTS if script is not LATIN}
    return languages.get(language) or own.get(language, LATIN)


def is_shaped(text: str) -> bool:
    """Whether letters of the text cannot be drawn one by one."""
    if text.isascii():
        return False
    return any(
        script.is_shaped and script.contains(c)
        for c in text
        for script in (ARABIC, HEBREW, DEVANAGARI, THAI)
    )


def direction_of(text: str) -> Direction:
    """Where a paragraph of this text starts, by its letters: most of them decide."""
    counts = count_scripts(text)
    backward = counts["Arabic"] + counts["Hebrew"]
    return "rtl" if backward > sum(counts.values()) - backward else "ltr"


def language_of(text: str) -> str:
    """The BCP 47 tag of the language the text is most likely in; English where the words do not
    say.
    """
    counts = count_scripts(text)
    if not counts:
        return "en"
    if counts["Kana"] and counts["Kana"] + counts["Han"] > 0.3 * sum(counts.values()):
        return "ja"
    script = main_script(text)
    if script is HAN:
        traditional = sum(character in TRADITIONAL for character in text)
        return (
            "zh-Hant"
            if traditional > sum(character in SIMPLIFIED for character in text)
            else "zh-Hans"
        )
    if script is LATIN:
        return _latin_language(text)
    return _by_letters(text, script) or script.language


def _by_letters(text: str, script: Script) -> str:
    votes = {
        language: sum(text.count(letter) for letter in letters)
        for language, letters in TELLING_LETTERS
        if script.contains(letters[0])
    }
    best = max(votes, key=lambda language: votes[language], default="")
    return best if best and votes[best] >= 2 else ""


def _latin_language(text: str) -> str:
    if sum(VIETNAMESE.contains(character) for character in text) >= 2:
        return "vi"
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    votes = {
        language: sum(words[word] for word in common.split())
        for language, common in COMMON_WORDS.items()
    }
    for language, letters in TELLING_LETTERS:
        if language in votes:
            votes[language] += sum(text.count(letter) for letter in letters)
    best = max(votes, key=lambda language: (votes[language], language == "en"))
    return best if votes[best] >= 2 and votes[best] > 1.2 * votes["en"] else "en"


def font_names(text: str) -> tuple[str, ...]:
    """Families that hold the glyphs of the text's scripts, for a style sheet's font stack."""
    names: list[str] = []
    counts = count_scripts(text)
    order: Iterable[Script] = (s for s in SCRIPTS if counts[s.name] and s.fonts)
    for script in order:
        traditional = script is HAN and language_of(text) == "zh-Hant"
        if script is HAN and counts["Kana"]:
            continue
        names += [
            name
            for name in (TRADITIONAL_FONTS if traditional else script.fonts)
            if name not in names
        ]
    return tuple(names)
