"""A model's server that sends without end: each kind of answer ends in one sentence, and memory
stays bounded.
"""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from inference.client import AnswerLimits, connect
from inference.types import Finished, Message, ModelError, ModelRequest, TextPart
from tests.inference.client.scripted import ScriptedServer, delta, stream

HELLO = ModelRequest((Message("user", (TextPart("hi"),)),))
MEGABYTE = 1_000_000
BOMB = gzip.compress(b'{"data": [' + b" " * 200 * MEGABYTE + b"]}", compresslevel=9)  # 0.2 MB
SMALL = AnswerLimits(
    answer=100_000, thinking=100_000, line=50_000, stream=2 * MEGABYTE, models=MEGABYTE
)


@contextmanager
def growth_below(most: int) -> Iterator[None]:
    """The block allocates no more than `most` bytes of Python's memory at once."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < most, f"{peak / 1e6:.0f} MB at once"


def forever(piece: bytes) -> Any:
    """The piece again and again, until the client hangs up."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        while True:
            handler.wfile.write(piece)

    return script


def event(**fields: str) -> bytes:
    return f"data: {json.dumps(delta(**fields))}\n\n".encode()


@pytest.mark.parametrize(
    ("piece", "sentence", "setting"),
    [
        (b"x" * 10_000, "sent a line of more than 50 kB", "MODEL_LINE_KILOBYTES"),
        (
            event(reasoning_content="hm " * 500),
            "thinking is longer than 100 kB",
            "MODEL_THINKING_KILOBYTES",
        ),
        (event(content="<p>" * 500), "answer is longer than 100 kB", "MODEL_ANSWER_KILOBYTES"),
        (
            b": still here\n" * 500,
            "sent a stream of more than 2 MB",
            "MODEL_STREAM_MEGABYTES",
        ),
        (
            event(content=" " * 5000),
            "sent a stream of more than 2 MB",
            "MODEL_STREAM_MEGABYTES",
        ),
    ],
    ids=["one line", "thinking", "answer", "comments", "blanks"],
)
def test_an_endless_stream_ends_in_a_sentence(
    server: ScriptedServer, piece: bytes, sentence: str, setting: str
) -> None:
    server.says(stream(then=forever(piece)))
    client = connect(server.url, limits=SMALL)
    with growth_below(10 * MEGABYTE), pytest.raises(ModelError) as raised:
        list(client.stream(HELLO))
    assert sentence in str(raised.value)
    assert setting in str(raised.value)
    assert raised.value.kind == "too large"


def test_a_compressed_bomb_in_a_stream_ends_as_well(server: ScriptedServer) -> None:
    def bomb(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        handler.wfile.write(BOMB)

    server.says(bomb)
    client = connect(server.url, limits=SMALL)
    with growth_below(10 * MEGABYTE), pytest.raises(ModelError, match="MODEL_LINE_KILOBYTES"):
        list(client.stream(HELLO))


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_a_list_of_models_that_is_a_bomb_ends_in_a_sentence(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, coding: str
) -> None:
    body = BOMB if coding == "gzip" else b" " * 2 * MEGABYTE

    def bomb(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", coding)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    monkeypatch.setattr(server.RequestHandlerClass, "do_GET", bomb)
    with growth_below(10 * MEGABYTE), pytest.raises(ModelError) as raised:
        connect(server.url, limits=SMALL)
    assert "a list of models of more than 1,000 kB, the limit set by MODEL_LIST_KILOBYTES" in str(
        raised.value
    )


def test_a_form_of_compression_that_was_not_asked_for_is_said(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def packed(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "br")
        handler.end_headers()
        handler.wfile.write(b"anything")

    monkeypatch.setattr(server.RequestHandlerClass, "do_GET", packed)
    with pytest.raises(ModelError, match="compression that was not requested"):
        connect(server.url)


def test_gzip_that_a_proxy_adds_all_the_same_is_read(server: ScriptedServer) -> None:
    lines = event(content="fine") + event(finish="stop") + b"data: [DONE]\n\n"

    def packed(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        handler.wfile.write(gzip.compress(lines))

    server.says(packed)
    chunk, end = connect(server.url).stream(HELLO)
    assert (getattr(chunk, "text", ""), isinstance(end, Finished)) == ("fine", True)


@pytest.mark.parametrize(
    "line",
    [
        "[" * 5000,
        '{"choices": [null, 3, {"delta": [1]}], "usage": {"prompt_tokens": "many"}}',
        '{"choices": 7, "usage": [1]}',
        '{"choices": [{"delta": {"content": {"a": 1}}}]}',
    ],
)
def test_fields_of_the_wrong_kind_are_no_crash(server: ScriptedServer, line: str) -> None:
    server.says(stream(f"data: {line}\n\n", delta(content="fine"), delta("stop")))
    client = connect(server.url)
    if line.startswith("["):
        with pytest.raises(ModelError, match="not a JSON object"):
            list(client.stream(HELLO))
    else:
        assert isinstance(list(client.stream(HELLO))[-1], Finished)


def test_only_what_can_be_a_name_is_a_models_name(server: ScriptedServer) -> None:
    names = [7, None, "", "x" * 201, "two\nlines", "kimi"]
    server.models = {"data": [None, *({"id": name} for name in names)]}
    assert connect(server.url).name == "kimi"
