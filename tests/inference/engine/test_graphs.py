"""Small passes through fixed tensors, as a CUDA graph wants them; here a recording runs again,
nothing is replayed.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from inference.chat.tokenizer import Tokenizer
from inference.engine.engine import Engine
from inference.engine.runner import Runner
from inference.engine.scheduler import Limits
from inference.models.kimi import Kimi
from tests.inference.engine.asking import Few, answers, asking, words
from tests.inference.engine.conftest import NewEngine


class Recorder:
    """Counts what is recorded and replayed, and by how many tokens."""

    def __init__(self) -> None:
        self.recorded: list[int] = []
        self.replayed: list[int] = []

    def __call__(self, call: Callable[[], Tensor]) -> tuple[Callable[[], object], Tensor]:
        hidden = call().clone()
        self.recorded.append(len(hidden))

        def replay() -> None:
            self.replayed.append(len(hidden))
            hidden.copy_(call())

        return replay, hidden


def replaying(model: Kimi, tokenizer: Tokenizer) -> tuple[Engine, Recorder]:
    limits = Limits(blocks=64, block_size=4, step_tokens=80, running=8)
    engine, recorder = Engine(model, tokenizer, limits), Recorder()
    engine.runner = Runner(model, limits.blocks, limits.block_size, recorder)
    engine.runner.cache.fill_(torch.nan)
    return engine, recorder


def test_an_answer_through_graphs_is_the_answer_without(
    model: Kimi, tokenizer: Tokenizer, new_engine: NewEngine
) -> None:
    requests = [
        asking(words(70, seed=1), 9),
        asking(words(3, seed=2), 5),
        asking(words(11, seed=3), 12, temperature=0.8, seed=4),
        asking([10, 11, 12, 10, 10, 11, 12, 10, 10, 11], 8, (), Few(10, 11, 12)),
    ]
    engine, recorder = replaying(model, tokenizer)
    with_graphs = [answer.ids for answer in answers(engine, *requests)]
    assert with_graphs == [answer.ids for answer in answers(new_engine(step_tokens=80), *requests)]
    assert len(recorder.recorded) == len(set(recorder.recorded)) < len(recorder.replayed)
    assert set(recorder.recorded) <= {1, 2, 4, 8, 16, 32, 64}


def test_a_pass_takes_the_next_larger_graph_and_a_long_one_none(
    model: Kimi, tokenizer: Tokenizer
) -> None:
    engine, recorder = replaying(model, tokenizer)
    answers(
        engine, *(asking(words(26, seed=seed), 2) for seed in range(3))
    )  # 78 tokens, then three at a time
    assert recorder.recorded == [4]
    assert recorder.replayed == [4]


def test_padding_writes_into_no_sequences_block(model: Kimi, tokenizer: Tokenizer) -> None:
    engine, _ = replaying(model, tokenizer)
    answers(engine, *(asking(words(2, seed=seed), 2) for seed in range(3)))
    written = (~engine.runner.cache[0].isnan().any(-1)).sum(-1)
    assert int(written[:-1].sum()) == 3 * 3  # two of the prompt and the first of the answer
    assert int(written[-1]) == 1
