"""A refine round: the answer so far stands in the prompt and most of it is said again.

Random weights repeat nothing, so what is said is dictated: a page of code, then the same page with
some lines changed. All is computed as for a free answer; only the choice is overruled. So the speed
is real for code that repeats so much.
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

CARDS, EVERY = 16, 4  # cards of the page; every so many-th is changed
LIMITS = {"blocks": 1024, "block_size": 16, "step_tokens": 512}


class Dictated:
    """A mask that allows the tokens of a text, one after the other, and keeps to itself which come
    next.
    """

    def __init__(self, tokens: Sequence[int], vocab: int) -> None:
        self._tokens, self._place = tokens, 0
        self._allowed = torch.zeros(vocab, dtype=torch.bool)

    def allowed(self) -> Tensor:
        self._allowed.zero_()
        self._allowed[self._tokens[min(self._place, len(self._tokens) - 1)]] = True
        return self._allowed

    def advance(self, token: int) -> None:
        self._place += 1

    def forced(self) -> list[int]:
        return []


def make_page(changed: bool) -> str:
    """Some cards of HTML; every EVERY-th has another price and class when `changed`."""
    cards = []
    for number in range(CARDS):
        other = changed and number % EVERY == 0
        cards.append(
            f'<article class="{"card card-wide" if other else "card"}">\n  <h3>Product number {number}</h3>\n'
            f'  <p class="price">${19 + 7 * number + other}.00</p>\n  <a href="#">Add to basket</a>\n</article>\n'
        )
    return '<main class="grid">\n' + "".join(cards) + "</main>\n"


def refine_round(model: Model, tokenizer: Tokenizer, clock: Clock) -> dict[str, Any]:
    """Tokens a second of the second answer: with what the engine knows of the first, and without."""
    ask = tokenizer.encode("Write this page as HTML and CSS. " * 12)
    first, second = (
        tokenizer.encode(make_page(changed=False)),
        tokenizer.encode(make_page(changed=True)),
    )
    again = [
        *ask,
        *first,
        *tokenizer.encode("These cards are too narrow; widen them and correct the prices."),
    ]

    plain = Engine(model, tokenizer, Limits(**LIMITS, guess_up_to=0))
    _run_request(plain, ask, first, clock)  # warms up
    plain_first, plain_all, _ = _run_request(
        Engine(model, tokenizer, Limits(**LIMITS, guess_up_to=0)), again, second, clock
    )

    engine = Engine(model, tokenizer, Limits(**LIMITS))
    _run_request(engine, ask, first, clock)
    ready, whole, updates = _run_request(engine, again, second, clock)
    return {
        "prompt_tokens": len(again),
        "prompt_tokens_cached": updates[0].cached,
        "answer_tokens": len(second),
        "passes": len(updates),
        "tokens_per_s": len(second) / (whole - ready),
        "plain_tokens_per_s": len(second) / (plain_all - plain_first),
        "ratio": (plain_all - plain_first) / (whole - ready),
        "round_ratio": plain_all / whole,
        "ttft_ms": 1000 * ready,
        "plain_ttft_ms": 1000 * plain_first,
    }


def _run_request(
    engine: Engine, prompt: Sequence[int], answer: Sequence[int], clock: Clock
) -> tuple[float, float, list[Update]]:
    """(seconds to the first token, to the last, the updates) of the dictated answer."""
    now, updates = CLOCKS[clock], list[Update]()
    mask = Dictated(answer, engine.runner.model.config.text.vocab_size)
    sampling = Sampling(temperature=0.0)
    firsts: list[float] = []
    since = now()
    engine.add(Request(tuple(prompt), sampling=sampling, max_tokens=len(answer), mask=mask))
    while engine.sequences:
        updates += engine.step()
        if updates and not firsts:
            firsts.append(now() - since)
    return firsts[0], now() - since, updates
