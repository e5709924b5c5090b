"""Replacement of pieces of a bundle's text, by file and offset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studio.pipeline.bundle import Bundle


@dataclass(frozen=True, slots=True)
class TextSplice:
    """The text of `file` from `start` to `end` becomes `text`."""

    file: str
    start: int
    end: int
    text: str


def apply_splices(bundle: Bundle, splices: Iterable[TextSplice]) -> Bundle:
    """Return the bundle with all splices applied, or the same object if there are none.

    Splices that start at the same place end up in reverse order.
    """
    in_order = sorted(splices, key=lambda splice: (splice.file, splice.start), reverse=True)
    if not in_order:
        return bundle
    files = dict(bundle.files)
    for edit in in_order:
        text = files[edit.file]
        files[edit.file] = text[: edit.start] + edit.text + text[edit.end :]
    return Bundle(files, bundle.assets)
