"""Characters of a walk hold facts, and give them back."""

from __future__ import annotations

import itertools

import pytest

from studio.pipeline.labelling.model.alphabet import (
    ABOUT,
    FACTS,
    KINDS,
    SAID,
    WORDS,
    Word,
    list_characters,
)


def test_a_character_gives_back_the_facts_that_it_was_made_of() -> None:
    word = Word("place", 0xF0000, (3, 4, 2))
    for values in itertools.product(range(3), range(4), range(2)):
        assert word.values(word(*values)) == values


def test_facts_beyond_their_range_count_as_the_nearest() -> None:
    word = Word("place", 0xF0000, (3, 4))
    assert word.values(word(9, -5)) == (2, 0)


def test_each_combination_has_a_character_of_its_own() -> None:
    word = Word("place", 0xF0000, (3, 4, 2))
    characters = {word(*values) for values in itertools.product(range(3), range(4), range(2))}
    assert characters == set(word.characters())
    assert len(characters) == word.count == 24


def test_a_character_of_another_group_holds_no_facts() -> None:
    first, second = Word("one", 0xF0000, (4,)), Word("two", 0xF0004, (4,))
    assert first.values(second(0)) is None
    assert second.values(first(3)) is None


def test_no_character_stands_in_two_groups() -> None:
    characters = list_characters()
    assert len(characters) == len(set(characters)) == sum(word.count for word in WORDS.values())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_character(kind: str) -> None:
    assert SAID.values(SAID(KINDS.index(kind))) == (KINDS.index(kind),)


def test_a_node_is_five_characters_none_of_which_is_an_answer() -> None:
    assert FACTS == len(ABOUT) == 5
    assert SAID not in ABOUT
