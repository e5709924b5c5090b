"""A model server whose words are scripted: it writes a page slowly enough to be watched."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.inference.client.scripted import ScriptedServer, delta, stream

ROWS = 60
PAGE = (
    "```html index.html\n<!doctype html>\n<title>Boats</title>\n<h1>Written by the model</h1>\n"
    + "".join(f"<p>Row {row} of the page</p>\n" for row in range(ROWS))
    + "<p>The last words</p>\n```\n"
)


@contextmanager
def slow_model(seconds: float) -> Iterator[ScriptedServer]:
    """Every request is answered with PAGE, a few words at a time, over `seconds`."""
    pieces = [delta(content=PAGE[i : i + 12]) for i in range(0, len(PAGE), 12)]
    with ScriptedServer() as server:
        server.says(stream(*pieces, delta(finish="stop"), pause=seconds / len(pieces)))
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()
