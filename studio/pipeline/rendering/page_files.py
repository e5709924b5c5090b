"""The files of a page, from a bundle in memory or a folder on disk, under one invented origin.

Opens no socket.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from studio.pipeline.bundle import ENTRY, Bundle

# '.invalid' can never be registered (RFC 2606), so a request that escapes reaches no server.
ORIGIN = "http://page.invalid/"
# Each answer is copied on its way to the browser, and a page can ask for the same file for ever: 400
# requests for a file of 5 MB took 2 GB of the process that renders.
MOST_BYTES = 100_000_000
KINDS = {  # types that the machine's own tables may lack
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Response:
    """What the browser gets for a request; `readers` is its Access-Control-Allow-Origin.

    Never empty: Playwright would put the asking page's origin there.
    """

    body: bytes
    content_type: str
    readers: str = "*"


@dataclass(frozen=True, slots=True)
class Site:
    """One page and what it may load; `read` returns a path's bytes, or None if there is nothing."""

    entry: str
    read: Callable[[str], bytes | None]
    charset: str = ""  # appended to text types; empty: each file declares its own

    @property
    def url(self) -> str:
        return ORIGIN + self.entry

    @property
    def executor(self) -> Executor | None:
        """Return the threads in which `respond` is called; None where it answers at once."""
        return None

    @property
    def most_bytes(self) -> int:
        """Return how many bytes the browser gets in all; what is above is aborted."""
        return MOST_BYTES

    def admit(self, url: str) -> bool:
        """Return False for a request that is refused without asking `respond`."""
        return True

    def respond(self, url: str) -> Response | None:
        """Return what the browser gets for a URL; None where the request is aborted."""
        found = self.answer(url)
        return None if found is None else Response(*found)

    def answer(self, url: str) -> tuple[bytes, str] | None:
        """Return body and content type for a URL of our origin.

        None for any other URL, and for what does not exist.
        """
        if not url.startswith(ORIGIN):
            return None
        path = unquote(urlsplit(url).path).lstrip("/") or self.entry
        body = self.read(path)
        return None if body is None else (body, guess_content_type(path, self.charset))


def make_bundle_site(bundle: Bundle) -> Site:
    def read(path: str) -> bytes | None:
        if path in bundle.files:
            return bundle.files[path].encode("utf-8", "replace")
        return bundle.assets.get(path)

    return Site(ENTRY, read, "utf-8")


def make_folder_site(page: Path) -> Site:
    """Return the page at this path with everything beside and below it.

    Nothing above is served, not even through a link.
    """
    folder = page.parent.resolve()

    def read(path: str) -> bytes | None:
        try:
            file = (folder / path).resolve()
            return file.read_bytes() if file.is_relative_to(folder) and file.is_file() else None
        except (OSError, ValueError):
            return None

    return Site(page.name, read)


def replace_entry(site: Site, html: str) -> Site:
    """Return the same site with other HTML at its entry."""
    body = html.encode("utf-8", "replace")
    return Site(site.entry, lambda path: body if path == site.entry else site.read(path), "utf-8")


def guess_content_type(path: str, charset: str = "") -> str:
    kind = KINDS.get(Path(path).suffix.lower()) or mimetypes.guess_type(path)[0]
    if kind is None:
        return "application/octet-stream"
    return f"{kind}; charset={charset}" if charset and kind.startswith("text/") else kind
