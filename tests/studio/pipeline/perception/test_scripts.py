"""What letters say of a text: its script, the language it is likely in, where it starts, which
fonts hold it.
"""

from __future__ import annotations

import pytest

from studio.pipeline.perception.scripts import (
    direction_of,
    font_names,
    is_shaped,
    language_of,
    main_script,
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Pay as you go", "en"),
        ("Weiß gewünscht? Möglich! Jetzt prüfen und die Größen wählen", "de"),
        ("Nous livrons dans toute la ville et vous choisissez", "fr"),
        ("Посылки без очередей", "ru"),
        ("Нові книжки щотижня, її вибір", "uk"),
        ("Βρείτε σημείο", "el"),
        ("كتب جديدة كل أسبوع", "ar"),
        ("ספרים חדשים בכל שבוע", "he"),
        ("हर सप्ताह नई किताबें", "hi"),
        ("หนังสือใหม่ทุกสัปดาห์", "th"),
        ("매주 새로운 책", "ko"),
        ("毎週、新しい本が届きます", "ja"),
        ("从数千种图书中挑选，两天之内送到您家", "zh-Hans"),
        ("從數千種圖書中挑選，兩天之內送到您家", "zh-Hant"),
        ("Nhận đơn hàng của bạn tại hơn hai nghìn điểm", "vi"),
        ("12 %", "en"),
    ],
)
def test_the_language_is_told_by_letters_and_frequent_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_arabic_and_hebrew_start_on_the_right_and_numbers_do_not_change_that() -> None:
    assert direction_of("الأسعار تبدأ من 49") == "rtl"
    assert direction_of("ספרי אור 2024") == "rtl"
    assert direction_of("Book 49 كتب") == "ltr"
    assert direction_of("$20") == "ltr"


def test_letters_that_join_or_stack_are_drawn_together() -> None:
    assert is_shaped("كتب")
    assert is_shaped("किताबें")
    assert is_shaped("หนังสือ")
    assert not is_shaped("Żółte krzesła")
    assert not is_shaped("图书")


def test_a_font_stack_names_fonts_with_the_glyphs() -> None:
    assert "Noto Sans SC" in font_names("每周都有新书上架")
    assert "Noto Sans JP" in font_names("毎週、新しい本")
    assert "Noto Sans SC" not in font_names("毎週、新しい本")
    assert "Noto Sans TC" in font_names("從數千種圖書")
    assert font_names("Hello") == ()
    assert main_script("한국어 OK").name == "Hangul"
