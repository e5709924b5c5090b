from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
import torch
from torch import Tensor

from inference.chat.text import TextStream
from inference.engine.sampler import draw_uniform, sample
from inference.engine.scheduler import ScheduledChunk
from inference.engine.sequence import Request, Sampling, Sequence
from tests.inference.engine.asking import answers, asking, words
from tests.inference.engine.conftest import NewEngine

LOGITS = torch.tensor([math.log(share) for share in (0.5, 0.3, 0.15, 0.05)])


def drawn(count: int, **sampling: float) -> Counter[int]:
    pieces = []
    for seed in range(count):
        request = Request((1,), sampling=Sampling(seed=seed, **sampling))  # type: ignore[arg-type]
        pieces.append(ScheduledChunk(Sequence(seed, request, 9, TextStream(None)), 1))
    return Counter(choice.id for (choice,) in sample(pieces, LOGITS.expand(count, -1)))


def test_tokens_are_drawn_as_often_as_they_are_likely() -> None:
    counts = drawn(4000)
    for token, share in enumerate((0.5, 0.3, 0.15, 0.05)):
        # Four standard deviations of a binomial.
        assert abs(counts[token] - 4000 * share) < 4 * math.sqrt(4000 * share * (1 - share))


def test_temperature_sharpens() -> None:
    assert drawn(500, temperature=0.1)[0] > 490
    assert drawn(500, temperature=0.0) == {0: 500}


@pytest.mark.parametrize("temperature", [1e-6, 1e-39, 1e-300])
@pytest.mark.parametrize("top_p", [0.95, 1.0])
def test_however_small_a_temperature_is_it_comes_to_greedy(
    temperature: float, top_p: float
) -> None:
    assert drawn(50, temperature=temperature, top_p=top_p) == {0: 50}


def test_top_p_keeps_the_fewest_tokens_that_reach_it() -> None:
    assert set(drawn(500, top_p=0.79)) == {0, 1}
    assert set(drawn(500, top_p=0.81)) == {0, 1, 2}
    assert set(drawn(50, top_p=0.0)) == {0}


@pytest.mark.parametrize("top_p", [0.3, 0.79, 0.81, 0.99, 1.0])
@pytest.mark.parametrize("min_p", [0.0, 0.2])
def test_looking_at_the_likeliest_first_changes_no_draw(
    top_p: float, min_p: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = drawn(300, top_p=top_p, min_p=min_p)
    monkeypatch.setattr("inference.engine.sampler.LIKELIEST", 2)
    assert drawn(300, top_p=top_p, min_p=min_p) == usual


def test_min_p_is_a_share_of_the_likeliest() -> None:
    assert set(drawn(500, min_p=0.29)) == {0, 1, 2}
    assert set(drawn(500, min_p=0.31)) == {0, 1}


def test_draws_are_even_and_each_is_its_own() -> None:
    draws = np.array([[draw_uniform(seed, index) for index in range(40)] for seed in range(40)])
    assert len(set(draws.flatten())) == 1600
    assert abs(draws.mean() - 0.5) < 4 * math.sqrt(1 / 12 / 1600)


def test_the_same_seed_says_the_same_and_another_does_not(new_engine: NewEngine) -> None:
    requests = [asking(words(6, seed=1), 12, temperature=1.0, seed=seed) for seed in (4, 4, 5)]
    one, same, other = answers(new_engine(), *requests)
    assert one.ids == same.ids != other.ids


def test_log_probabilities_are_the_models_own(new_engine: NewEngine) -> None:
    got = answers(
        new_engine(),
        asking(words(6, seed=1), 4, logprobs=3),
        asking(words(6, seed=1), 4, logprobs=0),
    )
    for token in got[0].tokens:
        assert token.top[0] == (token.id, token.logprob)  # greedy
        assert [value for _, value in token.top] == sorted(
            (value for _, value in token.top), reverse=True
        )
        assert len(token.top) == 3
    # Float noise: the two are different rows of one matrix.
    assert [token.logprob for token in got[0].tokens] == pytest.approx(
        [token.logprob for token in got[1].tokens], abs=1e-4
    )
    assert got[1].tokens[0].top == ()


class Counting:
    """Allows only the tokens 10, 11, 12, … one after the other."""

    def __init__(self) -> None:
        self.next = 10

    def allowed(self) -> Tensor:
        return torch.arange(1024) == self.next

    def advance(self, token: int) -> None:
        assert token == self.next
        self.next += 1

    def forced(self) -> list[int]:
        return []


def test_a_mask_decides_what_may_come_whether_drawn_or_guessed(new_engine: NewEngine) -> None:
    for temperature in (0.0, 1.0):
        prompt = tuple(range(10, 16)) * 2
        request = Request(prompt, sampling=Sampling(temperature), max_tokens=8, mask=Counting())
        assert answers(new_engine(), request)[0].ids == list(range(10, 18))
