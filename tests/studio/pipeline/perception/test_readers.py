"""Lines in every script are read by who knows it; what nobody here can read is said, with the
command that helps.
"""

from __future__ import annotations

import pytest

from studio.pipeline.perception import tesseract
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.perception.readers import join_words
from studio.pipeline.perception.scripts import CYRILLIC, GREEK, HANGUL, Script
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

    from studio.pipeline.perception.text_ink import InkLine

    colors = np.zeros(3, np.uint8), np.full(3, 255, np.uint8)
    return InkLine(0, 0, 100, 20, np.zeros((20, 100), np.float32), *colors, 1.0)
