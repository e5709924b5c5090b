"""One streamed POST, read in a thread: lines come out of a queue, and `close` ends it at once, even
mid-silence.
"""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import threading
from dataclasses import dataclass
from typing import Any

import httpx

from inference.client.bounded import TooLarge, Unreadable, iter_body, iter_lines, read_body
from inference.client.limits import AnswerLimits

AHEAD = (
    16  # lines read before they are asked for; a server is not read faster than it is listened to
)
POLL = 0.1  # seconds between two looks at `close`
REFUSAL = 65_536  # bytes read of what comes with an error status


@dataclass(frozen=True, slots=True)
class Head:
    """The first item: the answer's status, and for any but 200 its error object and `Retry-After`
    in seconds.

    `text` is the server's own: for the log.
    """

    status: int
    text: str = ""
    parameter: str = ""
    retry_after: float | None = None


class Wire:
    """`get` gives a Head, then lines, then None; or the exception that ended the reading."""

    def __init__(
        self, http: httpx.Client, url: str, body: dict[str, Any], limits: AnswerLimits
    ) -> None:
        self._items: queue.Queue[Head | str | Exception | None] = queue.Queue(AHEAD)
        self._limits = limits
        self._stream: Any = None  # httpcore's, from the moment it is connected
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(http, url, body), daemon=True)
        self._thread.start()

    def get(self, timeout: float) -> Head | str | Exception | None:
        """The next item; raises queue.Empty after `timeout` seconds."""
        return self._items.get(timeout=timeout)

    def close(self) -> None:
        """The server sees the connection end now; the thread follows."""
        self._closed.set()
        if self._thread.is_alive():
            self._shut_down()

    def _shut_down(self) -> None:
        wire = self._stream.get_extra_info("socket") if self._stream else None
        if wire is not None:
            with contextlib.suppress(OSError):
                # Closing a socket does not wake a thread that reads from it; shutting it down does.
                socket.socket.shutdown(wire, socket.SHUT_RDWR)

    def _note_stream(self, event: str, details: dict[str, Any]) -> None:
        """httpcore's trace: the connection is known before the answer's head has come, which may
        take for ever.
        """
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._stream = details["return_value"]
            if self._closed.is_set():
                self._shut_down()

    def _read(self, http: httpx.Client, url: str, body: dict[str, Any]) -> None:
        try:
            with http.stream(
                "POST", url, json=body, extensions={"trace": self._note_stream}
            ) as response:
                self._stream = response.extensions.get("network_stream", self._stream)
                self._put(_read_head(response))
                if response.status_code != 200:
                    return
                for line in iter_lines(iter_body(response, self._limits.stream), self._limits.line):
                    if not self._put(line):
                        return
            self._put(None)
        except Exception as error:
            # Whatever it is belongs to the reader on the other side, not to this thread.
            self._put(error)

    def _put(self, item: Head | str | Exception | None) -> bool:
        """Hand an item over, waiting for room; False once nobody listens."""
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                self._items.put(item, timeout=POLL)
                return True
        return False


def _read_head(response: httpx.Response) -> Head:
    if response.status_code == 200:
        return Head(200)
    try:
        text = read_body(response, REFUSAL).decode(errors="replace")
    except (TooLarge, Unreadable):
        text = "(more than was read)"
    after = response.headers.get("retry-after", "")
    seconds = float(after) if after.isascii() and after.isdigit() and len(after) < 10 else None
    return Head(response.status_code, text, _parameter(text), seconds)


def _parameter(text: str) -> str:
    """Return the parameter that an OpenAI-style error object names, empty where it names none."""
    try:
        error = json.loads(text)["error"]
        parameter = error["param"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return parameter if isinstance(parameter, str) else ""
