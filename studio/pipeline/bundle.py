"""A generated page as files: read from a model's stream, and written to a folder.

The answer format is fenced blocks whose info string ends in a path (```html index.html). It knows
nothing of where files are shown or stored. A path or size out of bounds is refused with one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from studio.pipeline.answer_paths import ENTRY as ENTRY
from studio.pipeline.answer_paths import TEXT_TYPES as TEXT_TYPES
from studio.pipeline.answer_paths import (
    USUAL_PATHS,
    read_comment_path,
    read_component_path,
    read_heading_path,
    read_info_path,
    read_language,
)
from studio.pipeline.paths import PathError, check_path

MOST_FILES = 60
MOST_HELD = 60  # lines of a component before its name; more imports are not waited for
MOST_CHARACTERS = 2_000_000  # of all files; the longest development page has 49,000
# A project of these is a page even without an index.html.
COMPONENTS = (".jsx", ".tsx", ".vue")
FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})(.*)$")
BARE_PAGE = re.compile(r"<!doctype html|<html[\s>]", re.IGNORECASE)
# A page without a fence: not in quotes or backticks, as where a sentence names the element.
UNFENCED_PAGE = re.compile(r"(?<![`'\"“‘(])(?:<!doctype html|<html[\s>])", re.IGNORECASE)
BODY = re.compile(r"<body[\s>]", re.IGNORECASE)
# Blocks of these languages without a name are parts of one file.
PARTS = ("css", "js", "javascript")
DEFINITION = re.compile(r"\s*(?:export\s+default\s+)?(?:function|const|class)\b")


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
    still a fence. A file is named by its fence, by the line above it, by a comment in its first line, or
    by its language. A bare page without any fence becomes index.html. `feed` and `finish` raise
    BundleError for a path or size out of bounds.
    """

    def __init__(self) -> None:
        self._files: dict[str, list[str]] = {}
        self._path: str | None = None
        self._fence = ""
        self._bare = False
        self._unnamed: _UnnamedBlock | None = None  # a block whose path is not known yet
        self._heading = ""  # the path in the last line of text
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
        if self._unnamed:
            self._name_block()
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
        if self._unnamed:
            return self._read_unnamed(line, fence)
        if self._path is None:
            return self._read_outside(line, fence)
        if self._bare and fence and fence[2].strip():
            return [*self._leave_bare_page(), *self._open(fence[1], fence[2])]
        if fence and self._fence and self._closes(fence):
            return self._close()
        events = self._grow(line)
        if self._bare and "</html>" in line.lower():
            events += self._close()
        return events

    def _read_outside(self, line: str, fence: re.Match[str] | None) -> list[FileEvent]:
        if fence:
            return self._open(fence[1], fence[2])
        if page := UNFENCED_PAGE.search(line):
            self._bare = True
            self._fence = ""
            return [*self._begin(ENTRY), *self._grow(line[page.start() :])]
        if line.strip():
            self._heading = read_heading_path(line)
        return []

    def _open(self, fence: str, info: str) -> list[FileEvent]:
        self._fence = fence
        heading = self._heading
        self._heading = ""
        if path := read_info_path(info) or heading:
            return self._begin(require_safe_path(path))
        self._unnamed = _UnnamedBlock(read_language(info))
        return []

    def _read_unnamed(self, line: str, fence: re.Match[str] | None) -> list[FileEvent]:
        """Hold the lines of a block until one of them tells its path."""
        assert self._unnamed
        if fence and self._closes(fence):
            return [*self._name_block(), *self._close()]
        self._unnamed.lines.append(line)
        return self._name_block() if self._unnamed.is_told else []

    def _name_block(self) -> list[FileEvent]:
        """Begin the file of the held lines, or go on with one that has the same language."""
        assert self._unnamed
        block = self._unnamed
        self._unnamed = None
        path = block.find_path(self._files)
        if block.language in PARTS and path in self._files and not block.named:
            self._path = path
            events: list[FileEvent] = []
        else:
            events = self._begin(require_safe_path(path))
        for line in block.lines:
            events += self._grow(line)
        return events

    def _closes(self, fence: re.Match[str]) -> bool:
        return fence[1].startswith(self._fence) and not fence[2].strip()

    def _leave_bare_page(self) -> list[FileEvent]:
        """End a bare page at a fence; without a body it was a sentence that names the element."""
        assert self._path is not None
        if not BODY.search("".join(self._files[self._path])):
            del self._files[self._path]
        return self._close()

    def _begin(self, path: str) -> list[FileEvent]:
        self._path = path
        if len(self._files) >= MOST_FILES:
            raise BundleError(
                f"The answer holds more than {MOST_FILES} files; use at most {MOST_FILES}."
            )
        self._files[path] = []  # a file written twice counts as written last
        return [FileStarted(path)]

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


class _UnnamedBlock:
    """The first lines of a fenced block without a name, until one of them tells its path."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.lines: list[str] = []

    @property
    def is_told(self) -> bool:
        """Return whether the lines so far decide the path.

        A comment can only be the first line with text; a component's name comes after its imports.
        """
        texts = [line for line in self.lines if line.strip()]
        if not texts:
            return False
        if self.named or self.language not in ("jsx", "tsx"):
            return True
        return DEFINITION.match(texts[-1]) is not None or len(self.lines) >= MOST_HELD

    @property
    def named(self) -> str:
        """The path in a comment of the first line with text."""
        first = next((line for line in self.lines if line.strip()), "")
        return read_comment_path(first)

    def find_path(self, taken: Mapping[str, object]) -> str:
        if self.named:
            return self.named
        text = "".join(self.lines)
        if self.language == "html" and ENTRY in taken and not BARE_PAGE.match(text.lstrip()):
            return f"note-{len(taken) + 1}.txt"  # a piece of the page that is there already
        if self.language in ("jsx", "tsx"):
            components = (read_component_path(line) for line in self.lines)
            return next(filter(None, components), USUAL_PATHS["jsx"])
        return USUAL_PATHS.get(self.language, f"note-{len(taken) + 1}.txt")


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
