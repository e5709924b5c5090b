"""Answers many small questions by one query: whoever asks while a query is under way waits for the
next one.

A thousand sockets that each ask the database every second would keep it busy with nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Batcher(Generic[K, V]):
    """`fetch` answers all questions at once; what it leaves out is answered None. Answers are never
    kept.
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
        """The answer of a query that began after the question was asked."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[V | None] = loop.create_future()
        self._waiting.setdefault(loop, {}).setdefault(question, []).append(answer)
        task = self._tasks.get(loop)
        if task is None or task.done():
            self._tasks[loop] = loop.create_task(self._answer(loop))
        return await answer

    async def _answer(self, loop: asyncio.AbstractEventLoop) -> None:
        while asked := self._waiting.pop(loop, {}):
            found: Mapping[K, V] = {}
            failed: Exception | None = None
            try:
                found = await self._fetch(asked.keys())
            except Exception as error:
                failed = error
            for question, answers in asked.items():
                for answer in answers:
                    if answer.done():
                        continue  # whoever asked has left
                    if failed:
                        answer.set_exception(failed)
                    else:
                        answer.set_result(found.get(question))
