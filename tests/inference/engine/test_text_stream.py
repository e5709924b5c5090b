from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.chat.text import TextStream
from inference.chat.tokenizer import Tokenizer
from inference.engine.sequence import Request
from tests.inference.engine.asking import Few, answers, asking, words
from tests.inference.engine.conftest import NewEngine


def shown(stream: TextStream, ids: list[int]) -> list[str]:
    pieces = []
    for token in ids:
        pieces.append(stream.push(token)[0])
        if stream.stopped_by:
            break
    return [*pieces, stream.flush()]


@given(text=st.text(max_size=30))
def test_text_comes_out_whole_and_never_half_a_character(text: str, tokenizer: Tokenizer) -> None:
    pieces = shown(TextStream(tokenizer), tokenizer.encode(text))
    assert "".join(pieces) == text
    assert "\ufffd" not in "".join(pieces) or "\ufffd" in text


@given(
    text=st.text("ab<", max_size=20),
    stops=st.lists(st.text("ab<", min_size=1, max_size=3), min_size=1, max_size=2),
)
def test_nothing_from_a_stop_string_on_is_ever_shown(
    text: str, stops: list[str], tokenizer: Tokenizer
) -> None:
    stream = TextStream(tokenizer, stops)
    got = "".join(shown(stream, [token for one in text for token in tokenizer.encode(one)]))
    ends = [text.find(stop) + len(stop) for stop in stops if stop in text]
    if not ends:
        assert got == text
        assert stream.stopped_by is None
    else:
        assert stream.stopped_by in stops
        first = text[: min(ends)]
        assert got == min((first[: first.find(stop)] for stop in stops if stop in first), key=len)


def test_a_special_token_is_named_and_shows_what_was_held(tokenizer: Tokenizer) -> None:
    stream = TextStream(tokenizer, ["abc"])
    assert [stream.push(token) for token in tokenizer.encode("ab")][-1][0] == ""
    assert stream.push(tokenizer.special("</think>")) == ("ab", "</think>")


def test_the_engine_ends_at_a_stop_string_and_cuts_it_off(new_engine: NewEngine) -> None:
    plain = asking(words(9, seed=3), 20)
    whole = answers(new_engine(), plain)[0]
    stop = next(token.text for token in whole.tokens[3:] if len(token.text) > 1)
    got = answers(new_engine(), Request(plain.prompt, (), plain.sampling, 20, (stop,)))[0]
    assert got.finish == "stop"
    assert got.text == whole.text[: whole.text.index(stop)]
    assert len(got.tokens) < 20


def test_the_engine_ends_at_a_stop_token_even_inside_a_guess(new_engine: NewEngine) -> None:
    few = Few(*range(10, 16))
    plain = asking(range(10, 16), 60, mask=few)
    ids = answers(new_engine(), plain)[0].ids
    for wanted in sorted(set(ids), key=ids.index)[-2:]:
        request = Request(
            plain.prompt, (), plain.sampling, 60, stop_ids=frozenset({wanted}), mask=few
        )
        got = answers(new_engine(), request)[0]
        assert got.finish == "stop"
        assert got.ids == ids[: ids.index(wanted) + 1]


@pytest.mark.parametrize(
    ("prompt", "max_tokens", "sentence"),
    [
        (0, 1, "The prompt has 0 tokens; use 1 to 255"),
        (256, 1, "The prompt has 256 tokens; use 1 to 255"),
        (250, 7, "max_tokens is 7; use 1 to 6 after this prompt of 250 tokens"),
        (5, 0, "max_tokens is 0"),
    ],
)
def test_what_never_fits_is_refused(
    new_engine: NewEngine, prompt: int, max_tokens: int, sentence: str
) -> None:
    from inference.engine.engine import RequestError

    engine = new_engine()
    with pytest.raises(RequestError, match=sentence):
        engine.add(asking(words(prompt, seed=1), max_tokens))
    assert not engine.sequences


def test_the_last_place_of_the_context_can_be_filled(new_engine: NewEngine) -> None:
    got = answers(new_engine(), asking(words(250, seed=1), 6))[0]
    assert (got.finish, len(got.ids)) == ("length", 6)
