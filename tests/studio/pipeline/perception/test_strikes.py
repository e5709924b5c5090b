"""A line through the letters is seen, set aside, and told from dashes, underlines and Devanagari's
headline.
"""

from __future__ import annotations

import numpy as np
import pytest

from studio.pipeline.perception.strikes import bridge_strike, find_strike
from tests.studio.pipeline.perception.test_confusables import line_of


def inked(text: str, family: str = "Liberation Sans") -> np.ndarray:
    return line_of(text, family)[0].alpha > 0.25


@pytest.mark.parametrize("text", ["$169.99", "old price", "99 €"])
def test_a_line_through_the_middle_is_a_strike(text: str) -> None:
    ink = inked(text)
    middle = round(0.55 * len(ink))
    ink[middle] = True
    found = find_strike(ink)
    assert found is not None
    assert found[0] <= middle < found[1]


@pytest.mark.parametrize("text", ["$169.99", "old price", "——", "EEE — FFF"])
def test_letters_and_dashes_alone_are_none(text: str) -> None:
    assert find_strike(inked(text)) is None


def test_a_line_under_the_letters_is_none() -> None:
    ink = inked("$169.99")
    ink = np.vstack([ink, np.zeros((2, ink.shape[1]), bool), np.ones((1, ink.shape[1]), bool)])
    assert find_strike(ink) is None


def test_devanagaris_headline_is_none() -> None:
    assert find_strike(inked("किताबें देखें", "Noto Sans Devanagari")) is None


def test_behind_the_strike_the_letters_go_on() -> None:
    alpha = np.zeros((6, 4), np.float32)
    alpha[:, 1] = 1
    alpha[3] = 1
    assert bridge_strike(alpha, 3, 4).tolist() == [[0, 1, 0, 0]]
