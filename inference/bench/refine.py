"""A benchmark of a refine round: the first answer is in the prompt and mostly repeated.

A model with random weights repeats nothing, so a mask dictates the answers: a page of code, then
the same page with some lines changed. Everything is computed as for a free answer, only the choice
is fixed. The measured speed is valid for code with as many repetitions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from inference.bench.clock import CLOCKS, Clock
from inference.chat.tokenizer import Tokenizer
from inference.engine.batch import Model
from inference.engine.engine import Engine
from inference.engine.scheduler import Limits
from inference.engine.sequence import Request, Sampling, Update

CARDS = 16  # on the page
EVERY = 4  # every fourth card is changed
LIMITS = {"blocks": 1024, "block_size": 16, "step_tokens": 512}


class Dictated:
    """A mask that allows the tokens of a text one after the other, without forced tokens."""

    def __init__(self, tokens: Sequence[int], vocab: int) -> None:
        self._tokens = tokens
        self._index = 0
        self._allowed = torch.zeros(vocab, dtype=torch.bool)

    def allowed(self) -> Tensor:
        token = self._tokens[min(self._index, len(self._tokens) - 1)]
        self._allowed.zero_()
        self._allowed[token] = True
        return self._allowed

    def advance(self, token: int) -> None:
        self._index += 1

    def forced(self) -> list[int]:
        return []


def make_page(changed: bool) -> str:
    """Return HTML with some cards; with `changed`, every fourth has another price and class."""
    cards = []
    for number in range(CARDS):
        is_changed = changed and number % EVERY == 0
        classes = "card card-wide" if is_changed else "card"
        price = 19 + 7 * number
        if is_changed:
            price += 1
        cards.append(
            f'<article class="{classes}">\n'
            f"  <h3>Product number {number}</h3>\n"
            f'  <p class="price">${price}.00</p>\n'
            '  <a href="#">Add to basket</a>\n'
            "</article>\n"
        )
    return '<main class="grid">\n' + "".join(cards) + "</main>\n"


def refine_round(model: Model, tokenizer: Tokenizer, clock: Clock) -> dict[str, Any]:
    """Measure the second answer with prefix cache and draft tokens, and without both ("plain")."""
    instruction = tokenizer.encode("Write this page as HTML and CSS. " * 12)
    first = tokenizer.encode(make_page(changed=False))
    second = tokenizer.encode(make_page(changed=True))
    change = "These cards are too narrow; widen them and correct the prices."
    prompt = [*instruction, *first, *tokenizer.encode(change)]

    warm_up = Engine(model, tokenizer, Limits(**LIMITS, guess_up_to=0))
    _run_request(warm_up, instruction, first, clock)
    plain = Engine(model, tokenizer, Limits(**LIMITS, guess_up_to=0))
    plain_first, plain_last, _ = _run_request(plain, prompt, second, clock)

    engine = Engine(model, tokenizer, Limits(**LIMITS))
    _run_request(engine, instruction, first, clock)
    first_token, last_token, updates = _run_request(engine, prompt, second, clock)
    return {
        "prompt_tokens": len(prompt),
        "prompt_tokens_cached": updates[0].cached,
        "answer_tokens": len(second),
        "passes": len(updates),
        "tokens_per_s": len(second) / (last_token - first_token),
        "plain_tokens_per_s": len(second) / (plain_last - plain_first),
        "ratio": (plain_last - plain_first) / (last_token - first_token),
        "round_ratio": plain_last / last_token,
        "ttft_ms": 1000 * first_token,
        "plain_ttft_ms": 1000 * plain_first,
    }


def _run_request(
    engine: Engine, prompt: Sequence[int], answer: Sequence[int], clock: Clock
) -> tuple[float, float, list[Update]]:
    """Return (seconds to the first token, seconds to the last, updates) of a dictated answer."""
    now = CLOCKS[clock]
    updates: list[Update] = []
    mask = Dictated(answer, engine.runner.model.config.text.vocab_size)
    sampling = Sampling(temperature=0.0)
    first_token: float | None = None
    since = now()
    engine.add(Request(tuple(prompt), sampling=sampling, max_tokens=len(answer), mask=mask))
    while engine.sequences:
        updates += engine.step()
        if updates and first_token is None:
            first_token = now() - since
    assert first_token is not None
    return first_token, now() - since, updates
