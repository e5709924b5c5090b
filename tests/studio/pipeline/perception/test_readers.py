"""Lines in every script are read by who knows it; what nobody here can read is said, with the
command that helps.
"""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from studio.pipeline.perception import tesseract
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.readers import join_words
from studio.pipeline.perception.scripts import (
    ARABIC,
    CYRILLIC,
    GREEK,
    HANGUL,
    HEBREW,
    VIETNAMESE,
    Script,
    language_of,
)
from studio.pipeline.perception.tesseract import Word, install_command, installed_models
from tests.studio.pipeline.perception.lettering import Lettering, draw_page

RUSSIAN = (
    "Посылки без очередей",
    "Заберите заказ в любом из двух тысяч пунктов в вашем городе",
    "Найти пункт",
)
GREEK_WORDS = (
    "Ταχυδρομείο στη γειτονιά",
    "Παραλάβετε την παραγγελία σας στην πόλη σας",
    "Βρείτε σημείο",
)
ACCENTS = (
    "Où sont passées les fenêtres de l’hôtel",
    "Les élèves déçus préfèrent être à la fête",
    "Façade, œuvre et crème brûlée",
)
VIETNAMESE_WORDS = (
    "Gửi bưu kiện không phải xếp hàng",
    "Nhận đơn hàng của bạn ở bất kỳ nơi nào trong thành phố",
    "Tìm một điểm nhận hàng",
)
KOREAN = ("매주 새로운 책이 들어옵니다", "수천 권의 책에서 골라 보세요", "회원가입과 로그인")
HEBREW_WORDS = ("ספרים חדשים בכל שבוע", "בחרו מתוך אלפי ספרים בעיר שלכם", "מצאו חנות")
ARABIC_WORDS = ("كتب جديدة كل أسبوع", "اختر من بين آلاف الكتب في مدينتك", "ابحث عن متجر")
CHINESE = ("每周都有新书上架", "从数千种图书中挑选", "首页")


def has_reader(script: Script) -> bool:
    return tesseract.model_for(script) is not None


def drawn(words: tuple[str, ...], family: str) -> list[str]:
    hints = find_hints(draw_page([Lettering(text, family, 24) for text in words]), scale=1)
    return [line.text for line in hints.texts]


def test_chinese_is_read_without_any_further_reader_down_to_labels_of_two_characters() -> None:
    assert drawn(CHINESE, "Noto Sans SC") == list(CHINESE)


@pytest.mark.skipif(
    not has_reader(CYRILLIC), reason=f"no reader for Cyrillic: {install_command([CYRILLIC])}"
)
def test_russian_is_read() -> None:
    assert drawn(RUSSIAN, "Liberation Sans") == list(RUSSIAN)


@pytest.mark.skipif(
    not has_reader(GREEK), reason=f"no reader for Greek: {install_command([GREEK])}"
)
def test_greek_is_read_with_its_accents() -> None:
    assert drawn(GREEK_WORDS, "Liberation Sans") == list(GREEK_WORDS)


@pytest.mark.parametrize(
    ("script", "family", "words", "language"),
    [
        (None, "Liberation Sans", ACCENTS, "fr"),
        (VIETNAMESE, "Noto Sans", VIETNAMESE_WORDS, "vi"),
        (HANGUL, "Noto Sans KR", KOREAN, "ko"),
        (HEBREW, "Noto Sans Hebrew", HEBREW_WORDS, "he"),
        (ARABIC, "Noto Sans Arabic", ARABIC_WORDS, "ar"),
    ],
    ids=["accents", "Vietnamese", "Korean", "Hebrew", "Arabic"],
)
def test_most_letters_are_read_in_their_own_script_and_the_language_is_told(
    script: Script | None, family: str, words: tuple[str, ...], language: str
) -> None:
    if script is not None and not has_reader(script):
        pytest.skip(f"no reader for {script.name}: {install_command([script])}")
    read = drawn(words, family)
    assert len(read) == len(words)
    alike = [
        SequenceMatcher(None, a, b).ratio()
        for a, b in zip(sorted(read), sorted(words), strict=True)
    ]
    assert min(alike) >= 0.85
    assert language_of(" ".join(read)) == language


def test_digits_that_nobody_reads_are_not_read_as_thai() -> None:
    words = ("نام شما", "شماره موبایل شما", "تاریخ عضویت", "۰۹۳۷۱۲۳۱۲۳۷", "۲۳۶۰۱۲۳۱۲۳")
    read = drawn(words, "Noto Sans Arabic")
    assert not any("\u0e00" <= character <= "\u0e7f" for line in read for character in line)


def test_without_a_reader_the_page_says_so_and_names_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tesseract, "installed_models", frozenset)
    hints = find_hints(
        draw_page([Lettering(text, "Liberation Sans", 24) for text in RUSSIAN]), scale=1
    )
    (note,) = hints.notes
    assert "3 lines of text were not read" in note
    assert "Cyrillic" in note
    assert "apt-get install tesseract-ocr" in note
    assert "tesseract-ocr-script-cyrl" in note


def test_an_english_page_has_nothing_to_say() -> None:
    words = ("Parcels without queues", "Pick up your order anywhere in the city", "Find a place")
    hints = find_hints(
        draw_page([Lettering(text, "Liberation Sans", 24) for text in words]), scale=1
    )
    assert hints.notes == ()
    assert [line.text for line in hints.texts] == list(words)


def test_latin_twins_between_cyrillic_words_become_cyrillic() -> None:
    hints = find_hints(draw_page([Lettering("x", "Liberation Sans", 24)]), scale=1)
    assert (
        hints.width == 900
    )  # a page to take a line from is not needed: words carry their own places
    words = tuple(
        Word(text, 90.0, 10.0 * i, 10.0 * i + 8) for i, text in enumerate(("код", "Ha", "HTML"))
    )
    assert join_words(_blank_line(), words, CYRILLIC) == "код на HTML"


def test_korean_words_part_only_where_the_ink_leaves_room() -> None:
    line = _blank_line()
    line.alpha[:, :20] = 1
    line.alpha[:, 21:40] = 1
    line.alpha[:, 50:90] = 1
    words = (Word("푸", 90.0, 0, 20), Word("른", 90.0, 21, 40), Word("서점", 90.0, 50, 90))
    assert join_words(line, words, HANGUL) == "푸른 서점"


def test_models_are_found_by_the_name_the_program_lists() -> None:
    assert all("/" not in name for name in installed_models())


def _blank_line():  # type: ignore[no-untyped-def]
    import numpy as np

    from studio.pipeline.perception.ink_lines import InkLine

    colors = np.zeros(3, np.uint8), np.full(3, 255, np.uint8)
    return InkLine(0, 0, 100, 20, np.zeros((20, 100), np.float32), *colors, 1.0)
