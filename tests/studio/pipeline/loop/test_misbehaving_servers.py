"""The ways in which a model server misbehaves, each ending in a page or in the sentence it deserves.

What a run's person reads is looked at: the request goes through the loop's own `write_pages`.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from inference.client import AnswerLimits, connect, http, model_list
from inference.types import ImagePart, Message, ModelError, ModelRequest, TextPart, Usage
from studio.pipeline.loop.candidates import write_pages
from studio.pipeline.loop.watch import RunWatch
from tests.inference.client.scripted import Script, ScriptedServer, delta, reply, serving, stream

PATIENCE = 0.4  # seconds, for servers that stay silent until the client leaves
LONG = 30.0  # seconds, for all others
SECRET = "the vault's inner words"  # what no sentence may hold
HTML = "<!doctype html><html><body><h1>Bread</h1></body></html>"
PAGE = f"```html index.html\n{HTML}\n```\n"
FINE = stream(delta(content=PAGE), delta("stop"))
NO_PICTURES = "takes no pictures, so it worked from the texts"
ASKED = ModelRequest(
    (
        Message("system", (TextPart("Write a page."),)),
        Message("user", (ImagePart(b"png", "image/png"), TextPart("this one"))),
    ),
    temperature=0.5,
    seed=1,
)
WORDS = ModelRequest((Message("user", (TextPart("Write a page."),)),))
LIMITS = AnswerLimits(answer=20_000, thinking=20_000, line=50_000, stream=500_000, models=50_000)


@dataclass(frozen=True)
class Way:
    """One way to misbehave: the answers in turn, and what a person gets.

    `told`: "page", or a part of the sentence. `requests`: how many the server got; None: any number.
    `address`: what is put after the server's host and port.
    """

    name: str
    answers: tuple[Script, ...]
    told: str = "page"
    requests: int | None = None
    listing: Script | None = None
    model: str | None = None
    request: ModelRequest = ASKED
    owner: str = "vllm"
    address: str = "/v1"
    sent: dict[str, Any] = field(default_factory=dict)  # fields of the last request; None: not sent


def refuse(status: int, code: str | None = None, parameter: str | None = None, **h: str) -> Script:
    error = {"message": SECRET, "type": "x", "code": code, "param": parameter}
    return reply(status, {"error": error}, **h)


def say(body: bytes, media_type: str = "text/event-stream") -> Script:
    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", media_type)
        handler.end_headers()
        handler.wfile.write(body)

    return script


def drop(handler: BaseHTTPRequestHandler) -> None:
    """Reset the connection, so that what was not read is lost."""
    handler.wfile.flush()
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()


def fall_silent(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.settimeout(LONG)
    handler.connection.recv(1)


def repeat(piece: bytes) -> Script:
    def script(handler: BaseHTTPRequestHandler) -> None:
        while True:
            handler.wfile.write(piece)

    return script


def event(data: Any) -> str:
    return f"data: {json.dumps(data)}\n\n"


def speak_no_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n")


LIST_OF_TYPES = '{"choices": [null, 3, {"delta": [1]}], "usage": {"prompt_tokens": "many"}}'
CRLF = f"data:{json.dumps(delta(content=PAGE))}\r\n\r\n: ping\r\n\r\ndata:[DONE]\r\n\r\n".encode()
WHOLE = {"choices": [{"message": {"content": PAGE}, "finish_reason": "stop"}]}
PARTS = [{"type": "thinking", "thinking": [{"text": "hm"}]}, {"type": "text", "text": PAGE}]
FAILING = [
    Way("a key that it does not know", (refuse(401),), "answered 401; check MODEL_API_KEY.", 1),
    Way("an account without credit", (refuse(402),), "answered 402; its account has no credit", 1),
    Way("a key without permission", (refuse(403),), "answered 403; check MODEL_API_KEY.", 1),
    Way("a model it has not", (refuse(404, "model_not_found"),), "it has no model of this name", 1),
    Way("no such path", (refuse(404),), "answered 404; check MODEL_URL and MODEL_NAME.", 1),
    Way("no such path in any API", (refuse(404),), "answered 404; check MODEL_URL", 3, owner="x"),
    Way("another method only", (refuse(405),), "answered 405; check MODEL_URL.", 1),
    Way("a bad request of words", (refuse(400),), "answered 400.", 3, request=WORDS),
    Way(
        "a prompt beyond its context",
        (refuse(400, "context_length_exceeded", "messages"),),
        "the prompt is longer than its model's context",
    ),
    Way("words that are too large", (refuse(413),), "too large for it", 1, request=WORDS),
    Way("a busy server", (refuse(429),), "answered 429; it accepts no more requests for now.", 4),
    Way("a spent quota", (refuse(429, "insufficient_quota"),), "account has no credit left", 1),
    Way("a broken server", (refuse(500),), "answered 500; its log may say why.", request=WORDS),
    Way("a server that is loading", (refuse(503),), "overloaded or still loading the model", 4),
    Way("an overloaded server", (refuse(529, "overloaded_error"),), "accepts no more requests", 4),
    Way("a filter on the prompt", (refuse(400, "content_filter"),), "declined to answer", 1),
    Way(
        "a redirect",
        (reply(307, "", Location="http://169.254.169.254/"),),
        "it leads elsewhere, which is not followed: check MODEL_URL",
        1,
    ),
    Way(
        "a web page",
        (say(f"<html>{SECRET}".encode(), "text/html"),),
        "answered with a web page instead of a stream; check MODEL_URL.",
        1,
    ),
    Way("an empty body", (say(b""),), "ended the stream without an answer.", 4),
    Way("nothing but its end", (stream(),), "ended its answer without a text.", 1),
    Way("broken JSON", (stream("data: {oops\n\n"),), "a line that is not a JSON object", 1),
    Way("a list for an event", (stream("data: [1]\n\n"),), "a line that is not a JSON object", 1),
    Way(
        "an error in one JSON object",
        (say(json.dumps({"error": {"message": SECRET}}).encode(), "application/json"),),
        "stopped with an error; see the log.",
    ),
    Way(
        "an error in the middle of a stream",
        (stream(delta(content="```html"), event({"error": {"message": SECRET}})),),
        "stopped with an error; see the log.",
        1,
    ),
    Way(
        "an error without the form of an event",
        (say(json.dumps({"error": {"message": SECRET}}).encode() + b"\n"),),
        "stopped with an error; see the log.",
    ),
    Way(
        "an error as llama.cpp names it",
        (say(b'error: {"code": 400, "message": "no"}\n\n'),),
        "stopped with an error; see the log.",
    ),
    Way(
        "a connection lost in the middle",
        (stream(delta(content="```html"), then=drop),),
        "dropped the connection in the middle of the answer.",
        1,
    ),
    Way(
        "a stream that ends without its end",
        (stream(delta(content="```html"), done=False),),
        "ended the stream in the middle of the answer.",
        1,
    ),
    Way(
        "an answer that it aborts",
        (stream(delta(content="```html"), delta("abort")),),
        "ended the stream in the middle of the answer.",
        1,
    ),
    Way("silence", (fall_silent,), "sent nothing for 0.4 seconds."),
    Way(
        "silence in the middle",
        (stream(delta(content="```html"), then=fall_silent),),
        "sent nothing for 0.4 seconds.",
        1,
    ),
    Way("a filter on the answer", (stream(delta("content_filter")),), "declined to answer", 1),
    Way(
        "a refusal in a field",
        (stream(delta(refusal="I cannot."), delta("stop")),),
        "declined to answer: its model or its filter refused.",
        1,
    ),
    Way(
        "a tool's call",
        (stream(delta("tool_calls")),),
        "answered with a call of a tool, although its model was given none.",
        1,
    ),
    Way(
        "words instead of a page",
        (stream(delta(content="I cannot do that."), delta("stop")),),
        "The model's answer holds no HTML page.",
        1,
    ),
    Way(
        "a limit spent on thinking",
        (
            stream(
                delta(reasoning="hm"),
                delta("length"),
                event({"usage": {"prompt_tokens": 9, "completion_tokens": 400}}),
            ),
        ),
        "kimi-k2.6 used its 400 tokens before it began to answer;",
        1,
    ),
    Way(
        "a limit reached again and again",
        (stream(delta(content="I begin. "), delta("length")),),
        "An answer of kimi-k2.6 was cut off by its length limit before its page was complete.",
        4,
    ),
    Way("an endless line", (stream(then=repeat(b"x" * 999)),), "MODEL_LINE_KILOBYTES"),
    Way(
        "an endless answer",
        (stream(then=repeat(event(delta(content="<p>" * 99)).encode())),),
        "MODEL_ANSWER_KILOBYTES",
    ),
    Way("endless pings", (stream(then=repeat(b": ping\n\n" * 99)),), "MODEL_STREAM_MEGABYTES"),
    Way(
        "a compression that was not asked for",
        (reply(200, "x", Content_Encoding="br"),),
        "uses a compression that was not requested.",
    ),
]
LISTS = [
    Way("a list that is a web page", (), "no readable model list", listing=reply(200, "<html>")),
    Way("an empty list", (), "lists no model; set MODEL_NAME.", listing=reply(200, {"data": []})),
    Way(
        "a list without names",
        (),
        "lists no model; set MODEL_NAME.",
        listing=reply(200, {"data": [None, {"id": 7}, {"id": "two\nlines"}]}),
    ),
    Way("a list behind a key", (), "answered 401; check MODEL_API_KEY.", listing=refuse(401)),
    Way("a missing list", (), "answered 404; check MODEL_URL", listing=refuse(404)),
    Way("a broken list", (), "answered 500; its log may say why.", listing=refuse(500)),
    Way("a list elsewhere", (), "leads elsewhere", listing=reply(302, "", Location="http://x/")),
    Way("an endless list", (), "MODEL_LIST_KILOBYTES", listing=say(b" " * 60_000)),
    Way("no HTTP", (), "does not speak HTTP; check MODEL_URL", listing=speak_no_http),
    Way("a silent list", (), "sent nothing for 0.4 seconds.", listing=fall_silent),
]
RECOVERED = [
    Way("a missing list, and a name", (FINE,), listing=refuse(404), model="kimi"),
    Way("an empty list, and a name", (FINE,), listing=reply(200, {"data": []}), model="kimi"),
    Way("an address without its last part", (FINE,), address=""),
    Way("an address with the whole path", (FINE,), address="/v1/chat/completions"),
    Way(
        "another name for the limit",
        (refuse(400, "unsupported_parameter", "max_tokens"), FINE),
        requests=2,
        sent={"max_completion_tokens": 16_384, "max_tokens": None},
    ),
    Way(
        "a lower limit",
        (refuse(400, "invalid_value", "max_tokens"), FINE),
        requests=2,
        sent={"max_tokens": 4_096},
    ),
    Way(
        "no temperature",
        (refuse(400, "unsupported_value", "temperature"), FINE),
        requests=2,
        sent={"temperature": None, "top_p": 0.95, "seed": 1},
    ),
    Way("no top_p", (refuse(400, None, "top_p"), FINE), requests=2, sent={"top_p": None}),
    Way("no seed", (refuse(422, None, "seed"), FINE), requests=2, sent={"seed": None}),
    Way(
        "no counts while it streams",
        (refuse(400, None, "stream_options.continuous_usage_stats"), FINE),
        requests=2,
        sent={"stream_options": {"include_usage": True}},
    ),
    Way(
        "no counts",
        (refuse(400, None, "stream_options"), FINE),
        requests=2,
        sent={"stream_options": None},
    ),
    Way(
        "a field that a validator names",
        (reply(422, {"detail": [{"loc": ["body", "top_p"], "msg": SECRET}]}), FINE),
        requests=2,
        sent={"top_p": None},
    ),
    Way(
        "no system message",
        (refuse(400, None, "messages[0].role"), FINE),
        requests=2,
    ),
    Way("a switch it does not know", (refuse(400), FINE), sent={"chat_template_kwargs": None}),
    Way("pictures it refuses", (refuse(400, None, "messages"), FINE), NO_PICTURES, 2),
    Way("pictures that are too large", (refuse(413), FINE), NO_PICTURES, 2),
    Way("pictures it has no code for", (refuse(501), FINE), NO_PICTURES, 2),
    Way("pictures that break it", (refuse(500), refuse(500), FINE), NO_PICTURES, 3),
    Way("busy for a while", (refuse(429, Retry_After="0"), refuse(503), FINE), requests=3),
    Way("a connection lost before the answer", (drop, FINE), requests=2),
    Way(
        "overloaded as the stream begins",
        (stream(event({"error": {"type": "overloaded_error", "message": SECRET}})), FINE),
        requests=2,
    ),
    Way("an answer in one JSON object", (say(json.dumps(WHOLE).encode(), "application/json"),)),
    Way("an answer in one event", (stream(WHOLE),)),
    Way("everything as thinking", (stream(delta(reasoning=PAGE), delta("stop")),)),
    Way(
        "thinking without its opening tag",
        (
            stream(
                delta(content="I use <html>.\n</thi"), delta(content=f"nk>{PAGE}"), delta("stop")
            ),
        ),
    ),
    Way("content in parts", (stream({"choices": [{"delta": {"content": PARTS}}]}),)),
    Way("fields of the wrong kind", (stream(f"data: {LIST_OF_TYPES}\n\n", delta(content=PAGE)),)),
    Way("other line ends", (say(CRLF),)),
    Way("no last line", (stream(delta(content=PAGE), delta("stop"), done=False),)),
    Way(
        "an answer cut off once",
        (
            stream(delta(content=PAGE[:40]), delta("length")),
            stream(delta(content=PAGE[40:]), delta("stop")),
        ),
        requests=2,
    ),
]
WAYS = [*FAILING, *LISTS, *RECOVERED]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PAUSE", 0.001)


def tell(server: ScriptedServer, way: Way) -> str:
    """Return what a person gets: "page" and remarks, or a sentence."""
    url = server.url.removesuffix("/v1") + way.address
    watch = RunWatch(lambda event: None, lambda: False, 2 * LONG)
    patience = PATIENCE if "sent nothing" in way.told else LONG
    try:
        client = connect(url, model=way.model, patience=patience, limits=LIMITS)
        spent: list[Usage] = []
        pages = write_pages(client, [way.request], None, watch, tokens=100_000, spend=spent.append)
        (answer,) = list(pages)
    except ModelError as error:
        return str(error)
    if answer.page is None:
        return answer.error
    assert "<h1>Bread</h1>" in answer.page.bundle.files["index.html"]
    return " ".join(("page", *answer.remarks))


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with serving() as running:
        yield running


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_a_server_that(way: Way, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    if way.listing is fall_silent:
        monkeypatch.setattr(model_list, "LIST_SECONDS", PATIENCE)
    server.models = {"data": [{"id": "kimi-k2.6", "owned_by": way.owner}]}
    server.listing = way.listing
    server.says(*way.answers)
    told = tell(server, way)
    if way in RECOVERED and way.told == "page":
        assert told == "page"
    elif way in RECOVERED:
        assert told.startswith("page ")
        assert way.told in told
    else:
        assert not told.startswith("page")
        assert way.told in told
    assert SECRET not in told
    if way.requests is not None:
        assert len(server.bodies) == way.requests
    for name, value in way.sent.items():
        assert server.bodies[-1].get(name) == value


def test_there_are_at_least_48_ways() -> None:
    assert len({way.name for way in WAYS}) == len(WAYS) >= 48


def test_without_the_role_a_system_message_opens_the_users_message(server: ScriptedServer) -> None:
    server.says(refuse(400, None, "messages[0].role"), FINE)
    assert tell(server, Way("", ())) == "page"
    (message,) = server.bodies[-1]["messages"]
    assert message["role"] == "user"
    assert message["content"][0]["text"] == "Write a page."
