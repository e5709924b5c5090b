"""One round of the model: the requests of its candidates, and the pages made from their answers.

Nothing is measured here.
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
# For the candidates in turn. None is the temperature that the model's makers advise; then higher
# and lower ones, for variety.
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
    """Return one request per candidate; they differ in seed and temperature.

    `tokens` is the budget of all of them together.
    """
    max_tokens = max(1, min(tokens // options.candidates, MAX_ANSWER))
    return [
        ModelRequest(
            tuple(messages),
            thinking=options.thinking,
            max_tokens=max_tokens,
            temperature=TEMPERATURES[index % len(TEMPERATURES)],
            seed=index if options.candidates > 1 else None,
        )
        for index in range(options.candidates)
    ]


def write_pages(
    client: ModelClient, requests: Sequence[ModelRequest], base: Bundle | None, watch: RunWatch
) -> Generator[CandidateAnswer, None, None]:
    """Yield each candidate's answer when it is finished.

    The first candidate is streamed to the watchers; of the others they get only start and end. `base` is
    the version that answers may change in blocks instead of writing it anew. Also yields what was
    answered before a run was cancelled, because its tokens were charged. Raises ModelError when no
    candidate could answer.
    """
    errors: list[ModelError] = []
    for number, news in ask_all(client, requests, limit=len(requests), stop=watch.should_stop):
        if isinstance(news, Chunk):
            if number == 0:
                counted = {"tokens": news.tokens} if news.tokens else {}
                watch.tell("chunk", kind=news.kind, text=news.text, **counted)
            continue
        if len(requests) > 1:
            state = _describe_state(news)
            watch.tell("part", name="candidate", number=number, of=len(requests), state=state)
        if isinstance(news, Started):
            continue
        if news.error:
            watch.stop_if_cancelled()
            errors.append(news.error)
            continue
        yield _read(news, base)
    if len(errors) == len(requests):
        raise errors[0]


def _describe_state(news: Started | Answer) -> str:
    if isinstance(news, Started):
        return "started"
    return "failed" if news.error else "finished"


def _read(answer: Answer, base: Bundle | None) -> CandidateAnswer:
    try:
        return CandidateAnswer(answer.usage, read_page(answer.text, base))
    except BundleError as error:
        return CandidateAnswer(answer.usage, error=str(error))
