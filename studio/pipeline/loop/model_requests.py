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

from inference.types import Chunk, ModelClient, ModelError, ModelRequest, Usage
from studio.pipeline.loop.whole_answers import Answer, ask_for_whole_answer

logger = logging.getLogger(__name__)

POLL = 0.1  # seconds between two calls of `stop`


@dataclass(frozen=True, slots=True)
class Started:
    """The request was sent; requests beyond the limit wait for their turn."""


News = Started | Chunk | Answer


def ask_all(
    client: ModelClient,
    requests: Sequence[ModelRequest],
    *,
    limit: int,
    stop: Callable[[], bool],
    tokens: int,
    spend: Callable[[Usage], None],
) -> Iterator[tuple[int, News]]:
    """Yield (index of the request, what happened to it); each request ends with its Answer.

    At most `limit` requests run at a time. They end early when the caller stops iterating or `stop`
    returns True. `tokens`: what all of them may use together. `spend` is told what each one used,
    from its thread and also when the caller no longer listens.
    """
    news: queue.SimpleQueue[tuple[int, News]] = queue.SimpleQueue()
    ended = threading.Event()
    share = tokens // max(1, len(requests))

    def work(index: int) -> None:
        news.put((index, Started()))
        answer = _ask_one(
            client, requests[index], ended, lambda chunk: news.put((index, chunk)), share
        )
        spend(answer.usage)
        news.put((index, answer))

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
    tokens: int,
) -> Answer:
    if ended.is_set():
        return Answer("", Usage(), False)
    try:
        return ask_for_whole_answer(
            client, request, cancelled=ended.is_set, on_chunk=on_chunk, tokens=tokens
        )
    except Exception as error:
        # An exception in a thread would be lost, and its reader would wait forever.
        logger.exception("%s broke", client.name)
        sentence = f"Asking {client.name} failed ({type(error).__name__}); see the worker's log."
        return Answer("", Usage(), False, ModelError(sentence))
