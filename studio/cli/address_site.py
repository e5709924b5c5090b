"""A page behind an address, for a browser without network.

The browser opens it under our invented origin. Its requests are answered by fetching from the page's
own server here, and from nowhere else: other sites are not reached, redirects to them are not followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from studio.capture.address_parts import find_problem
from studio.pipeline.rendering.page_files import ORIGIN, Site, guess_content_type
from studio.pipeline.tools.results import ToolError

SECONDS = 15.0  # for one file; a development server compiles a page in about 5
MOST_BYTES = 30_000_000  # of one file
REDIRECTS = 5


@dataclass(frozen=True)
class AddressSite(Site):
    """What a server sends for GET requests; `origin` is 'http://localhost:3000'."""

    origin: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, url: str) -> tuple[bytes, str] | None:
        """Return body and content type; None for other origins and for errors."""
        if url.startswith(ORIGIN):
            rest = url.removeprefix(ORIGIN)
        elif url.startswith(f"{self.origin}/"):
            rest = url.removeprefix(f"{self.origin}/")
        else:
            return None
        try:
            found = _fetch(self.origin, rest, self.headers)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return None
        return None if found is None else (found.body, found.content_type)


@dataclass(frozen=True, slots=True)
class FetchedAddress:
    """What is at an address, and the site whose entry it is."""

    site: AddressSite
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class _Answer:
    """A file; `path` is where the last redirect led to, without the first slash."""

    path: str
    body: bytes
    content_type: str


def open_address(url: str) -> AddressSite:
    """Return the site of a page; raises ToolError when its server does not answer with one."""
    return fetch_address(url).site


def fetch_address(url: str, headers: Mapping[str, str] | None = None) -> FetchedAddress:
    """Return what the server answers with; raises ToolError for anything but status 200.

    The site's entry is where redirects lead to, because the page's relative addresses begin there.
    """
    check_address(url)
    parts = urlsplit(url)
    credentials, at, host = parts.netloc.rpartition("@")
    origin = f"{parts.scheme}://{credentials}{at}{host.lower()}"  # as a browser writes it
    entry = parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
    headers = headers or {}
    try:
        found = _fetch(origin, entry, headers)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise ToolError(f"Nothing answers at {url} ({reason}); start its server first.") from None
    if found is None:
        raise ToolError(f"{url} does not answer with a page (status 200, no redirect elsewhere).")
    site = AddressSite(found.path, lambda path: None, "", origin, headers)
    return FetchedAddress(site, found.body, found.content_type)


def check_address(url: str) -> None:
    """Raise ToolError for what is no address of a web page. A name and password may be in it."""
    problem = find_problem(url)
    if problem == "malformed":
        raise ToolError(f"{url[:200]!r} is no address; use one like http://localhost:3000/pricing.")
    if problem == "port":
        raise ToolError(f"The port of {url[:200]} is not for web pages; use another address.")


def _fetch(origin: str, rest: str, headers: Mapping[str, str]) -> _Answer | None:
    """Return a file of the origin; None for a status other than 200 or one that is too large."""
    url = f"{origin}/{rest}"
    with httpx.Client(timeout=SECONDS, headers=headers, trust_env=False) as http:
        for _ in range(REDIRECTS):
            with http.stream("GET", url) as response:
                if response.is_redirect:
                    target = str(response.url.join(response.headers.get("location", "")))
                    if not target.startswith(f"{origin}/"):
                        return None
                    url = target
                    continue
                if response.status_code != 200:
                    return None
                body = _read(response)
                kind = response.headers.get("content-type") or guess_content_type(rest)
                path = url.removeprefix(f"{origin}/").partition("#")[0]
                return None if body is None else _Answer(path, body, kind)
    return None


def _read(response: httpx.Response) -> bytes | None:
    pieces: list[bytes] = []
    length = 0
    for piece in response.iter_bytes():
        length += len(piece)
        if length > MOST_BYTES:
            return None
        pieces.append(piece)
    return b"".join(pieces)
