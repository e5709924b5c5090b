from __future__ import annotations

from tests.inference.engine.asking import PLACEHOLDER, answers, asking, picture, words
from tests.inference.engine.conftest import NewEngine


def test_a_second_round_computes_only_what_is_new(new_engine: NewEngine) -> None:
    engine = new_engine()
    first = asking(words(30, seed=1), 6)
    said = answers(engine, first)[0].ids
    longer = asking([*first.prompt, *said, *words(5, seed=2)], 6)
    again = answers(engine, longer)[0]
    assert (
        again.cached == 32
    )  # of 41: prompt and answer in whole blocks of 4, the last token was never computed
    assert again.ids == answers(new_engine(), longer)[0].ids


def test_the_same_prompt_again_still_computes_its_last_token(new_engine: NewEngine) -> None:
    engine = new_engine()
    request = asking(words(16, seed=1), 3)
    assert [answers(engine, request)[0].cached for _ in range(2)] == [0, 12]


def test_a_picture_is_encoded_once_and_its_prefix_shared(new_engine: NewEngine) -> None:
    engine = new_engine()
    prompt = [*words(3, seed=1), PLACEHOLDER, *words(9, seed=2)]
    first, second = (answers(engine, asking(prompt, 4, [picture(3)]))[0] for _ in range(2))
    assert engine.runner.pictures_encoded == 1
    assert second.cached == 12
    assert first.ids == second.ids


def test_another_picture_in_the_same_place_is_no_hit(new_engine: NewEngine) -> None:
    engine = new_engine()
    prompt = [*words(4, seed=1), PLACEHOLDER, *words(9, seed=2)]
    answers(engine, asking(prompt, 4, [picture(3)]))
    other = asking(prompt, 4, [picture(4)])
    got = answers(engine, other)[0]
    assert got.cached == 4  # the words before it
    assert got.ids == answers(new_engine(), other)[0].ids


def test_pictures_cut_by_a_pass_are_seen_whole(new_engine: NewEngine) -> None:
    request = asking([5, PLACEHOLDER, PLACEHOLDER, 6], 6, [picture(1, 8, 8), picture(2, 6, 4)])
    whole = answers(new_engine(step_tokens=64), request)[0].ids
    assert answers(new_engine(step_tokens=9), request)[0].ids == whole
    swapped = asking([5, PLACEHOLDER, PLACEHOLDER, 6], 6, [picture(7, 8, 8), picture(2, 6, 4)])
    assert answers(new_engine(step_tokens=64), swapped)[0].ids != whole


def test_those_that_come_together_wait_for_the_first_to_compute_what_they_share(
    new_engine: NewEngine,
) -> None:
    shared = words(30, seed=1)
    requests = [asking([*shared, *words(3, seed=seed)], 4) for seed in range(3)]
    other = asking(words(9, seed=9), 4)
    together = answers(new_engine(blocks=128, step_tokens=256), requests[0], other, *requests[1:])
    assert [answer.cached for answer in together] == [0, 0, 28, 28]
    for request, answer in zip([requests[0], other, *requests[1:]], together, strict=True):
        assert answer.ids == answers(new_engine(), request)[0].ids


def test_nobody_waits_for_one_block(new_engine: NewEngine) -> None:
    engine = new_engine(step_tokens=64)
    for _ in range(3):
        engine.add(asking(words(4, seed=1), 4))
    engine.step()
    assert len(engine.scheduler.running) == 3
