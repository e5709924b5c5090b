"""A progress bar over a sequence, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def show_progress(items: Sequence[T], what: str) -> Iterator[T]:
    from rich.progress import track as bar

    yield from bar(items, description=what)
