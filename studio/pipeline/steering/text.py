"""Pieces of a bundle's text put in place of others, by file and offset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from inference.task.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands in `file` from `start` to `end` becomes `text`."""

    file: str
    start: int
    end: int
    text: str


def replaced(bundle: Bundle, pieces: Iterable[Piece]) -> Bundle:
    """The bundle with all pieces put in (of two at one place the first); the same object where there are none."""
    by_file: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
    for piece in pieces:
        by_file[piece.file].setdefault((piece.start, piece.end), piece.text)
    if not by_file:
        return bundle
    files = dict(bundle.files)
    for file, found in by_file.items():
        text = files[file]
        for (start, end), words in sorted(found.items(), reverse=True):
            text = text[:start] + words + text[end:]
        files[file] = text
    return Bundle(files, bundle.assets)
