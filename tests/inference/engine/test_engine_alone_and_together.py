"""Whatever else is in the batch, comes, goes, is cut short or thrown out: each answer is as if it
had been alone.
"""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.engine.engine import Engine
from tests.inference.engine.asking import PLACEHOLDER, Answer, Few, answers, asking, picture, words
from tests.inference.engine.conftest import NewEngine

PICTURE = picture(3)
SHARED = words(11, seed=1)
# Beginnings that meet after none, some or all of their blocks; a picture; repeats, where guesses
# are made.
PROMPTS = [
    words(1, seed=2),
    SHARED,
    [*SHARED, *words(7, seed=3)],
    [*SHARED, *words(20, seed=4)],
    [*SHARED[:6], PLACEHOLDER, *words(5, seed=5)],
    [10, 11, 12, 10, 10, 11, 12, 10, 10, 11],
    words(45, seed=7),
]
SAMPLINGS = [
    {},
    {"temperature": 1.0, "seed": 5},
    {"temperature": 0.7, "top_p": 0.8, "min_p": 0.01, "seed": 9},
]

arrivals = st.lists(
    st.tuples(
        st.integers(0, 6),  # the step it comes at
        st.integers(0, len(PROMPTS) - 1),
        st.integers(0, len(SAMPLINGS) - 1),
        st.integers(1, 14),  # tokens it wants
        st.none() | st.integers(0, 12),  # steps after which it is cancelled
    ),
    min_size=1,
    max_size=9,
)


def request_of(prompt: int, sampling: int, tokens: int):
    pictures = [PICTURE] if PLACEHOLDER in PROMPTS[prompt] else []
    few = Few(10, 11, 12) if PROMPTS[prompt][0] == 10 else None
    return asking(PROMPTS[prompt], tokens, pictures, few, **SAMPLINGS[sampling])


@pytest.fixture(scope="session")
def alone(new_engine: NewEngine):
    return answers_alone(new_engine)


@pytest.fixture(scope="session")
def compiled_alone(new_compiled_engine: NewEngine):
    return answers_alone(new_compiled_engine)


def answers_alone(new_engine: NewEngine):
    @cache
    def answer(prompt: int, sampling: int) -> list[int]:
        """In one pass of the whole prompt, then token by token, in an engine that saw nothing
        before.
        """
        engine = new_engine(blocks=32, block_size=16, step_tokens=256, guess_up_to=0)
        return answers(engine, request_of(prompt, sampling, 14))[0].ids

    return answer


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    arrivals=arrivals,
    blocks=st.sampled_from([16, 24, 64]),
    step_tokens=st.sampled_from([5, 16, 64]),
)
def test_every_answer_is_what_it_is_alone(
    arrivals: list[tuple[int, int, int, int, int | None]],
    blocks: int,
    step_tokens: int,
    new_engine: NewEngine,
    alone,
) -> None:
    each_is_what_it_is_alone(
        new_engine(blocks=blocks, step_tokens=step_tokens, running=4), arrivals, alone
    )


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    arrivals=arrivals,
    blocks=st.sampled_from([16, 24, 64]),
    step_tokens=st.sampled_from([5, 16, 64]),
)
def test_so_it_is_where_compiled_code_computes(
    arrivals: list[tuple[int, int, int, int, int | None]],
    blocks: int,
    step_tokens: int,
    new_compiled_engine: NewEngine,
    compiled_alone,
) -> None:
    engine = new_compiled_engine(blocks=blocks, step_tokens=step_tokens, running=4)
    each_is_what_it_is_alone(engine, arrivals, compiled_alone)


def each_is_what_it_is_alone(
    engine: Engine, arrivals: list[tuple[int, int, int, int, int | None]], alone
) -> None:
    blocks = engine.pool.count
    got: dict[int, Answer] = {}
    asked: dict[int, tuple[int, int, int, int | None]] = {}
    step = 0
    while engine.sequences or step <= 6:
        for arrives, *request, cancelled in arrivals:
            if arrives == step:
                id = engine.add(request_of(*request))
                got[id] = Answer()
                asked[id] = (*request, None if cancelled is None else step + cancelled)  # type: ignore[assignment]
        for id, (*_, cancelled) in asked.items():
            if cancelled == step:
                engine.cancel(id)
        for update in engine.step():
            got[update.id].take(update)
        engine.check_integrity()
        step += 1
    assert engine.pool.free == blocks
    for id, (prompt, sampling, tokens, cancelled) in asked.items():
        expected = alone(prompt, sampling)[:tokens]
        if cancelled is None:
            assert got[id].finish == "length"
        if got[id].finish:
            assert got[id].ids == expected
        else:
            assert got[id].ids == expected[: len(got[id].ids)]


def test_when_blocks_run_out_the_youngest_is_thrown_out_and_computed_again(
    new_engine: NewEngine, alone
) -> None:
    engine = new_engine(blocks=14, running=4, guess_up_to=0)
    requests = [request_of(2, sampling, 14) for sampling in (0, 1, 2)]
    # Each fits when it comes (5 blocks, 3 shared); grown to 8 blocks they no longer do.
    got = answers(engine, *requests)
    assert engine.scheduler.preempted > 0
    assert [answer.ids for answer in got] == [alone(2, sampling) for sampling in (0, 1, 2)]


def test_a_long_prompt_comes_in_pieces_while_others_go_on(new_engine: NewEngine) -> None:
    engine = new_engine(step_tokens=9, running=8)
    first = engine.add(asking(words(3, seed=8), 20))
    engine.step()
    second = engine.add(asking(words(40, seed=9), 2))
    came: list[list[int]] = []
    while second not in [update for step in came for update in step]:
        came.append([update.id for update in engine.step()])
    assert len(came) == 5  # 8 tokens of it a step
    assert all(first in step for step in came)


def test_sixteen_streams_at_once_are_each_what_they_are_alone(new_engine: NewEngine) -> None:
    requests = [asking(words(5 + seed, seed=100 + seed), 16) for seed in range(16)]
    together = answers(new_engine(blocks=256, running=16, step_tokens=64), *requests)
    for request, answer in zip(requests, together, strict=True):
        assert answers(new_engine(), request)[0].ids == answer.ids
