"""One round of the model: the requests of its candidates, and the pages made from their answers.

Nothing is measured here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from inference.types import Chunk, Message, ModelClient, ModelError, ModelRequest, Usage
from studio.pipeline.bundle import Bundle, BundleError
from studio.pipeline.loop.attempts import LoopOptions
from studio.pipeline.loop.model_requests import Started, ask_all
from studio.pipeline.loop.watch import RunWatch
from studio.pipeline.loop.whole_answers import Answer
from studio.pipeline.prompting.answers import AnsweredPage, read_page

MAX_ANSWER = 16_384  # tokens; a long page with its styles is about 8,000
# For the candidates in turn. None is the temperature that the model's makers advise; then higher
# and lower ones, for variety.
TEMPERATURES = (None, 0.9, 0.3, 1.0)


NO_PICTURES = (
    "{model} takes no pictures, so it worked from the texts and boxes found in the mockup."
)
CUT_OFF = "An answer of {model} was cut off by its length limit before its page was complete."


@dataclass(frozen=True, slots=True)
class CandidateAnswer:
    """What one candidate made: a page, or `error` that says why there is none.

    `remarks`: what a person should know of how it was made.
    """

    page: AnsweredPage | None = None
    error: str = ""
    remarks: tuple[str, ...] = ()


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
    client: ModelClient,
    requests: Sequence[ModelRequest],
    base: Bundle | None,
    watch: RunWatch,
    *,
    tokens: int,
    spend: Callable[[Usage], None],
) -> Generator[CandidateAnswer, None, None]:
    """Yield each candidate's answer when it is finished.

    The first candidate is streamed to the watchers; of the others they get only start and end. `base` is
    the version that answers may change in blocks instead of writing it anew. `tokens` is the budget
    of all of them together; `spend` is told what each one used. Raises ModelError when no candidate
    could answer.
    """
    errors: list[ModelError] = []
    events = ask_all(
        client,
        requests,
        limit=len(requests),
        stop=watch.should_stop,
        tokens=tokens,
        spend=spend,
    )
    for number, news in events:
        if isinstance(news, Chunk):
            if number == 0:
                _tell_chunk(watch, news)
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
        yield _read(news, base, client.name)
    if len(errors) == len(requests):
        raise errors[0]


def _describe_state(news: Started | Answer) -> str:
    if isinstance(news, Started):
        return "started"
    return "failed" if news.error else "finished"


def _tell_chunk(watch: RunWatch, chunk: Chunk) -> None:
    facts: dict[str, Any] = {"kind": chunk.kind, "text": chunk.text}
    if chunk.tokens:
        facts["tokens"] = chunk.tokens
    if chunk.restarts:
        facts["restarts"] = True
    watch.tell("chunk", **facts)


def _read(answer: Answer, base: Bundle | None, model: str) -> CandidateAnswer:
    remarks: list[str] = []
    if answer.without_pictures:
        remarks.append(NO_PICTURES.format(model=model))
    if answer.is_cut_off:
        remarks.append(CUT_OFF.format(model=model))
    try:
        page = read_page(answer.text, base)
    except BundleError as error:
        sentence = remarks[-1] if answer.is_cut_off else str(error)
        return CandidateAnswer(error=sentence, remarks=tuple(remarks))
    return CandidateAnswer(page, remarks=tuple(remarks))
