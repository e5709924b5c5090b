"""One request and its answer: lines from the wire become chunks until the answer ends."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator

import httpx

from inference.client.chat_reading import ChatReader
from inference.client.dialects import Protocol
from inference.client.messages_reading import MessagesReader
from inference.client.reading import PeerError, StreamReader
from inference.client.refusals import Refusal
from inference.client.responses_reading import ResponsesReader
from inference.client.wire import Head, Wire
from inference.types import Chunk

POLL = 0.1  # seconds between checks of `cancelled`
READERS: dict[Protocol, type[StreamReader]] = {
    "chat": ChatReader,
    "messages": MessagesReader,
    "responses": ResponsesReader,
}
NO_API = "answered with a web page instead of a stream; check {address}"


class StreamCancelled(Exception):
    """The caller cancelled the request."""


class RequestRefused(Exception):
    """A status other than 200."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.status)
        self.refusal = refusal


class Exchange:
    """Reads one answer. `began`: a chunk was yielded, so the request cannot be repeated.

    `accepted`: the server answered 200, so the prompt is charged.
    """

    def __init__(self, wire: Wire, reader: StreamReader, patience: float) -> None:
        self.reader = reader
        self.began = False
        self.accepted = False
        self._wire = wire
        self._patience = patience
        self._media_type = ""

    def read(self, cancelled: Callable[[], bool]) -> Iterator[Chunk]:
        """Yield the chunks of the answer.

        Raises StreamCancelled, RequestRefused, PeerError, ModelError for too long answers, and the
        exception that ended the reading.
        """
        try:
            for chunk in self._read_chunks(cancelled):
                self.began = True
                yield chunk
        finally:
            self._wire.close()

    def _read_chunks(self, cancelled: Callable[[], bool]) -> Iterator[Chunk]:
        whole: list[str] = []
        for line in self._read_lines(cancelled):
            if self._media_type == "text/html":
                raise PeerError(NO_API, Refusal(0, line))
            if self._media_type == "application/json":
                whole.append(line)
                continue
            yield from self.reader.read_line(line)
            if self.reader.done:
                break
        if whole:
            yield from self.reader.read_body("\n".join(whole))
        yield from self.reader.finish()

    def _read_lines(self, cancelled: Callable[[], bool]) -> Iterator[str]:
        silent_since = time.monotonic()
        while True:
            if cancelled():
                raise StreamCancelled
            try:
                item = self._wire.get(POLL)
            except queue.Empty:
                if time.monotonic() - silent_since > self._patience:
                    raise httpx.ReadTimeout("silent") from None
                continue
            silent_since = time.monotonic()
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            if isinstance(item, Refusal):
                raise RequestRefused(item)
            if isinstance(item, Head):
                self.accepted = True
                self._media_type = item.media_type
            else:
                yield item
