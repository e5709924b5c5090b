"""Counts and amounts are told by their signs, in several currencies."""

from __future__ import annotations

import pytest

from studio.pipeline.labelling.rules.text_facts import NUMBER


@pytest.mark.parametrize(
    "words",
    [
        "240",
        "1,240.50",
        "$240",
        "9.50 руб.",
        "1.200 €",
        "99 zł",
        "R$ 45,00",
        "₹500",
        "$30/mes",
        "12 kr",
    ],
)
def test_an_amount_is_a_number_in_any_currency(words: str):
    assert NUMBER.match(words)


@pytest.mark.parametrize("words", ["3 steps", "Plan 2", "2024 in review", "10 reasons to stay"])
def test_words_with_a_number_are_none(words: str):
    assert not NUMBER.match(words)
