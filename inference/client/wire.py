"""A streamed POST, read in a thread so that `close` can end it while the server is silent."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from dataclasses import dataclass
from typing import Any

import httpx

from inference.client.bounded import TooLarge, Unreadable, iter_body, iter_lines, read_body
from inference.client.limits import AnswerLimits
from inference.client.refusals import Refusal, read_refusal

AHEAD = 16  # lines read in advance; then reading waits for the consumer
POLL = 0.1  # seconds between checks for `close`
REFUSAL = 65_536  # bytes read of the body of an error
LONGEST_RETRY_AFTER = 9  # digits


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of an answer with status 200; `media_type` without parameters."""

    media_type: str


Item = Head | Refusal | str | Exception | None


class Wire:
    """One request. `get` returns a Head, then lines, then None or the exception that ended it.

    For a status other than 200 it returns a Refusal instead.
    """

    def __init__(
        self,
        http: httpx.Client,
        url: str,
        body: dict[str, Any],
        *,
        headers: dict[str, str],
        limits: AnswerLimits,
    ) -> None:
        self._items: queue.Queue[Item] = queue.Queue(AHEAD)
        self._limits = limits
        self._stream: Any = None  # httpcore's network stream, once it is connected
        self._closed = threading.Event()
        request = http.build_request(
            "POST", url, json=body, headers=headers, extensions={"trace": self._note_stream}
        )
        self._thread = threading.Thread(target=self._read, args=(http, request), daemon=True)
        self._thread.start()

    def get(self, timeout: float) -> Item:
        """Return the next item. Raises queue.Empty after `timeout` seconds."""
        return self._items.get(timeout=timeout)

    def close(self) -> None:
        """Close the connection now; the thread ends soon after."""
        self._closed.set()
        if self._thread.is_alive():
            self._shut_down()

    def _shut_down(self) -> None:
        connection = self._stream.get_extra_info("socket") if self._stream else None
        if connection is not None:
            with contextlib.suppress(OSError):
                # Closing a socket does not wake a thread that reads from it; shutting it down does.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def _note_stream(self, event: str, details: dict[str, Any]) -> None:
        """Receive httpcore's trace, to know the connection before the answer begins."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._stream = details["return_value"]
            if self._closed.is_set():
                self._shut_down()

    def _read(self, http: httpx.Client, request: httpx.Request) -> None:
        try:
            with contextlib.closing(http.send(request, stream=True)) as response:
                self._stream = response.extensions.get("network_stream", self._stream)
                self._put(_read_head(response))
                if response.status_code != 200:
                    return
                for line in iter_lines(iter_body(response, self._limits.stream), self._limits.line):
                    if not self._put(line):
                        return
            self._put(None)
        except Exception as error:
            # The consumer raises it in its own thread.
            self._put(error)

    def _put(self, item: Item) -> bool:
        """Add an item to the queue, waiting for room. Return False after `close`."""
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                self._items.put(item, timeout=POLL)
                return True
        return False


def _read_head(response: httpx.Response) -> Head | Refusal:
    if response.status_code == 200:
        return Head(response.headers.get("content-type", "").partition(";")[0].strip().lower())
    try:
        text = read_body(response, REFUSAL).decode(errors="replace")
    except (TooLarge, Unreadable):
        text = "(body too large or unreadable)"
    seconds = _read_seconds(response.headers.get("retry-after", ""))
    return read_refusal(response.status_code, text, seconds)


def _read_seconds(retry_after: str) -> float | None:
    """Return the seconds of a Retry-After header; None for a date or an invalid value."""
    if not retry_after.isascii() or not retry_after.isdigit():
        return None
    return float(retry_after) if len(retry_after) <= LONGEST_RETRY_AFTER else None
