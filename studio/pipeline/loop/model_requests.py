"""Many requests to one model at once, and their events as they come. Knows no page.

These are threads inside the claimed run, not a Celery group. An answer is a wait for a socket (or for
the engine's batch, which takes all of them in), so 300 threads cost next to nothing. A group would
need the mockup's pieces in Redis, a free worker for each part so that a run does not wait for itself,
and a second way to cancel, time out and recover.
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

POLL = 0.1  # seconds between two calls of `stop`


@dataclass(frozen=True, slots=True)
class Started:
    """The request was sent; requests beyond the limit wait for their turn."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to one request.

    `complete`: it reached its end. `error`: the model's error where it did not.
    """

    text: str
    usage: Usage
    complete: bool = True
    error: ModelError | None = None


News = Started | Chunk | Answer


def ask_all(
    client: ModelClient, requests: Sequence[ModelRequest], *, limit: int, stop: Callable[[], bool]
) -> Iterator[tuple[int, News]]:
    """Yield (index of the request, what happened to it); each request ends with its Answer.

    At most `limit` requests run at a time. They end early when the caller stops iterating or `stop`
    returns True.
    """
    news: queue.SimpleQueue[tuple[int, News]] = queue.SimpleQueue()
    ended = threading.Event()

    def work(index: int) -> None:
        news.put((index, Started()))
        news.put(
            (
                index,
                _ask_one(client, requests[index], ended, lambda chunk: news.put((index, chunk))),
            )
        )

    pool = ThreadPoolExecutor(max(1, min(limit, len(requests))), "asking")
    try:
        for index in range(len(requests)):
            pool.submit(work, index)
        unanswered = len(requests)
        while unanswered:
            if stop():
                ended.set()
            try:
                item = news.get(timeout=POLL)
            except queue.Empty:
                continue
            if isinstance(item[1], Answer):
                unanswered -= 1
            yield item
    finally:
        ended.set()
        pool.shutdown()


def _ask_one(
    client: ModelClient,
    request: ModelRequest,
    ended: threading.Event,
    on_chunk: Callable[[Chunk], None],
) -> Answer:
    text, usage, complete = "", Usage(), False
    if ended.is_set():
        return Answer(text, usage, complete)
    try:
        for item in whole_characters(client.stream(request, cancelled=ended.is_set)):
            if isinstance(item, Chunk):
                on_chunk(item)
                text += item.text if item.kind == "answer" else ""
            else:
                usage, complete = usage + item.usage, item.reason == "stop"
    except ModelError as error:
        return Answer(text, usage, False, error)
    except (
        Exception
    ) as error:  # an exception in a thread would be lost and its reader would wait forever
        logger.exception("%s broke", client.name)
        sentence = f"Asking {client.name} failed ({type(error).__name__}); see the worker's log."
        return Answer(text, usage, False, ModelError(sentence))
    return Answer(text, usage, complete)
