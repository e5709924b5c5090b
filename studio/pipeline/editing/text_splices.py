"""Pieces of a bundle's text put in place of others, by file and offset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studio.pipeline.bundle import Bundle


@dataclass(frozen=True, slots=True)
class TextSplice:
    """What stands in `file` from `start` to `end` becomes `text`."""

    file: str
    start: int
    end: int
    text: str


def apply_splices(bundle: Bundle, pieces: Iterable[TextSplice]) -> Bundle:
    """The bundle with all pieces put in, the same object without any; what begins at one place is
    reversed.
    """
    ordered = sorted(pieces, key=lambda piece: (piece.file, piece.start), reverse=True)
    if not ordered:
        return bundle
    files = dict(bundle.files)
    for piece in ordered:
        text = files[piece.file]
        files[piece.file] = text[: piece.start] + piece.text + text[piece.end :]
    return Bundle(files, bundle.assets)
