"""One streamed POST, read in a thread: lines come out of a queue, and `close` ends it at once, even mid-silence."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class Head:
    """The first item: the answer's status, and for any but 200 its text and `Retry-After` in seconds."""

    status: int
    text: str
    retry_after: float | None


class Wire:
    """`get` gives a Head, then lines, then None; or the exception that ended the reading."""

    def __init__(self, http: httpx.Client, url: str, body: dict[str, Any]) -> None:
        self._items: queue.Queue[Head | str | Exception | None] = queue.Queue()
        self._response: httpx.Response | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._read, args=(http, url, body), daemon=True)
        self._thread.start()

    def get(self, timeout: float) -> Head | str | Exception | None:
        """The next item; raises queue.Empty after `timeout` seconds."""
        return self._items.get(timeout=timeout)

    def close(self) -> None:
        """The server sees the connection end now; the thread follows."""
        self._closed = True
        if self._response is None or not self._thread.is_alive():
            return
        stream = self._response.extensions.get("network_stream")
        wire = stream.get_extra_info("socket") if stream else None
        if wire is not None:
            with contextlib.suppress(OSError):
                # Closing a socket does not wake a thread that reads from it; shutting it down does.
                socket.socket.shutdown(wire, socket.SHUT_RDWR)

    def _read(self, http: httpx.Client, url: str, body: dict[str, Any]) -> None:
        try:
            with http.stream("POST", url, json=body) as response:
                self._response = response
                self._items.put(_head(response))
                for line in response.iter_lines():
                    if self._closed:
                        return
                    self._items.put(line)
            self._items.put(None)
        except Exception as error:
            # Whatever it is belongs to the reader on the other side, not to this thread.
            self._items.put(error)


def _head(response: httpx.Response) -> Head:
    if response.status_code == 200:
        return Head(200, "", None)
    response.read()
    after = response.headers.get("retry-after", "")
    return Head(response.status_code, response.text, float(after) if after.isdigit() else None)
