"""A whole answer: its parts joined, its usage summed, and what is missing told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from inference.types import Chunk, Finished, Message, ModelError, ModelRequest, TextPart, Usage
from studio.pipeline.loop.whole_answers import Answer, ask_for_whole_answer

ASKED = ModelRequest((Message("user", (TextPart("hi"),)),), max_tokens=1_000)
Script = list[Chunk | Finished | ModelError]


def cut(text: str, used: int = 1_000) -> Script:
    return [Chunk("answer", text), Finished("length", Usage(100, used))]


def end(text: str) -> Script:
    return [Chunk("answer", text), Finished("stop", Usage(100, 10))]


class PartsModel:
    """Answers each request by the next script."""

    name, task = "parts", "page"

    def __init__(self, *scripts: Script) -> None:
        self.scripts = list(scripts)
        self.requests: list[ModelRequest] = []

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        self.requests.append(request)
        for item in self.scripts[len(self.requests) - 1]:
            if isinstance(item, ModelError):
                raise item
            yield item

    def close(self) -> None: ...


def ask(model: PartsModel, tokens: int = 100_000) -> tuple[Answer, list[Chunk]]:
    chunks: list[Chunk] = []
    answer = ask_for_whole_answer(
        model, ASKED, cancelled=lambda: False, on_chunk=chunks.append, tokens=tokens
    )
    return answer, chunks


def test_an_answer_cut_off_is_gone_on_with_and_streamed_as_one() -> None:
    model = PartsModel(cut("```html\n<p>Bread from"), end("```html\n<p>Bread from our oven</p>\n"))
    answer, chunks = ask(model)
    assert answer.text == "```html\n<p>Bread from our oven</p>\n"
    assert "".join(chunk.text for chunk in chunks) == answer.text
    assert (answer.complete, answer.is_cut_off) == (True, False)
    assert answer.usage == Usage(200, 1_010)


def test_it_is_not_asked_without_end() -> None:
    model = PartsModel(*[cut(f"part {number} ") for number in range(9)])
    answer, _ = ask(model)
    assert len(model.requests) == 4
    assert (answer.complete, answer.is_cut_off) == (False, True)


def test_going_on_stays_within_the_budget() -> None:
    model = PartsModel(cut("one "), end("two"))
    answer, _ = ask(model, tokens=2_000)
    assert len(model.requests) == 1
    assert answer.is_cut_off
    model = PartsModel(cut("one "), end("two"))
    ask(model, tokens=3_000)
    assert model.requests[1].max_tokens == 3_000 - 1_100 - 1_100


def test_a_continuation_that_fails_leaves_what_was_told() -> None:
    lost = ModelError("lost", kind="interrupted", usage=Usage(7, 8))
    answer, _ = ask(PartsModel(cut("one "), [lost]))
    assert (answer.text, answer.is_cut_off, answer.error) == ("one ", True, None)
    assert answer.usage == Usage(107, 1_008)


def test_an_answer_of_nothing_is_told_as_that() -> None:
    answer, _ = ask(PartsModel([Finished("stop", Usage(100, 1))]))
    assert answer.error is not None
    assert (answer.error.kind, str(answer.error)) == (
        "empty",
        "parts ended its answer without a text.",
    )


def test_a_limit_spent_on_thinking_is_told_as_that() -> None:
    answer, _ = ask(PartsModel([Chunk("thinking", "hm"), Finished("length", Usage(100, 1_000))]))
    assert answer.error is not None
    assert str(answer.error).startswith("parts used its 1,000 tokens before it began to answer;")


def test_what_a_failed_request_used_is_counted() -> None:
    answer, _ = ask(PartsModel([Chunk("answer", "a"), ModelError("x", usage=Usage(5, 6))]))
    assert (answer.usage, answer.complete) == (Usage(5, 6), False)


def test_thinking_that_was_taken_for_the_answer_is_taken_back() -> None:
    script: Script = [
        Chunk("answer", "First I look."),
        Chunk("answer", "<p>", restarts=True),
        Finished("stop", Usage(1, 1)),
    ]
    answer, chunks = ask(PartsModel(script))
    assert answer.text == "<p>"
    assert [chunk.restarts for chunk in chunks] == [False, True]
