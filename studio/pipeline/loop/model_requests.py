"""Many requests to one model at once, and what comes back as it comes. Knows no page.

Threads inside the claimed run, not a Celery group: an answer is a wait for a socket (or for the
engine's one batch, which takes all of them in), so 300 threads cost next to nothing, while a group
would need the mockup's pieces in Redis, a free worker for each part lest a run waits for itself,
and a second way to cancel, to time out and to be rescued.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from inference.client.surrogates import whole_characters
from inference.types import Chunk, ModelClient, ModelError, ModelRequest, Usage

logger = logging.getLogger(__name__)

POLL = 0.1  # seconds between two looks at `stop`


@dataclass(frozen=True, slots=True)
class Started:
    """The request was sent; those beyond the limit wait for their turn."""


@dataclass(frozen=True, slots=True)
class Answer:
    """All that was said to one request; `complete`: to its end. `error`: the model's sentence where
    it could not.
    """

    text: str
    usage: Usage
    complete: bool = True
    error: ModelError | None = None


News = Started | Chunk | Answer


def ask_all(
    client: ModelClient, asked: Sequence[ModelRequest], *, limit: int, stop: Callable[[], bool]
) -> Iterator[tuple[int, News]]:
    """(index of the request, what happened to it), in this thread; each ends with its Answer.

    At most `limit` at a time. When the caller leaves early, or `stop` says so, those under way end.
    """
    news: queue.SimpleQueue[tuple[int, News]] = queue.SimpleQueue()
    ended = threading.Event()

    def work(index: int) -> None:
        news.put((index, Started()))
        news.put(
            (index, _ask_one(client, asked[index], ended, lambda chunk: news.put((index, chunk))))
        )

    pool = ThreadPoolExecutor(max(1, min(limit, len(asked))), "asking")
    try:
        for index in range(len(asked)):
            pool.submit(work, index)
        open_ones = len(asked)
        while open_ones:
            if stop():
                ended.set()
            try:
                item = news.get(timeout=POLL)
            except queue.Empty:
                continue
            open_ones -= isinstance(item[1], Answer)
            yield item
    finally:
        ended.set()
        pool.shutdown()


def _ask_one(
    client: ModelClient,
    request: ModelRequest,
    ended: threading.Event,
    hear: Callable[[Chunk], None],
) -> Answer:
    text, usage, complete = "", Usage(), False
    if ended.is_set():
        return Answer(text, usage, complete)
    try:
        for item in whole_characters(client.stream(request, cancelled=ended.is_set)):
            if isinstance(item, Chunk):
                hear(item)
                text += item.text if item.kind == "answer" else ""
            else:
                usage, complete = usage + item.usage, item.reason == "stop"
    except ModelError as error:
        return Answer(text, usage, False, error)
    except Exception as error:  # a thread's exception would be lost, and its reader wait for ever
        logger.exception("%s broke", client.name)
        sentence = (
            f"Asking {client.name} failed ({type(error).__name__}); the worker's log says why."
        )
        return Answer(text, usage, False, ModelError(sentence))
    return Answer(text, usage, complete)
