"""Half characters in a model's stream are joined, or replaced; no text that cannot be encoded gets
further.
"""

from __future__ import annotations

import pytest

from inference.client.surrogates import join_halves, whole_characters
from inference.types import Chunk, Finished, ToolCall, Usage

END = Finished("stop", Usage())


def said(*pieces: Chunk) -> list[tuple[str, str]]:
    found = [one for one in whole_characters(iter([*pieces, END]))]
    assert found[-1] == END
    return [(one.kind, one.text) for one in found if isinstance(one, Chunk)]


def test_an_emoji_in_two_pieces_is_one_character() -> None:
    assert said(Chunk("answer", "a\ud83d"), Chunk("answer", "\ude00b")) == [
        ("answer", "a"),
        ("answer", "😀b"),
    ]


@pytest.mark.parametrize("alone", ["\ud83d", "\ude00", "\ude00\ud83d"])  # noqa: PT014 (they differ)
def test_a_half_alone_is_replaced(alone: str) -> None:
    text = "".join(text for _, text in said(Chunk("answer", f"a{alone}"), Chunk("answer", "b")))
    assert text == "a" + "\ufffd" * len(alone) + "b"
    text.encode()


def test_halves_of_thinking_and_answer_are_not_joined() -> None:
    found = said(Chunk("thinking", "\ud83d"), Chunk("answer", "\ude00"))
    assert [kind for kind, text in found if text] == ["thinking", "answer"]
    assert {text for _, text in found if text} == {"\ufffd"}


def test_a_half_at_the_very_end_is_replaced() -> None:
    assert said(Chunk("answer", "a\ud83d")) == [("answer", "a"), ("answer", "\ufffd")]


def test_counted_tokens_are_kept() -> None:
    found = list(
        whole_characters(iter([Chunk("answer", "\ud83d", 3), Chunk("answer", "\ude00", 1), END]))
    )
    assert sum(one.tokens for one in found if isinstance(one, Chunk)) == 4


def test_whole_text_is_left_alone() -> None:
    text = "plain 😀 text"
    assert join_halves(text) is text


def test_calls_of_tools_are_whole_too() -> None:
    """Their arguments come in pieces, so one emoji is two halves that nobody joined."""
    call = ToolCall("a\ud83d", "write\ude00", '{"text": "\ud83d\ude00 \ud83d"}')
    (found,) = whole_characters(iter([Finished("stop", Usage(), calls=(call,))]))
    assert isinstance(found, Finished)
    assert found.calls == (ToolCall("a\ufffd", "write\ufffd", '{"text": "😀 \ufffd"}'),)
