"""An engine for many threads: one thread owns it and runs steps while there is work."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable
from collections.abc import Sequence as Listed
from dataclasses import dataclass, replace
from types import TracebackType

from inference.engine.engine import Engine, RequestError
from inference.engine.sequence import Finish, Request, Update

__all__ = ["Busy", "Counts", "LiveEngine", "RequestError"]

Receive = Callable[[Update], None]
log = logging.getLogger(__name__)

AVERAGED_ANSWERS = 8  # weight of the moving average of an answer's duration


class Busy(Exception):
    """The queue is full; `retry_after` is the current duration of an answer in seconds."""

    def __init__(self, waiting: int, retry_after: int) -> None:
        super().__init__(f"{waiting} requests are waiting already; try again in {retry_after} s.")
        self.retry_after = retry_after


@dataclass
class Counts:
    """Counters since the start. Only the engine's thread writes them."""

    steps: int = 0
    requests: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cancelled: int = 0
    failed: int = 0


@dataclass
class _OpenRequest:
    """A request that has not finished; `since` is its monotonic start time in seconds."""

    request: Request
    receive: Receive
    since: float
    started: bool = False  # the engine has produced a first update


class LiveEngine:
    """An engine with its own thread. All public methods are thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.counts = Counts()
        self.answer_seconds = 1.0  # moving average of the duration of an answer
        self._orders: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._open: dict[int, _OpenRequest] = {}  # by ticket; guarded by the lock
        self._tickets = 0
        self._lock = threading.Lock()
        self._ids: dict[int, int] = {}  # engine's id -> ticket; used only by the engine's thread
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def submit(self, receive: Receive, *requests: Request) -> list[int]:
        """Queue all requests or none, and return their tickets.

        `receive` is called in the engine's thread with updates whose id is the ticket; the last
        update of a request has a `finish`. Raises RequestError and Busy.
        """
        for request in requests:
            self.engine.check(request)
        limits = self.engine.limits
        most = limits.running + limits.waiting
        if len(requests) > most:  # no wait makes room for them
            raise RequestError(
                f"{len(requests)} answers are asked for at once; use at most {most}.", field="n"
            )
        with self._lock:
            if self._closed:
                raise RuntimeError("the engine is closed")
            if len(self._open) + len(requests) > most:
                waiting = max(0, len(self._open) - limits.running)
                raise Busy(waiting, max(1, round(self.answer_seconds)))
            tickets = [self._tickets + index for index in range(1, len(requests) + 1)]
            self._tickets += len(requests)
            for ticket, request in zip(tickets, requests, strict=True):
                self._open[ticket] = _OpenRequest(request, receive, time.monotonic())
                self._orders.put(lambda ticket=ticket: self._add(ticket))  # type: ignore[misc]
        return tickets

    def cancel(self, ticket: int) -> None:
        """Cancel a request before the next step; `receive` gets no more updates.

        A ticket that has finished is ignored.
        """
        with self._lock:
            if self._open.pop(ticket, None):
                self._orders.put(lambda: self._drop(ticket))

    def ask(self, *requests: Request) -> Conversation:
        """Return a conversation for `async with`; leaving it cancels unfinished requests.

        Raises RequestError and Busy immediately.
        """
        return Conversation(self, requests)

    def close(self) -> None:
        """Stop after the current step; open requests finish with `cancelled`."""
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
        """The number of requests that have not finished."""
        with self._lock:
            return len(self._open)

    def _run(self) -> None:
        finish: Finish = "error"
        try:
            while not self._closed:
                self._run_orders()
                if self.engine.sequences and not self._closed:
                    self._step()
            finish = "cancelled"
        finally:
            with self._lock:
                self._closed = True
                unfinished = list(self._open)
            for ticket in unfinished:
                self._deliver(ticket, Update(ticket, (), finish))

    def _run_orders(self) -> None:
        """Run all queued orders; wait for one when there is nothing else to do."""
        while not self._orders.empty() or not (self.engine.sequences or self._closed):
            self._orders.get()()

    def _step(self) -> None:
        try:
            updates = self.engine.step()
        except Exception:
            # The request that caused the error is unknown, so all of them end. The engine continues
            # with new requests.
            log.exception("A step of the engine failed; all its requests were ended.")
            updates = [Update(id, (), "error") for id in self.engine.sequences]
            for update in updates:
                self.engine.cancel(update.id)
        self.counts.steps += 1
        for update in updates:
            ticket = self._ids[update.id]
            if update.finish:
                del self._ids[update.id]
            self._deliver(ticket, replace(update, id=ticket))

    def _deliver(self, ticket: int, update: Update) -> None:
        with self._lock:
            entry = self._open.pop(ticket, None) if update.finish else self._open.get(ticket)
        if entry is None:
            return
        self._count(entry, update)
        try:
            entry.receive(update)
        except RuntimeError:
            # The receiver's event loop is closed.
            self.cancel(ticket)

    def _count(self, entry: _OpenRequest, update: Update) -> None:
        if not entry.started:
            entry.started = True
            self.counts.prompt_tokens += len(entry.request.prompt)
            self.counts.cached_tokens += update.cached
        self.counts.completion_tokens += len(update.tokens)
        if update.finish == "error":
            self.counts.failed += 1
        if update.finish:
            seconds = time.monotonic() - entry.since
            self.answer_seconds += (seconds - self.answer_seconds) / AVERAGED_ANSWERS

    def _add(self, ticket: int) -> None:
        with self._lock:
            entry = self._open.get(ticket)
        if entry:
            self.counts.requests += 1
            self._ids[self.engine.add(entry.request)] = ticket

    def _drop(self, ticket: int) -> None:
        for id in [id for id, other in self._ids.items() if other == ticket]:
            self.counts.cancelled += 1
            del self._ids[id]
            self.engine.cancel(id)


class Conversation:
    """The updates of some requests in order of arrival, until all have finished.

    Iterating yields (index of the request, update).
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
        unfinished = len(self._tickets)
        while unfinished:
            update = await self._updates.get()
            if update.finish is not None:
                unfinished -= 1
            yield self._tickets.index(update.id), update

    def _receive(self, update: Update) -> None:
        self._loop.call_soon_threadsafe(self._updates.put_nowait, update)
