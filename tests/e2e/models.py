"""A model server whose words are scripted: it writes a page slowly enough to be watched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.inference.client.scripted import ScriptedServer, delta, serving, stream

ROWS = 60
PIECE = 12  # letters
PAGE = (
    "```html index.html\n<!doctype html>\n<title>Boats</title>\n<h1>Written by the model</h1>\n"
    + "".join(f"<p>Row {row} of the page</p>\n" for row in range(ROWS))
    + "<p>The last words</p>\n```\n"
)


@contextmanager
def slow_model(
    seconds: float, thought: str = "", *, counts: bool = False, host: str = "127.0.0.1"
) -> Iterator[ScriptedServer]:
    """Every request is answered with `thought` and PAGE, a few words at a time, over `seconds`.

    `counts`: with every piece it reports how many tokens it has made so far; one a piece.
    """
    pieces = [delta(reasoning_content=text) for text in cut(thought)] + [
        delta(content=text) for text in cut(PAGE)
    ]
    told: list[Any] = (
        [_counted(piece, n) for n, piece in enumerate(pieces, start=1)] if counts else pieces
    )
    with serving(host=host) as server:
        server.says(stream(*told, delta(finish="stop"), pause=seconds / len(pieces)))
        yield server


def cut(text: str) -> list[str]:
    return [text[i : i + PIECE] for i in range(0, len(text), PIECE)]


def _counted(piece: dict[str, Any], tokens: int) -> dict[str, Any]:
    return {**piece, "usage": {"prompt_tokens": 10, "completion_tokens": tokens}}
