"""The vocabularies of all languages hold the same keys, so no page lacks a word."""

from __future__ import annotations

import tomllib

import pytest

from studio.pipeline.outline.schema import LANGUAGES, PAGE_KINDS, THEME_KEYS
from studio.pipeline.outline.section_kinds import SECTION_KINDS
from studio.pipeline.outline.vocabulary import FOLDER, list_vocabularies, load_vocabulary
from studio.pipeline.outline.wishes import FILE as WISH_WORDS


def test_every_language_has_a_file_and_no_other() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_keys_of_english(language: str) -> None:
    english = tomllib.loads((FOLDER / "en.toml").read_text("utf-8"))
    other = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    for table, content in english.items():
        if isinstance(content, dict) and table != "numbers":
            assert set(other[table]) == set(content), table


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_pages_and_moods_are_ours(language: str) -> None:
    words = load_vocabulary(language)
    assert set(words.sections) == set(SECTION_KINDS)
    assert set(words.pages) <= set(PAGE_KINDS)
    assert set(words.moods) == {*THEME_KEYS, "dark", "compact", "airy"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_asks_have_the_fields_that_are_filled(language: str) -> None:
    asks = load_vocabulary(language).asks
    assert "{prompt}\n" in asks["hero"]
    assert "{n}" in asks["entries"]
    assert "{noun}" in asks["entries"]
    assert "{n}" in asks["voices"]


def test_wish_words_are_patterns() -> None:
    data = tomllib.loads(WISH_WORDS.read_text("utf-8"))
    assert {"add", "remove", "move", "rename", "change"} <= set(data["verbs"])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "a contact form"),
        ("de", "mit Kontaktformular"),
        ("fr", "un formulaire de contact"),
        ("es", "un formulario de contacto"),
        ("it", "un modulo di contatto"),
        ("pt", "um formulário de contato"),
        ("ru", "форма обратной связи"),
        ("zh", "联系表单"),
        ("ja", "お問い合わせフォーム"),
    ],
)
def test_each_language_has_its_word_for_a_form(language: str, words: str) -> None:
    assert load_vocabulary(language).form.search(words)


@pytest.mark.parametrize("words", ["a new format", "formal and quiet", "the whole platform"])
def test_words_that_only_look_like_a_form_are_none(words: str) -> None:
    assert not any(vocabulary.form.search(words) for vocabulary in list_vocabularies())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "nobody signs up"),
        ("de", "keinen Newsletter"),
        ("fr", "sans newsletter"),
        ("es", "sobra el boletín"),
        ("it", "senza newsletter"),
        ("pt", "sem boletim"),
        ("ru", "без рассылки"),
        ("zh", "不要订阅"),
        ("ja", "ニュースレターはいらない"),
    ],
)
def test_each_language_has_words_that_leave_something_out(language: str, words: str) -> None:
    assert load_vocabulary(language).negation.search(words)


@pytest.mark.parametrize("words", ["a notable page", "the newsletter is lovely", "plusieurs pages"])
def test_words_that_only_begin_like_a_negation_are_none(words: str) -> None:
    assert not any(vocabulary.negation.search(words) for vocabulary in list_vocabularies())
