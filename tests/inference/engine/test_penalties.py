"""What was said changes what comes next, alone and beside others in one batch."""

from __future__ import annotations

import math

import pytest
import torch

from inference.engine.penalties import (
    TokenHistory,
    add_biases,
    forbid_tokens,
    keep_top_k,
    penalize_frequency,
    penalize_repetition,
)
from inference.engine.sequence import Request, Sampling
from inference.engine.thought import ThoughtMask
from tests.inference.engine.asking import answers, asking, words
from tests.inference.engine.conftest import NewEngine


def test_repetition_weakens_what_was_seen_whatever_its_sign() -> None:
    history = TokenHistory([0, 1])
    history.catch_up([2])
    got = penalize_repetition(torch.tensor([2.0, -2.0, 4.0, 4.0]), history, 2.0)
    assert got.tolist() == [1.0, -4.0, 2.0, 4.0]


def test_frequency_counts_what_was_generated_and_presence_does_not() -> None:
    history = TokenHistory([0])
    history.catch_up([1, 1, 2])
    history.add(2)
    history.add(2)
    history.catch_up([1, 1, 2, 2, 2])
    got = penalize_frequency(torch.zeros(4), history, frequency=0.5, presence=1.0)
    assert got.tolist() == [0.0, -2.0, -2.5, 0.0]


def test_biases_bans_and_cuts() -> None:
    logits = torch.tensor([1.0, 2.0, 3.0])
    assert add_biases(logits, ((0, 5.0), (2, -100.0))).tolist() == [6.0, 2.0, -97.0]
    assert forbid_tokens(logits, {2}).tolist() == [1.0, 2.0, -math.inf]
    assert forbid_tokens(logits, {0, 1, 2}).tolist() == [1.0, 2.0, 3.0]
    assert keep_top_k(logits, 1).tolist() == [-math.inf, -math.inf, 3.0]
    assert keep_top_k(logits, 0).tolist() == keep_top_k(logits, 9).tolist() == [1.0, 2.0, 3.0]


def test_a_presence_penalty_keeps_a_greedy_answer_from_repeating(new_engine: NewEngine) -> None:
    free, held = answers(
        new_engine(),
        asking(words(6, seed=1), 40),
        asking(words(6, seed=1), 40, presence_penalty=1000.0),
    )
    assert len(set(held.ids)) == 40
    assert held.ids[0] == free.ids[0]


@pytest.mark.parametrize(
    "sampling",
    [
        {"presence_penalty": 0.7, "frequency_penalty": 0.4},
        {"repetition_penalty": 1.3, "temperature": 1.0, "seed": 4, "top_k": 20},
        {"logit_bias": ((5, 3.0),), "temperature": 0.8, "seed": 9},
    ],
)
def test_penalties_are_the_same_alone_in_a_batch_and_with_guesses(
    new_engine: NewEngine, sampling: dict[str, float]
) -> None:
    # A prompt that repeats itself is guessed from.
    prompt = tuple(words(4, seed=2) * 6)
    asked = [asking(prompt, 24, **sampling), asking(words(9, seed=3), 24, **sampling)]
    together = answers(new_engine(), *asked)
    alone = [answers(new_engine(guess_up_to=0), one)[0] for one in asked]
    assert [one.ids for one in together] == [one.ids for one in alone]


def test_one_token_is_left_by_top_k_1_whatever_the_temperature(new_engine: NewEngine) -> None:
    greedy, cut = answers(
        new_engine(),
        asking(words(6, seed=1), 16),
        asking(words(6, seed=1), 16, temperature=2.0, top_k=1, seed=3),
    )
    assert cut.ids == greedy.ids


def test_a_bias_of_100_decides(new_engine: NewEngine) -> None:
    (got,) = answers(new_engine(), asking(words(6, seed=1), 5, logit_bias=((77, 100.0),)))
    assert got.ids == [77] * 5


def test_no_stop_token_comes_before_the_least_length(new_engine: NewEngine) -> None:
    likely = ((1000, 100.0),)
    prompt = tuple(words(6, seed=1))
    soon, late = (
        Request(
            prompt,
            (),
            Sampling(0.0, logit_bias=likely, min_tokens=least),
            20,
            stop_ids=frozenset({1000}),
        )
        for least in (0, 8)
    )
    got = answers(new_engine(), soon, late)
    assert [len(one.ids) for one in got] == [1, 9]
    assert [one.finish for one in got] == ["stop", "stop"]


def test_a_thought_ends_with_its_budget_and_not_before(new_engine: NewEngine) -> None:
    end = 800
    mask = ThoughtMask(1024, end, forbidden={1000}, budget=5)
    request = Request(
        tuple(words(6, seed=1)), (), Sampling(0.0, logit_bias=((1000, 100.0),)), 9, mask=mask
    )
    (got,) = answers(new_engine(), request)
    assert got.ids[5] == end
    assert 1000 not in got.ids[:5]
    assert got.ids[6] == 1000
