from __future__ import annotations

import pytest

from inference.engine.speculate import FIRST, LONGEST, REST, Lookup
from tests.inference.engine.asking import Few, answers, asking
from tests.inference.engine.conftest import NewEngine


def test_what_followed_last_time_is_guessed() -> None:
    lookup = Lookup([1, 2, 3, 4, 5, 6, 1, 2, 3])
    assert lookup.guess(room=4) == [4, 5, 6, 1]
    assert lookup.guess(room=2) == [4, 5]


def test_of_two_places_the_later_counts() -> None:
    assert Lookup([1, 2, 3, 4, 1, 2, 3, 5, 1, 2, 3]).guess(room=1) == [5]


def test_nothing_is_guessed_from_what_was_never_seen() -> None:
    assert Lookup([1, 2, 3, 4, 5]).guess(room=10) == []
    assert Lookup([1, 2]).guess(room=10) == []


def test_a_text_that_is_rewritten_is_followed_past_the_token_that_changed() -> None:
    tokens = [4, 5, 6, 50, 1, 2, 3, 60, 7, 8, 9, 4, 5, 6]
    lookup = Lookup(tokens)
    guess = lookup.guess(room=5)
    assert guess == [50, 1, 2, 3, 60]
    lookup.record(guess, 4)
    tokens += [50, 1, 2, 3, 61]  # and not 60
    assert lookup.guess(room=3) == [7, 8, 9]


def test_a_guess_that_is_wrong_at_once_ends_the_following() -> None:
    tokens = [4, 5, 6, 50, 51, 52, 53, 54, 4, 5, 6]
    lookup = Lookup(tokens)
    lookup.record(lookup.guess(room=2), 2)
    tokens += [50, 51, 52]
    lookup.record(lookup.guess(room=2), 0)
    tokens.append(99)
    assert lookup.guess(room=2) == []


def test_right_guesses_make_longer_ones_up_to_a_bound() -> None:
    tokens = [1, 2, 3] * 30
    lookup = Lookup(tokens)
    lengths = []
    for _ in range(5):
        guess = lookup.guess(room=100)
        lookup.record(guess, len(guess))
        lengths.append(len(guess))
        tokens += guess
    assert lengths == [FIRST, 2 * FIRST, LONGEST, LONGEST, LONGEST]


def test_after_wrong_guesses_it_rests_and_then_tries_again() -> None:
    tokens = [1, 2, 3, 4, 9, 9, 9, 9] * 2 + [1, 2, 3]
    lookup = Lookup(tokens)
    tries = 0
    while guess := lookup.guess(room=FIRST):
        lookup.record(guess, 0)
        tries += 1
    assert 2 <= tries <= 6
    tokens += [7, 8] * (REST // 2) + [1, 2, 3]
    assert lookup.guess(room=FIRST)


@pytest.mark.parametrize("temperature", [0.0, 1.0])
@pytest.mark.parametrize("few", [(10, 11, 12), (10, 11, 12, 13)])
def test_guesses_right_and_wrong_change_no_token(
    few: tuple[int, ...], temperature: float, new_engine: NewEngine
) -> None:
    request = asking(few, 60, mask=Few(*few), temperature=temperature, seed=2)
    plain = answers(new_engine(guess_up_to=0), request)[0].ids
    engine = new_engine()
    sequence = engine.sequences[engine.add(request)]
    passes = 0
    while engine.sequences:
        engine.step()
        passes += 1
    assert sequence.tokens[len(few) :][:60] == plain
    assert 0 < sequence.lookup.accepted < sequence.lookup.guessed
    assert passes == 60 - sequence.lookup.accepted + max(0, sequence.made - 60)


def test_a_busy_engine_does_not_guess(new_engine: NewEngine) -> None:
    engine = new_engine(guess_up_to=1)
    for _ in range(2):
        engine.add(asking([10, 11], 20, mask=Few(10, 11)))
    while len(engine.sequences) == 2:
        engine.step()
        assert all(sequence.lookup.guessed == 0 for sequence in engine.sequences.values())
