"""Where a grammar leaves no choice the engine computes none, and the answer is the one it would
have computed.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inference.chat.tokenizer import Tokenizer
from inference.engine.grammar import Grammar, TokenMask
from tests.inference.engine.asking import answers, asking, words
from tests.inference.engine.conftest import NewEngine

pytest.importorskip("llguidance")
END = 770
ROWS = "".join(f'<li class="row number-{n}">[a-z]{{1,3}}</li>\n' for n in range(6))


class Unforced:
    """A mask that keeps to itself what it knows of the tokens to come."""

    def __init__(self, mask: TokenMask) -> None:
        self._mask = mask
        self.allowed, self.advance = mask.allowed, mask.advance

    def forced(self) -> list[int]:
        return []


@pytest.fixture(scope="module")
def new_mask(tokenizer: Tokenizer) -> Callable[[], TokenMask]:
    grammar = Grammar(tokenizer, [END])
    return lambda: grammar.pattern(ROWS)


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_the_answer_is_the_same_and_takes_fewer_passes(
    temperature: float, new_engine: NewEngine, new_mask: Callable[[], TokenMask]
) -> None:
    sampling = {"temperature": temperature, "seed": 4}
    plain = answers(
        new_engine(guess_up_to=0), asking(words(9, 1), 200, mask=Unforced(new_mask()), **sampling)
    )[0]
    engine = new_engine(guess_up_to=0)
    engine.add(asking(words(9, 1), 200, mask=new_mask(), **sampling))
    said, passes = [], 0
    while engine.sequences:
        said += [token.id for update in engine.step() for token in update.tokens]
        engine.check_integrity()
        passes += 1
    assert said == plain.ids
    assert engine.forced > 100
    assert (
        passes <= len(said) - engine.forced + 20
    )  # a forced run longer than a pass has room for takes two


def test_it_ends_at_its_limit_in_the_middle_of_what_is_forced(
    new_engine: NewEngine, new_mask: Callable[[], TokenMask]
) -> None:
    whole = answers(new_engine(), asking(words(9, 1), 200, mask=new_mask()))[0]
    for most in (1, 2, 7, 30):
        short = answers(new_engine(), asking(words(9, 1), most, mask=new_mask()))[0]
        assert short.ids == whole.ids[:most]
        assert short.finish == "length"


def test_others_in_the_batch_and_being_thrown_out_change_nothing(
    new_engine: NewEngine, new_mask: Callable[[], TokenMask]
) -> None:
    whole = answers(new_engine(), asking(words(9, 1), 120, mask=new_mask()))[0]
    engine = new_engine(blocks=40, running=4)
    asked = [
        asking(words(9, 1), 120, mask=new_mask()),
        *(asking(words(20, n), 30) for n in (2, 3, 4)),
    ]
    assert answers(engine, *asked)[0].ids == whole.ids


def test_log_probabilities_are_of_choices_so_each_is_made(
    new_engine: NewEngine, new_mask: Callable[[], TokenMask]
) -> None:
    engine = new_engine()
    (got,) = answers(engine, asking(words(9, 1), 40, mask=new_mask(), logprobs=1))
    assert engine.forced == 0
    assert all(token.logprob is not None for token in got.tokens)
