"""An engine many may ask at once: one thread owns it and steps while there is work. Knows nothing
of chat or HTTP.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable
from collections.abc import Sequence as Listed
from dataclasses import dataclass
from types import TracebackType

from inference.engine.engine import Engine, RequestError
from inference.engine.sequence import Finish, Request, Update

__all__ = ["Busy", "Counts", "LiveEngine", "RequestError"]

Receive = Callable[[Update], None]
log = logging.getLogger(__name__)


class Busy(Exception):
    """The queue is full; `retry_after` in seconds is about how long an answer takes now."""

    def __init__(self, waiting: int, retry_after: int) -> None:
        super().__init__(f"{waiting} requests are waiting already; try again in {retry_after} s.")
        self.retry_after = retry_after


@dataclass
class Counts:
    """Since the start; written by the engine's thread alone."""

    steps: int = 0
    requests: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cancelled: int = 0
    failed: int = 0


@dataclass
class _Asked:
    """`began` None: the engine has not answered yet."""

    request: Request
    receive: Receive
    since: float
    began: bool = False


class LiveEngine:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.counts = Counts()
        self.answer_seconds = 1.0  # of the last few answers
        self._orders: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._open: dict[int, _Asked] = {}  # by ticket; all under the lock
        self._tickets = 0
        self._lock = threading.Lock()
        self._ids: dict[int, int] = {}  # engine's id -> ticket; the engine's thread alone
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def submit(self, receive: Receive, *requests: Request) -> list[int]:
        """Starts all of them or none -> their tickets. `receive` is called in the engine's thread,
        the last time with a `finish`; updates carry tickets as ids.

        Raises RequestError and Busy.
        """
        for request in requests:
            self.engine.check(request)
        limits = self.engine.limits
        with self._lock:
            if self._closed:
                raise RuntimeError("the engine is closed")
            if len(self._open) + len(requests) > limits.running + limits.waiting:
                waiting = max(0, len(self._open) - limits.running)
                raise Busy(waiting, max(1, round(self.answer_seconds)))
            tickets = [self._tickets + index for index in range(1, len(requests) + 1)]
            self._tickets += len(requests)
            for ticket, request in zip(tickets, requests, strict=True):
                self._open[ticket] = _Asked(request, receive, time.monotonic())
                self._orders.put(lambda ticket=ticket: self._add(ticket))  # type: ignore[misc]
        return tickets

    def cancel(self, ticket: int) -> None:
        """Before the next step; `receive` hears nothing more. Nothing happens to one that is over
        already.
        """
        with self._lock:
            if self._open.pop(ticket, None):
                self._orders.put(lambda: self._drop(ticket))

    def ask(self, *requests: Request) -> Conversation:
        """For `async with`: leaving it cancels what is not over. Raises RequestError and Busy at
        once.
        """
        return Conversation(self, requests)

    def close(self) -> None:
        """Ends after the step that is running; what is open hears `cancelled`."""
        with self._lock:
            self._closed = True
        self._orders.put(lambda: None)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def unfinished(self) -> int:
        """Requests that somebody still waits for."""
        with self._lock:
            return len(self._open)

    def _run(self) -> None:
        finish: Finish = "error"
        try:
            while not self._closed:
                self._obey()
                if self.engine.sequences and not self._closed:
                    self._step()
            finish = "cancelled"
        finally:
            with self._lock:
                self._closed = True
                left = list(self._open)
            for ticket in left:
                self._tell(ticket, Update(ticket, (), finish))

    def _obey(self) -> None:
        """All orders there are; waits for one when there is nothing else to do."""
        while not self._orders.empty() or not (self.engine.sequences or self._closed):
            self._orders.get()()

    def _step(self) -> None:
        try:
            updates = self.engine.step()
        except Exception:
            # Which of them brought it down is not known; the engine goes on with those that come.
            log.exception("A step of the engine failed; its requests are ended.")
            updates = [Update(id, (), "error") for id in self.engine.sequences]
            for update in updates:
                self.engine.cancel(update.id)
        self.counts.steps += 1
        for update in updates:
            ticket = self._ids.pop(update.id) if update.finish else self._ids[update.id]
            shown = Update(
                ticket, update.tokens, update.finish, update.text, update.stop, update.cached
            )
            self._tell(ticket, shown)

    def _tell(self, ticket: int, update: Update) -> None:
        with self._lock:
            asked = self._open.pop(ticket, None) if update.finish else self._open.get(ticket)
        if asked is None:
            return
        self._count(asked, update)
        try:
            asked.receive(update)
        except RuntimeError:
            # Its event loop is closed: nobody listens any more.
            self.cancel(ticket)

    def _count(self, asked: _Asked, update: Update) -> None:
        if not asked.began:
            asked.began = True
            self.counts.prompt_tokens += len(asked.request.prompt)
            self.counts.cached_tokens += update.cached
        self.counts.completion_tokens += len(update.tokens)
        self.counts.failed += update.finish == "error"
        if update.finish:
            self.answer_seconds += (time.monotonic() - asked.since - self.answer_seconds) / 8

    def _add(self, ticket: int) -> None:
        with self._lock:
            asked = self._open.get(ticket)
        if asked:
            self.counts.requests += 1
            self._ids[self.engine.add(asked.request)] = ticket

    def _drop(self, ticket: int) -> None:
        for id in [id for id, known in self._ids.items() if known == ticket]:
            self.counts.cancelled += 1
            del self._ids[id]
            self.engine.cancel(id)


class Conversation:
    """Updates of some requests, in the order they come, until all are over; their ids are the
    requests' indexes.
    """

    def __init__(self, live: LiveEngine, requests: Listed[Request]) -> None:
        self._live = live
        self._loop = asyncio.get_running_loop()
        self._updates: asyncio.Queue[Update] = asyncio.Queue()
        self._tickets = live.submit(self._receive, *requests)

    async def __aenter__(self) -> Conversation:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for ticket in self._tickets:
            self._live.cancel(ticket)

    async def __aiter__(self) -> AsyncIterator[tuple[int, Update]]:
        left = len(self._tickets)
        while left:
            update = await self._updates.get()
            left -= update.finish is not None
            yield self._tickets.index(update.id), update

    def _receive(self, update: Update) -> None:
        self._loop.call_soon_threadsafe(self._updates.put_nowait, update)
