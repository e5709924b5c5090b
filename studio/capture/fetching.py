"""GET requests for one capture: checked, bounded, counted.

The page is hostile. It may load from public addresses alone; only what a person typed may be private,
where the operator allows that, and then only that host at the addresses it had first. So a public
page cannot read an intranet through our browser, by a name that changes its address (DNS rebinding)
or by a redirect. Pages of other origins inside a private one cannot read its host either.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from django.utils.translation import gettext

from studio.capture.address_parts import PORTS_OF_OTHERS
from studio.capture.addresses import CaptureError, get_host, is_web_address
from studio.outgoing.addresses import Address
from studio.outgoing.connection import resolve_name
from studio.outgoing.errors import Denied, OutgoingError
from studio.outgoing.policy import Policy, Resolve
from studio.outgoing.transport import GuardedTransport, describe_failure

REDIRECTS = 5
MOST_REQUESTS = 400  # a large shop's start page makes about 200
FILE_SECONDS = 10.0  # for one file of the page
LEAST_SECONDS = 0.1
HEADERS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; compatible; Likeness) Chrome/140",
    "Accept": "text/html,application/xhtml+xml,image/*;q=0.9,*/*;q=0.8",
    "Accept-Language": "en,*;q=0.5",
    # What a server compresses all the same is refused: a few bytes may unpack to gigabytes.
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """What a server sent: `address` is where it came from after redirects.

    `readers`: the origins whose scripts may read it, see `Response`.
    """

    address: str
    body: bytes
    content_type: str
    readers: str = "*"


class Fetcher:
    """Fetches one page and its files until `seconds` or `most` bytes are spent; for many threads.

    `policy` holds for the typed address. `options` go to the transports (tests: resolve, tls).
    """

    def __init__(self, policy: Policy, *, seconds: float, most: int, **options: Any) -> None:
        self.most = most
        self._ends = time.monotonic() + seconds
        self._seconds = seconds
        self._private_host: str | None = None
        self._lock = threading.Lock()
        self._admitted = 0
        self._requests = 0
        self._open = 0
        self._received = 0
        pinned = _PinnedNames(options.get("resolve") or resolve_name)
        self._typed = _make_client(policy, most, {**options, "resolve": pinned})
        public = Policy(hosts=policy.hosts, setting=policy.setting)
        self._public = _make_client(public, most, options)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._typed.close()
        self._public.close()

    def open(self, address: str) -> FetchedFile:
        """Return what a person's address answers with, after redirects. Raises CaptureError."""
        host = get_host(address)
        for hop in range(REDIRECTS + 1):
            answer = self._ask_typed(address, first=hop == 0, host=host)
            if isinstance(answer, FetchedFile):
                return answer
            address = answer
        raise CaptureError(
            gettext("{host} sends visitors on and on; use the address of the page itself.").format(
                host=host
            )
        )

    def admit(self) -> bool:
        """Count a request of the page; False above the number allowed, before it waits its turn."""
        with self._lock:
            self._admitted += 1
            return self._admitted <= MOST_REQUESTS

    def fetch(self, address: str) -> FetchedFile | None:
        """Return a file that the page asked for; None for whatever it cannot have."""
        with self._lock:
            self._open += 1
        try:
            # Decided by the first address alone: otherwise whoever may read that origin could read
            # the private host by a redirect to it.
            is_private = get_host(address) == self._private_host
            for _ in range(REDIRECTS + 1):
                is_still_private = is_private and get_host(address) == self._private_host
                client = self._typed if is_still_private else self._public
                answer = self._ask(client, address, FILE_SECONDS)
                if isinstance(answer, FetchedFile):
                    return answer
                address = answer
        except (httpx.HTTPError, httpx.InvalidURL, OutgoingError, CaptureError, ValueError):
            return None
        finally:
            with self._lock:
                self._open -= 1
        return None

    def is_busy(self) -> bool:
        """Return True while a file of the page is on its way."""
        with self._lock:
            return self._open > 0

    def get_seconds_left(self) -> float:
        """Return the seconds until the capture must end."""
        return max(0.0, self._ends - time.monotonic())

    def _ask_typed(self, address: str, *, first: bool, host: str) -> FetchedFile | str:
        """Return the file, or where it leads to. Public first, then as the person's policy allows."""
        try:
            try:
                if self._private_host is None:
                    return self._ask(self._public, address, self._seconds)
            except Denied:
                if not first:
                    raise _describe_way_elsewhere(host, address) from None
            answer = self._ask(self._typed, address, self._seconds)
        except (httpx.HTTPError, httpx.InvalidURL, OutgoingError, ValueError) as error:
            # ValueError: a name that no encoding of names knows
            raise CaptureError(describe_failure(error, get_host(address))) from None
        self._private_host = get_host(address)
        if isinstance(answer, str) and get_host(answer) != self._private_host:
            raise _describe_way_elsewhere(host, answer)
        return answer

    def _ask(self, client: httpx.Client, address: str, seconds: float) -> FetchedFile | str:
        """Return a file, or the address that a redirect names."""
        host = get_host(address)
        _check_port(host, address)
        self._count_request(host)
        deadline = max(LEAST_SECONDS, min(seconds, self.get_seconds_left()))
        with client.stream("GET", address, extensions={"deadline": deadline}) as response:
            if response.is_redirect:
                return _read_redirect(host, response)
            if response.status_code != HTTPStatus.OK:
                raise _describe_status(host, response.status_code)
            if response.headers.get("content-encoding", "identity") != "identity":
                raise CaptureError(
                    gettext("{host} sends compressed data that was not asked for.").format(
                        host=host
                    )
                )
            body = b"".join(self._count(host, piece) for piece in response.iter_raw())
        kind = response.headers.get("content-type", "text/html")
        readers = "*"  # public files are sent without cookies, so all may read them
        if client is self._typed:
            own = f"{response.url.scheme}://{response.url.netloc.decode()}"
            readers = response.headers.get("access-control-allow-origin") or own
        return FetchedFile(str(response.url), body, kind, readers)

    def _count_request(self, host: str) -> None:
        with self._lock:
            self._requests += 1
            is_over = self._requests > MOST_REQUESTS
        if is_over or self.get_seconds_left() <= 0:
            raise CaptureError(
                gettext("The page of {host} takes too many requests or too long.").format(host=host)
            )

    def _count(self, host: str, piece: bytes) -> bytes:
        with self._lock:
            self._received += len(piece)
            is_over = self._received > self.most
        if is_over:
            raise CaptureError(
                gettext("{host} sent more than the {number} MB allowed for a page.").format(
                    host=host, number=self.most // 1_000_000
                )
            )
        return piece


