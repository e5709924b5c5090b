"""Words for names: Latin letters, without the words that say nothing."""

from __future__ import annotations

from studio.pipeline.layout.words import list_words, make_slug


def test_words_that_say_nothing_are_left_out():
    assert list_words("What you get in the second part") == ["second", "part"]


def test_accents_are_dropped_and_numbers_too():
    assert make_slug("Café 24 próximo", 2) == "cafe-proximo"


def test_each_word_stands_once():
    assert list_words("more orders, new orders") == ["orders", "new"]


def test_a_text_without_latin_letters_has_no_words():
    assert make_slug("Цены 24") == ""
