"""One round of the model: the requests of its candidates, and the pages that their answers make.
Knows no measure.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from inference.types import Chunk, Message, ModelClient, ModelError, ModelRequest, Usage
from studio.pipeline.bundle import Bundle, BundleError
from studio.pipeline.loop.attempts import LoopOptions
from studio.pipeline.loop.model_requests import Answer, Started, ask_all
from studio.pipeline.loop.watch import RunWatch
from studio.pipeline.prompting.answers import AnsweredPage, read_page

MAX_ANSWER = 16_384  # tokens; a long page with its styles is about 8,000
# Of the candidates in turn: as the model's makers advise, then bolder and tamer. None: the model's
# own.
TEMPERATURES = (None, 0.9, 0.3, 1.0)


@dataclass(frozen=True, slots=True)
class CandidateAnswer:
    """What one candidate made: a page, or `error` that says why there is none."""

    usage: Usage
    page: AnsweredPage | None = None
    error: str = ""


def build_requests(
    messages: Sequence[Message], options: LoopOptions, tokens: int
) -> list[ModelRequest]:
    """One for each candidate; they differ in seed and temperature. `tokens`: what is left for all
    of them.
    """
    most = max(1, min(tokens // options.candidates, MAX_ANSWER))
    return [
        ModelRequest(
            tuple(messages),
            thinking=options.thinking,
            max_tokens=most,
            temperature=TEMPERATURES[number % len(TEMPERATURES)],
            seed=number if options.candidates > 1 else None,
        )
        for number in range(options.candidates)
    ]


def write_pages(
    client: ModelClient, asked: Sequence[ModelRequest], base: Bundle | None, watch: RunWatch
) -> Generator[CandidateAnswer, None, None]:
    """Each candidate as it is finished; the first is streamed to the watchers, of the others they
    hear that they ended.

    `base`: the version that the answers may change in blocks instead of writing it anew. What was
    said until a run was cancelled comes too, for it was paid for. Raises ModelError when not one
    could answer.
    """
    failed: list[ModelError] = []
    for number, news in ask_all(client, asked, limit=len(asked), stop=watch.should_stop):
        if isinstance(news, Chunk):
            if number == 0:
                counted = {"tokens": news.tokens} if news.tokens else {}
                watch.tell("chunk", kind=news.kind, text=news.text, **counted)
            continue
        if len(asked) > 1:
            state = (
                "started" if isinstance(news, Started) else "failed" if news.error else "finished"
            )
            watch.tell("part", name="candidate", number=number, of=len(asked), state=state)
        if isinstance(news, Started):
            continue
        if news.error:
            watch.stop_if_cancelled()
            failed.append(news.error)
            continue
        yield _read(news, base)
    if len(failed) == len(asked):
        raise failed[0]


def _read(answer: Answer, base: Bundle | None) -> CandidateAnswer:
    try:
        return CandidateAnswer(answer.usage, read_page(answer.text, base))
    except BundleError as error:
        return CandidateAnswer(answer.usage, error=str(error))
