"""An httpx transport with checked and bounded connections.

`Host`, SNI and the name in the certificate remain the requested name.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import Any

import httpcore
import httpx
from django.utils.translation import gettext

from studio.outgoing.budget import Budget
from studio.outgoing.connection import connect
from studio.outgoing.errors import OutgoingError, Unreachable
from studio.outgoing.policy import Policy, Resolve

PIECE = 65_536  # bytes


class GuardedTransport(httpx.BaseTransport):
    """Opens one connection per request, so that each is checked and has its own budget.

    `seconds` and `most` (received bytes before decompression) limit one request; a request's
    extension `deadline` (seconds) replaces `seconds`. Denied, TooSlow and TooLarge are raised
    unchanged, other failures as httpx errors.

    `proxy`: the address of a proxy that makes the connections. Then only the proxy's own address is
    checked, so it is for servers that the operator named.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        seconds: float | None = None,
        most: int | None = None,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
        proxy: str | None = None,
    ) -> None:
        self._seconds = seconds
        self._most = most
        self._backend = _Backend(policy, resolve, is_proxied=proxy is not None)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or _usual_tls(),
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=self._backend,
            proxy=_read_proxy(proxy) if proxy else None,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        seconds = request.extensions.get("deadline", self._seconds)
        self._backend.begin(Budget(request.url.host, seconds=seconds, most=self._most))
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        inner_request = httpcore.Request(
            method=request.method,
            url=url,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _httpx_errors():
            answer = self._pool.handle_request(inner_request)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()


def describe_failure(error: Exception, host: str) -> str:
    """Describe an OutgoingError or httpx error in one sentence, without the other side's words."""
    causes = list(_causes(error))
    own_error = next((cause for cause in causes if isinstance(cause, OutgoingError)), None)
    if own_error is not None:
        return str(own_error)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return gettext(
            "The certificate of {host} is not valid for that name or not signed by a known "
            "authority."
        ).format(host=host)
    if isinstance(error, httpx.ConnectError):
        return gettext("{host} cannot be reached.").format(host=host)
    if isinstance(error, httpx.TimeoutException):
        return gettext("{host} did not answer in time.").format(host=host)
    if isinstance(error, httpx.NetworkError):
        return gettext("The connection to {host} was lost.").format(host=host)
    return gettext("The connection to {host} was lost, or no web server answers there.").format(
        host=host
    )


class _Backend(httpcore.NetworkBackend):
    """Makes the connections of one transport.

    `begin` sets the budget of this thread's next connection. `is_proxied`: they go to a proxy.
    """

    def __init__(self, policy: Policy, resolve: Resolve | None, *, is_proxied: bool) -> None:
        self._policy = policy
        self._resolve = resolve
        self._is_proxied = is_proxied
        self._thread = threading.local()

    def begin(self, budget: Budget) -> None:
        self._thread.budget = budget

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        budget: Budget = self._thread.budget
        try:
            connection = connect(self._policy, host.strip("[]"), port, budget, self._resolve)
        except Unreachable as error:
            kind = httpcore.ProxyError if self._is_proxied else httpcore.ConnectError
            raise kind(str(error)) from error
        return _Stream(connection, budget)


class _Stream(httpcore.NetworkStream):
    """A socket that counts bytes and checks the budget's deadline before each step."""

    def __init__(self, connection: socket.socket, budget: Budget) -> None:
        self._socket = connection
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._step(lambda: self._socket.recv(max_bytes), timeout, "Read")
        self._budget.receive(len(data))
        return bytes(data)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        while rest:
            piece = rest[:PIECE]
            count = self._step(partial(self._socket.send, piece), timeout, "Write")
            rest = rest[count:]

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        name = server_hostname.strip("[]") if server_hostname else None

        def wrap() -> socket.socket:
            return ssl_context.wrap_socket(self._socket, server_hostname=name)

        try:
            return _Stream(self._step(wrap, timeout, "Connect"), self._budget)
        except BaseException:
            self.close()
            raise

    def get_extra_info(self, info: str) -> Any:
        if info == "socket":
            return self._socket
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        # connections are never reused, so report this one as closed
        return info == "is_readable" or None

    def _step(self, act: Any, timeout: float | None, kind: str) -> Any:
        self._socket.settimeout(self._budget.seconds(timeout))
        try:
            return act()
        except TimeoutError as error:
            self._budget.seconds(None)  # raises TooSlow if the deadline was the reason
            raise getattr(httpcore, f"{kind}Timeout")("timed out") from error
        except OSError as error:
            raise getattr(httpcore, f"{kind}Error")(type(error).__name__) from error


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _httpx_errors():
            yield from self._stream

    def close(self) -> None:
        self._stream.close()


@contextlib.contextmanager
def _httpx_errors() -> Iterator[None]:
    """Raise httpcore's errors as httpx's, which have the same names."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
        httpcore.UnsupportedProtocol,
    ) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error


def _read_proxy(url: str) -> httpcore.Proxy:
    """Return the proxy at this address, with its login if the address holds one."""
    proxy = httpx.Proxy(url)
    return httpcore.Proxy(url=str(proxy.url), auth=proxy.raw_auth, headers=proxy.headers.raw)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and its causes; httpcore uses `from None`, so the context counts too."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


@cache
def _usual_tls() -> ssl.SSLContext:
    """Return the context with certifi's or SSL_CERT_FILE's authorities; loading takes over 20 ms."""
    return httpx.create_ssl_context()
