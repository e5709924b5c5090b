"""Which texts of two pages are the same: words and place decide."""

from __future__ import annotations

from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.structure.outline import OutlineText
from studio.pipeline.scoring.structure.pairing import pair_texts


def text(number: int, words: str, x: float = 0, y: float = 0) -> OutlineText:
    return OutlineText(number, words, Box(x, y, 100, 20), "text", 0, "p", frozenset())


def pair(author: list[OutlineText], ours: list[OutlineText]) -> list[tuple[int, int]]:
    return [(pair.author.id, pair.ours.id) for pair in pair_texts(author, ours)]


def test_equal_words_are_paired_by_place() -> None:
    author = [text(1, "Read more", x=0), text(2, "Read more", x=300)]
    ours = [text(8, "Read more", x=310), text(9, "Read more", x=5)]
    assert pair(author, ours) == [(1, 9), (2, 8)]


def test_a_wrong_letter_and_other_case_are_the_same_words() -> None:
    assert pair([text(1, "Administration")], [text(2, "ADMlNISTRATION")]) == [(1, 2)]


def test_other_words_are_another_text() -> None:
    assert pair([text(1, "Sign in")], [text(2, "Register")]) == []


def test_a_piece_of_a_split_heading_is_paired_once() -> None:
    author = [text(1, "Find your dream house by us")]
    ours = [text(2, "Find your dream"), text(3, "house by us", y=30)]
    assert len(pair(author, ours)) == 1


def test_texts_far_apart_are_not_the_same() -> None:
    assert pair([text(1, "Contact us")], [text(2, "Contact us", y=900)]) == []
