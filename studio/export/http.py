"""Git's smart protocol over http(s) through the guarded transport.

Only the repository's own server is contacted. The dumb protocol is refused, because it lets a
server name any number of files to fetch. Redirects and packfile addresses of other servers are
refused as well.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
from dulwich.client import AbstractHttpGitClient, HTTPUnauthorized
from dulwich.errors import NotGitRepository

from inference.client.bounded import TooLarge as BodyTooLarge
from inference.client.bounded import Unreadable, iter_body
from studio.outgoing.errors import OutgoingError, TooLarge, Unreachable
from studio.outgoing.policy import Policy
from studio.outgoing.transport import GuardedTransport, describe_failure

REDIRECTS = 3  # within the same server; GitLab and Gitea add `.git` by one
# Seconds between two chunks; a server that packs a large repository sends progress.
SILENCE = 60.0
HEADS = 1_000_000  # bytes of status line and headers, on top of the body's limit


class NotGit(Exception):
    """Raised if no git server with the smart protocol answers."""


class ElsewhereError(Exception):
    """Raised if the server redirects to another server."""


class StatusError(Exception):
    """Raised for a status without a meaning in git."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class HttpGitClient(AbstractHttpGitClient):
    """One exchange: `seconds` for all requests, `most` decompressed bytes per response."""

    def __init__(
        self,
        base: str,
        *,
        policy: Policy,
        seconds: float,
        most: int,
        username: str | None,
        secret: str | None,
    ) -> None:
        super().__init__(base, username=username, password=secret, quiet=True)
        self._ends = time.monotonic() + seconds
        self._origin = _origin_of(httpx.URL(base))
        self._most = most
        self._http = httpx.Client(
            transport=GuardedTransport(policy, seconds=seconds, most=most + HEADS),
            auth=(username or "git", secret) if secret else None,
            headers={
                "User-Agent": "git/likeness",
                "Accept-Encoding": "identity",
                "Pragma": "no-cache",
            },
            timeout=SILENCE,
            trust_env=False,
            follow_redirects=False,
        )

    def _http_request(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        data: bytes | Iterator[bytes] | None = None,
        raise_for_status: bool = True,
    ) -> tuple[Any, Any]:
        target = httpx.URL(url)
        for _ in range(REDIRECTS + 1):
            if _origin_of(target) != self._origin:
                raise ElsewhereError(str(target.host))
            answer = self._send(target, headers, data)
            if data is not None or not answer.response.has_redirect_location:
                break
            answer.close()
            target = target.join(answer.response.headers["location"])
        answer.check_status(url)
        answer.redirect_location = str(target) if str(target) != url else ""
        if data is None and not (answer.content_type or "").startswith("application/x-git-"):
            answer.close()
            raise NotGit
        return answer, answer.read

    def _send(self, url: httpx.URL, headers: dict[str, str] | None, data: Any) -> _Answer:
        deadline = max(0.001, self._ends - time.monotonic())
        request = self._http.build_request(
            "GET" if data is None else "POST",
            url,
            headers=headers,
            content=data,
            extensions={"deadline": deadline},
        )
        try:
            return _Answer(self._http.send(request, stream=True), self._most)
        except httpx.HTTPError as error:
            raise _broken(error, url.host) from None


class _Answer:
    """A response as dulwich expects it: type, final address and a blocking read."""

    def __init__(self, response: httpx.Response, most: int) -> None:
        self.response = response
        self.status = response.status_code
        self.content_type: str | None = response.headers.get("content-type")
        self.redirect_location = ""
        self._pieces = iter_body(response, most)
        self._held = bytearray()
        self._host = response.url.host

    def check_status(self, url: str) -> None:
        if self.status == 200:
            return
        self.close()
        if self.status in (404, 410):
            raise NotGitRepository
        if self.status == 401:
            raise HTTPUnauthorized(None, url)
        raise StatusError(self.status)

    def read(self, size: int | None = None) -> bytes:
        while size is None or len(self._held) < size:
            piece = self._next()
            if piece is None:
                break
            self._held += piece
        length = len(self._held) if size is None else size
        out = bytes(self._held[:length])
        del self._held[:length]
        return out

    def close(self) -> None:
        self.response.close()

    def _next(self) -> bytes | None:
        try:
            return next(self._pieces, None)
        except BodyTooLarge as error:
            sentence = f"{self._host} sent more than the {error.most / 1e6:,.0f} MB allowed."
            raise TooLarge(self._host, sentence) from None
        except Unreadable:
            raise NotGit from None
        except httpx.HTTPError as error:
            raise _broken(error, self._host) from None


def _broken(error: httpx.HTTPError, host: str) -> OutgoingError:
    return Unreachable(host, describe_failure(error, host))


def _origin_of(url: httpx.URL) -> tuple[str, str, int]:
    port = url.port or {"https": 443, "http": 80}.get(url.scheme, 0)
    return url.scheme, url.host, port
