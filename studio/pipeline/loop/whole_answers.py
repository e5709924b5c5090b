"""One whole answer of a model: its parts, where its length limit cut it off. Knows no page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from inference.client.surrogates import whole_characters
from inference.types import Chunk, Finished, ModelClient, ModelError, ModelRequest, Usage
from studio.pipeline.prompting.continuation import build_continuation, drop_repetition

MOST_PARTS = 4  # of one answer; three of 16,384 tokens are a page of about 170,000 characters
HELD = 400  # characters of a continuation held back, until it is known what it repeats
LEAST_PART = 512  # tokens that are worth asking for


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to one request.

    `complete`: it reached its end. `is_cut_off`: its length limit ended it. `error`: the model's
    error where it did not answer. `without_pictures`: the model did not see the request's pictures.
    """

    text: str
    usage: Usage
    complete: bool = True
    error: ModelError | None = None
    is_cut_off: bool = False
    without_pictures: bool = False


def ask_for_whole_answer(
    client: ModelClient,
    request: ModelRequest,
    *,
    cancelled: Callable[[], bool],
    on_chunk: Callable[[Chunk], None],
    tokens: int,
) -> Answer:
    """Return the answer; where its length limit cuts it off, ask to go on.

    `tokens`: what the request and its continuations may use together.
    """
    answer = _ask(client, request, "", cancelled, on_chunk)
    for _ in range(MOST_PARTS - 1):
        rest = tokens - _count_tokens(answer.usage)
        # The next prompt is this one's and the answer.
        room = rest - answer.usage.prompt_tokens - answer.usage.completion_tokens
        if not answer.is_cut_off or answer.error or room < LEAST_PART or cancelled():
            break
        following = build_continuation(request, answer.text, min(request.max_tokens, room))
        part = _ask(client, following, answer.text, cancelled, on_chunk)
        if part.error:  # what was told before still counts
            return replace(answer, usage=answer.usage + part.usage)
        answer = replace(part, usage=answer.usage + part.usage)
    return answer


def _ask(
    client: ModelClient,
    request: ModelRequest,
    told: str,
    cancelled: Callable[[], bool],
    on_chunk: Callable[[Chunk], None],
) -> Answer:
    """Return the answer so far: `told` and what one request adds."""
    writing = _Writing(told, on_chunk)
    end: Finished | None = None
    try:
        for item in whole_characters(client.stream(request, cancelled=cancelled)):
            if isinstance(item, Finished):
                end = item
            else:
                writing.take(item)
    except ModelError as error:
        writing.flush()
        return Answer(writing.text, error.usage, False, error)
    writing.flush()
    assert end is not None, "a stream that does not raise ends with Finished"
    answer = Answer(
        writing.text,
        end.usage,
        end.reason == "stop",
        is_cut_off=end.reason == "length",
        without_pictures=end.without_pictures,
    )
    if end.reason != "cancelled" and not writing.text.strip():
        return replace(answer, complete=False, error=_describe_empty(client.name, end))
    return answer


def _describe_empty(name: str, end: Finished) -> ModelError:
    if end.reason == "length":
        sentence = (
            f"{name} used its {end.usage.completion_tokens:,} tokens before it began to answer; "
            "raise RUN_TOKENS, or let it think less."
        )
    else:
        sentence = f"{name} ended its answer without a text."
    return ModelError(sentence, kind="empty", usage=end.usage)


def _count_tokens(usage: Usage) -> int:
    return usage.prompt_tokens + usage.completion_tokens


class _Writing:
    """The text of an answer while it comes in.

    The beginning of a continuation is held back until what it repeats can be dropped.
    """

    def __init__(self, told: str, on_chunk: Callable[[Chunk], None]) -> None:
        self.text = told
        self._on_chunk = on_chunk
        self._held: list[Chunk] = []
        self._holds = bool(told)

    def take(self, chunk: Chunk) -> None:
        if chunk.kind == "thinking":
            self._on_chunk(chunk)
            return
        if not self._holds:
            self._add(chunk)
            return
        if chunk.restarts:
            self._held.clear()
        self._held.append(replace(chunk, restarts=False))
        if sum(len(held.text) for held in self._held) >= HELD:
            self.flush()

    def flush(self) -> None:
        """Add what is held back, without what it repeats."""
        if not self._holds:
            return
        self._holds = False
        more = drop_repetition(self.text, "".join(held.text for held in self._held))
        tokens = sum(held.tokens for held in self._held)
        if more:
            self._add(Chunk("answer", more, tokens))

    def _add(self, chunk: Chunk) -> None:
        self.text = chunk.text if chunk.restarts else self.text + chunk.text
        self._on_chunk(chunk)