class _PinnedNames:
    """Resolves each name once: whoever owns the name cannot move it to another server later."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._known: dict[str, Sequence[Address]] = {}

    def __call__(self, host: str, port: int, seconds: float) -> Sequence[Address]:
        if host not in self._known:
            found = self._resolve(host, port, seconds)
            if not found:
                return found
            self._known.setdefault(host, found)
        return self._known[host]


def _make_client(policy: Policy, most: int, options: Mapping[str, Any]) -> httpx.Client:
    transport = GuardedTransport(policy, most=most, **options)
    return httpx.Client(transport=transport, headers=HEADERS, trust_env=False)


def _check_port(host: str, address: str) -> None:
    port = urlsplit(address).port
    if port in PORTS_OF_OTHERS:
        raise CaptureError(
            gettext("Port {number} of {host} is not for web pages; use another address.").format(
                number=port, host=host
            )
        )


def _describe_way_elsewhere(host: str, address: str) -> CaptureError:
    return CaptureError(
        gettext(
            "{host} sends visitors on to {other}, where this studio does not follow; "
            "use that address itself."
        ).format(host=host, other=get_host(address))
    )


def _read_redirect(host: str, response: httpx.Response) -> str:
    """Return the address that the response leads to. Raises CaptureError."""
    try:
        target = str(response.url.join(response.headers.get("location", "")))
    except (httpx.InvalidURL, ValueError):
        target = ""
    if not is_web_address(target):
        raise CaptureError(
            gettext("{host} sends visitors on to something that is no web page.").format(host=host)
        )
    return target


def _describe_status(host: str, status: int) -> CaptureError:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return CaptureError(
            gettext(
                "{host} does not show this page to visitors (status {number}); "
                "send a screenshot of it instead."
            ).format(host=host, number=status)
        )
    return CaptureError(
        gettext("{host} has no page at this address (status {number}).").format(
            host=host, number=status
        )
    )
