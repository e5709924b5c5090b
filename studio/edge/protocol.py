"""HTTP/1.1 with bounded heads, and no patience for clients that do not take their answers: uvicorn's
own protocol limits neither size nor time.

A head is everything up to the empty line. Chunk sizes and trailers of bodies are counted here as
well, because the parser keeps them and no other part sees them.
"""

from __future__ import annotations

import struct
import sys
from asyncio import TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from studio.config.settings import ENVIRON
from studio.edge.bodies import SLOWEST

LONGEST_ADDRESS = 8_192  # bytes; nginx and Apache also refuse longer request lines
# Bytes of chunk framing allowed per byte of a body: "1\r\nx\r\n" has 5, so 8 accepts every regular
# client.
FRAMING = 8


class _Refused(Exception):
    """Raised to stop the parser; `BoundedProtocol._answer` has the response."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection.

    A head that is too large is answered with 414 or 431, one that is too slow with 408; then the
    connection is closed.
    """

    most = ENVIRON.head_kilobytes * 1_000
    seconds = ENVIRON.head_seconds
    send_seconds = ENVIRON.send_seconds
    _in_head = True
    # Bytes of the current head, of its body with and without framing, and of the last chunk read.
    _head = 0
    _framed = 0
    _body = 0
    _piece = 0
    _timer: TimerHandle | None = None
    _reader_timer: TimerHandle | None = None
    _unsent = 0  # bytes, when it was looked last
    _answer: tuple[int, str] | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # Any byte that the system does not take at once is waited for, and its time runs.
        transport.set_write_buffer_limits(high=0)
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self._stop_reader_timer()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._start_reader_timer()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_reader_timer()

    def data_received(self, data: bytes) -> None:
        self._piece = len(data)
        if self._in_head:
            self._head += len(data)
        else:
            self._framed += len(data)
        super().data_received(data)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            self._stop_timer()
        elif self._in_head and self._head > self.most:
            self._refuse(*self._too_large())
        elif not self._in_head and self._framed - self._body > 2 * self.most + FRAMING * self._body:
            self.transport.abort()
        elif self._timer is None and (self.cycle is None or self.cycle.response_complete):
            self._start_timer()  # bytes between two requests have stopped the keep-alive timer

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._head = self._piece
        self._start_timer()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_timer()
        self._framed = self._piece
        self._body = 0
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > self.most or len(self.url) > LONGEST_ADDRESS:
            self._answer = self._too_large()
            raise _Refused
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)

    def handle_websocket_upgrade(self) -> None:
        """uvicorn holds requests against CONNECTIONS, but no WebSockets."""
        most = self.limit_concurrency
        if most is not None and len(self.connections) > most:
            self._refuse(503, f"{most} connections are open, as many as CONNECTIONS allows.")
            return
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """Send the prepared refusal; uvicorn calls this when parsing ended early."""
        if self._answer:
            self._refuse(*self._answer)
        else:
            super().send_400_response(msg)

    def _too_large(self) -> tuple[int, str]:
        if len(self.url or b"") > LONGEST_ADDRESS:
            return 414, f"The address is longer than the limit of {LONGEST_ADDRESS} bytes."
        return (
            431,
            f"The request's headers are larger than the limit of {self.most} bytes (HEAD_KILOBYTES).",
        )

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.seconds, self._time_is_over)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _time_is_over(self) -> None:
        self._timer = None
        if self.transport.is_closing():
            return
        if self._head:
            self._refuse(
                408, f"The request's headers were not complete after {self.seconds:g} seconds."
            )
        else:
            self.transport.close()  # it sent nothing at all

    def _start_reader_timer(self) -> None:
        self._unsent = self._count_unsent()
        self._reader_timer = self.loop.call_later(self.send_seconds, self._check_reader)

    def _stop_reader_timer(self) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None

    def _check_reader(self) -> None:
        """Cut off a client that hardly reads: its answer, and its place, would be kept for ever."""
        if self.transport.get_protocol() is not self:
            return  # a WebSocket by now
        taken = self._unsent - self._count_unsent()
        if taken < SLOWEST * self.send_seconds:
            self.transport.abort()
        else:
            self._start_reader_timer()

    def _count_unsent(self) -> int:
        """Bytes that the client has not taken, here and in the system's own buffer (which holds up
        to 4 MB of a connection and takes more only by large steps).
        """
        connection = self.transport.get_extra_info("socket")
        held = self.transport.get_write_buffer_size()
        if sys.platform == "win32":
            return held
        import fcntl
        import termios

        try:
            queued = fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
        except OSError:  # a system that does not say
            return held
        return held + int(struct.unpack("i", queued)[0])

    def _refuse(self, status: int, words: str) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            # a response is in progress; nothing can be inserted
            self.transport.abort()
            return
        body = words.encode()
        headers = f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        self.transport.write(STATUS_LINE[status] + headers.encode() + body)
        self.transport.close()


def web_options() -> dict[str, Any]:
    """Return uvicorn's options of the web process."""
    return {
        "http": BoundedProtocol,
        "limit_concurrency": ENVIRON.connections,
        "ws_max_size": 4_096,  # bytes; our sockets expect no messages
        "ws_max_queue": 4,
        # Compression keeps up to 300 kB per socket (zlib.h): 300 MB for a thousand viewers.
        "ws_per_message_deflate": False,
        "timeout_keep_alive": 5,  # seconds
    }
