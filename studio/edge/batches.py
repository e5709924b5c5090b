"""Batches many small questions into one query.

Questions that arrive during a query wait for the next one. A thousand sockets that each query the
database every second would overload it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Batcher(Generic[K, V]):
    """Answers questions in batches.

    `fetch` answers all questions of a batch; missing ones are answered None. Nothing is cached.
    """

    def __init__(self, fetch: Callable[[Collection[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._fetch = fetch
        self._waiting: WeakKeyDictionary[
            asyncio.AbstractEventLoop, dict[K, list[asyncio.Future[V | None]]]
        ]
        self._waiting = WeakKeyDictionary()
        self._tasks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[None]] = (
            WeakKeyDictionary()
        )

    async def ask(self, question: K) -> V | None:
        """Return the answer of a query that starts after the question."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[V | None] = loop.create_future()
        self._waiting.setdefault(loop, {}).setdefault(question, []).append(answer)
        task = self._tasks.get(loop)
        if task is None or task.done():
            self._tasks[loop] = loop.create_task(self._answer(loop))
        return await answer

    async def _answer(self, loop: asyncio.AbstractEventLoop) -> None:
        while batch := self._waiting.pop(loop, {}):
            values: Mapping[K, V] = {}
            failure: Exception | None = None
            try:
                values = await self._fetch(batch.keys())
            except Exception as error:
                failure = error
            for question, answers in batch.items():
                for answer in answers:
                    if answer.done():
                        continue  # the asker has left
                    if failure:
                        answer.set_exception(failure)
                    else:
                        answer.set_result(values.get(question))
