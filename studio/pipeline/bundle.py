"""A generated page as files: read from a model's stream, and written to a folder.

The answer format is fenced blocks whose info string ends in a path (```html index.html). It knows
nothing of where files are shown or stored. A path or size out of bounds is refused with one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from studio.pipeline.paths import PathError, check_path

ENTRY = "index.html"
TEXT_TYPES = (
    ".html",
    ".css",
    ".js",
    ".mjs",
    ".jsx",
    ".ts",
    ".tsx",
    ".vue",
    ".json",
    ".svg",
    ".md",
    ".txt",
)
MOST_FILES = 60
MOST_CHARACTERS = 2_000_000  # of all files; the longest development page has 49,000
USUAL_PATHS = {
    "html": ENTRY,
    "css": "styles.css",
    "js": "script.js",
    "javascript": "script.js",
    "jsx": "src/App.jsx",
    "vue": "src/App.vue",
}
# A project of these is a page even without an index.html.
COMPONENTS = (".jsx", ".tsx", ".vue")
FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})(.*)$")
BARE_PAGE = re.compile(r"<!doctype html|<html[\s>]", re.IGNORECASE)


class BundleError(Exception):
    """The files cannot be accepted; one sentence that says why and what is allowed."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The page's code and pictures.

    `files`: path → text (always with index.html); `assets`: path → bytes.
    """

    files: Mapping[str, str]
    assets: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileStarted:
    path: str


@dataclass(frozen=True, slots=True)
class FileGrew:
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class FileEnded:
    path: str


FileEvent = FileStarted | FileGrew | FileEnded


class BundleParser:
    """Splits an answer into files while it is being written.

    How the text is chunked does not matter. It works on whole lines, so a fence marker split in two is
    still a fence. A bare page without any fence becomes index.html. `feed` and `finish` raise BundleError
    for a path or size out of bounds.
    """

    def __init__(self) -> None:
        self._files: dict[str, list[str]] = {}
        self._path: str | None = None
        self._fence = ""
        self._bare = False
        # The pieces of a line that has not ended; joined once, however small they are.
        self._rest: list[str] = []
        self._rest_size = 0
        self._size = 0

    def feed(self, text: str) -> list[FileEvent]:
        first, *others = text.split("\n")
        self._rest.append(first)
        self._rest_size += len(first)
        self._check_size(self._rest_size)
        if not others:
            return []
        lines = ["".join(self._rest), *others[:-1]]
        self._rest = [others[-1]]
        self._rest_size = len(others[-1])
        return [event for line in lines for event in self._line(line + "\n")]

    def finish(self) -> Bundle | None:
        """Return all files read, also an unclosed one; None when there is no page among them."""
        if rest := "".join(self._rest):
            self._line(rest)
            self._rest = []
            self._rest_size = 0
        files = self.partial()
        if ENTRY not in files:
            pages = [
                path
                for path, text in files.items()
                if path.endswith(".html") or BARE_PAGE.match(text.lstrip())
            ]
            if not pages:
                has_components = any(path.endswith(COMPONENTS) for path in files)
                return Bundle(files) if has_components else None
            files = {ENTRY if path == pages[0] else path: text for path, text in files.items()}
        return Bundle(files)

    def partial(self) -> dict[str, str]:
        """Return the files read so far, with or without a page among them."""
        return {path: "".join(lines) for path, lines in self._files.items()}

    def _line(self, line: str) -> list[FileEvent]:
        fence = FENCE.match(line.rstrip("\n"))
        if self._path is None:
            if fence:
                return self._open(fence[1], fence[2])
            if page := BARE_PAGE.search(line):
                self._bare = True
                return [*self._open("", ENTRY), *self._grow(line[page.start() :])]
            return []
        if fence and self._fence and fence[1].startswith(self._fence) and not fence[2].strip():
            return self._close()
        events = self._grow(line)
        if self._bare and "</html>" in line.lower():
            events += self._close()
        return events

    def _open(self, fence: str, info: str) -> list[FileEvent]:
        self._fence = fence
        self._path = require_safe_path(_read_path(info, taken=self._files))
        if len(self._files) >= MOST_FILES:
            raise BundleError(
                f"The answer holds more than {MOST_FILES} files; use at most {MOST_FILES}."
            )
        self._files[self._path] = []  # a file written twice counts as written last
        return [FileStarted(self._path)]

    def _grow(self, line: str) -> list[FileEvent]:
        assert self._path is not None
        self._size += len(line)
        self._check_size(0)
        self._files[self._path].append(line)
        return [FileGrew(self._path, line)]

    def _check_size(self, coming: int) -> None:
        if self._size + coming > MOST_CHARACTERS:
            raise BundleError(f"The answer is too long; use at most {MOST_CHARACTERS} characters.")

    def _close(self) -> list[FileEvent]:
        assert self._path is not None
        ended = FileEnded(self._path)
        self._path = None
        self._bare = False
        return [ended]


def _read_path(info: str, taken: Mapping[str, object]) -> str:
    """Return the path that a fence's info string names.

    'html index.html', 'html:index.html', 'html title="index.html"' and 'html' all name index.html.
    """
    words: list[str] = re.findall(r"[^\s:=\"'`]+", info)
    for word in reversed(words):
        if "." in word:
            return word
    language = words[0].lower() if words else ""
    return USUAL_PATHS.get(language, f"note-{len(taken) + 1}.txt")


def require_safe_path(path: str) -> str:
    """Return `path` if it stays inside the bundle and has a known text type; raises BundleError."""
    try:
        pure = check_path(path.removeprefix("./"))
    except PathError as error:
        raise BundleError(
            f"The answer names the file {path[:80]!r}; not allowed: {error}."
        ) from None
    if pure.suffix.lower() not in TEXT_TYPES:
        raise BundleError(
            f"The answer names the file {path[:80]!r}; use the types {', '.join(TEXT_TYPES)}."
        )
    return str(pure)


def write_bundle(bundle: Bundle, folder: Path) -> None:
    for path, data in list_files(bundle).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def list_files(bundle: Bundle) -> dict[str, bytes]:
    """Return code and assets together, path → bytes."""
    return {**{path: text.encode() for path, text in bundle.files.items()}, **bundle.assets}
