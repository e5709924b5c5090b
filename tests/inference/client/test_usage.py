"""What a request cost is counted however it ends, and a limit fits the model's context."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from inference.client import AnswerLimits, connect
from inference.client.estimates import estimate_prompt, estimate_text
from inference.types import (
    Finished,
    ImagePart,
    Message,
    ModelError,
    ModelRequest,
    TextPart,
    Usage,
)
from tests.inference.client.scripted import ScriptedServer, delta, stream

ASKED = ModelRequest((Message("user", (TextPart("x" * 350),)),), max_tokens=1_000)
TEXT = "y" * 70
FINE = stream(delta(content="fine"), delta("stop"))


def test_without_a_report_it_is_estimated(server: ScriptedServer) -> None:
    server.says(stream(delta(content=TEXT), delta("stop")))
    assert list(connect(server.url).stream(ASKED))[-1] == Finished("stop", Usage(100, 20))


def test_a_lost_connection_costs_what_was_told(server: ScriptedServer) -> None:
    server.says(stream(delta(content=TEXT), done=False))
    with pytest.raises(ModelError) as raised:
        list(connect(server.url).stream(ASKED))
    assert raised.value.usage == Usage(100, 20)


def test_a_cancelled_answer_costs_what_was_told(server: ScriptedServer) -> None:
    stop = threading.Event()

    def wait(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.settimeout(30)
        handler.connection.recv(1)

    server.says(stream(delta(content=TEXT), then=wait))
    items = []
    for item in connect(server.url).stream(ASKED, cancelled=stop.is_set):
        items.append(item)
        stop.set()
    assert items[-1] == Finished("cancelled", Usage(100, 20))


def test_an_answer_beyond_its_limit_costs_what_was_told(server: ScriptedServer) -> None:
    server.says(stream(delta(content=TEXT), delta(content=TEXT)))
    with pytest.raises(ModelError) as raised:
        list(connect(server.url, limits=AnswerLimits(answer=100)).stream(ASKED))
    assert (raised.value.kind, raised.value.usage) == ("too large", Usage(100, 40))


def test_counts_of_the_server_are_believed(server: ScriptedServer) -> None:
    counted = {**delta(content=TEXT), "usage": {"prompt_tokens": 7, "completion_tokens": 5}}
    server.says(stream(counted, done=False))
    with pytest.raises(ModelError) as raised:
        list(connect(server.url).stream(ASKED))
    assert raised.value.usage == Usage(7, 5)


@pytest.mark.parametrize(
    ("entry", "limit"),
    [
        ({"max_model_len": 700}, 600),
        ({"context_length": 5_000}, 1_000),
        ({"context_window": 200}, 256),
        ({"meta": {"n_ctx": 900}}, 800),
        ({"max_model_len": "many"}, 1_000),
        ({}, 1_000),
    ],
)
def test_the_limit_fits_the_context_that_the_list_tells(
    server: ScriptedServer, entry: dict[str, Any], limit: int
) -> None:
    server.models = {"data": [{"id": "m", "owned_by": "vllm", **entry}]}
    server.says(FINE)
    list(connect(server.url).stream(ASKED))
    assert server.bodies[0]["max_tokens"] == limit


def test_a_picture_is_estimated_by_its_size() -> None:
    head = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (1280).to_bytes(4) + (800).to_bytes(4)
    request = ModelRequest((Message("user", (ImagePart(head, "image/png"),)),))
    assert estimate_prompt(request) == 46 * 29
    assert estimate_prompt(request, pictures=False) == 0
    assert estimate_text(7) == 2
