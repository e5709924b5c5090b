"""A model over HTTP, against a real server on a real socket."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest

from inference.client import connect
from inference.types import (
    Chunk,
    Finished,
    ImagePart,
    Message,
    ModelError,
    ModelRequest,
    TextPart,
    Usage,
)
from tests.inference.client.scripted import ScriptedServer, delta, reply, stream
from tests.peers import smollm

HELLO = ModelRequest((Message("user", (TextPart("hi"),)),))
SEEING = ModelRequest((Message("user", (ImagePart(b"png", "image/png"), TextPart("what is it?"))),))
FINE = stream(delta(content="fine"), delta("stop"))
KEY = "sk-planted-secret"


def ask(
    server: ScriptedServer, request: ModelRequest = HELLO, **wishes: object
) -> tuple[str, str, Finished]:
    """(thinking, answer, the end) of one turn."""
    cancelled = wishes.pop("cancelled", lambda: False)
    client = connect(server.url, **wishes)
    items = list(client.stream(request, cancelled=cancelled))
    client.close()
    said = {
        kind: "".join(i.text for i in items if isinstance(i, Chunk) and i.kind == kind)
        for kind in ("thinking", "answer")
    }
    assert isinstance(items[-1], Finished)
    return said["thinking"], said["answer"], items[-1]


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(
            [delta(reasoning_content="hm"), delta(content="yes")], id="sglang-and-moonshot"
        ),
        pytest.param([delta(reasoning="hm"), delta(content="yes")], id="vllm"),
        pytest.param([delta(content=c) for c in ("<thi", "nk>h", "m</th", "ink>yes")], id="inline"),
        pytest.param(
            [": ping\n\n", delta(role="assistant"), delta(reasoning="hm"), delta(content="yes")],
            id="pings",
        ),
    ],
)
def test_thinking_comes_apart_from_the_answer_in_every_dialect(
    server: ScriptedServer, events: list[object]
) -> None:
    server.says(stream(*events, delta("stop")))
    thinking, answer, end = ask(server, ModelRequest(HELLO.messages, thinking=True))
    assert (thinking, answer, end.reason) == ("hm", "yes", "stop")


def test_usage_is_counted_with_what_was_cached(server: ScriptedServer) -> None:
    usage = {
        "prompt_tokens": 90,
        "completion_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 64},
    }
    server.says(stream(delta(content="a"), delta("length"), {"choices": [], "usage": usage}))
    assert ask(server)[2] == Finished("length", Usage(90, 7, 64))


def test_pieces_tell_of_tokens_where_the_server_counts_as_it_goes(server: ScriptedServer) -> None:
    """A server reports the sum so far; a piece tells of what came since the one before."""
    pieces = [
        (delta(role="assistant"), 1),
        (delta(reasoning="hm"), 3),
        (delta(content="yes"), 4),
        (delta("stop"), 5),
    ]
    server.models = {"data": [{"id": "kimi-k2.6", "owned_by": "vllm"}]}
    server.says(
        stream(*({**piece, "usage": {"completion_tokens": count}} for piece, count in pieces))
    )
    client = connect(server.url)
    thinking, answer, end = client.stream(HELLO)
    client.close()
    assert (thinking, answer) == (Chunk("thinking", "hm", 3), Chunk("answer", "yes", 1))
    assert end == Finished("stop", Usage(0, 5))
    assert server.bodies[0]["stream_options"] == {
        "include_usage": True,
        "continuous_usage_stats": True,
    }


def test_an_answer_that_merely_begins_like_a_tag_is_whole(server: ScriptedServer) -> None:
    server.says(stream(delta(content="<th"), delta(content="ead>"), delta("stop")))
    assert ask(server)[1] == "<thead>"


def test_letters_cut_in_two_by_the_wire_arrive_whole(server: ScriptedServer) -> None:
    raw = "data: " + '{"choices":[{"delta":{"content":"größe ✓"}}]}' + "\n\n"

    def in_bytes(handler: BaseHTTPRequestHandler) -> None:
        for byte in raw.encode():
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
        handler.wfile.write(b"data: [DONE]\n\n")

    server.says(stream(then=in_bytes))
    assert ask(server)[1] == "größe ✓"


@pytest.mark.parametrize(
    ("owner", "thinking", "expected"),
    [
        (
            "vllm",
            True,
            {"chat_template_kwargs": {"thinking": True}, "temperature": 1.0, "max_tokens": 16_384},
        ),
        (
            "sglang",
            False,
            {"chat_template_kwargs": {"thinking": False}, "temperature": 0.6, "top_p": 0.95},
        ),
        ("moonshot", False, {"thinking": {"type": "disabled"}, "max_completion_tokens": 16_384}),
    ],
)
def test_each_server_is_asked_in_its_own_dialect(
    server: ScriptedServer, owner: str, thinking: bool, expected: dict[str, object]
) -> None:
    server.models = {"data": [{"id": "kimi-k2.6", "owned_by": owner}]}
    server.says(FINE)
    ask(server, ModelRequest(HELLO.messages, thinking=thinking))
    body = server.bodies[0]
    assert expected.items() <= body.items()
    assert ("temperature" in body) == (owner != "moonshot")
    assert ("continuous_usage_stats" in body["stream_options"]) == (owner != "moonshot")
    assert body["model"] == "kimi-k2.6"


def test_pictures_travel_as_data_urls(server: ScriptedServer) -> None:
    server.says(FINE)
    ask(server, SEEING)
    picture, text = server.bodies[0]["messages"][0]["content"]
    assert picture["image_url"]["url"] == "data:image/png;base64,cG5n"
    assert text == {"type": "text", "text": "what is it?"}


def test_a_model_that_takes_no_pictures_gets_the_words_alone(server: ScriptedServer) -> None:
    """llama.cpp without a vision projector answers 500, which may pass by itself: it is asked twice
    first.
    """
    refusal = reply(500, {"error": {"message": "image input is not supported"}})
    server.says(refusal, refusal, FINE)
    assert ask(server, SEEING)[1] == "fine"
    assert server.bodies[1]["messages"][0]["content"] != "what is it?"
    assert server.bodies[2]["messages"][0]["content"] == "what is it?"


def test_a_server_that_knows_no_thinking_switch_is_asked_without(server: ScriptedServer) -> None:
    server.says(reply(400, {"error": {"message": "unknown field chat_template_kwargs"}}), FINE)
    assert ask(server)[1] == "fine"
    assert "chat_template_kwargs" not in server.bodies[1]


def test_busy_servers_are_asked_again_when_they_say(server: ScriptedServer) -> None:
    server.says(reply(429, "busy", Retry_After="1"), reply(503, "loading"), FINE)
    begun = time.monotonic()
    assert ask(server)[1] == "fine"
    assert time.monotonic() - begun >= 1.0
    assert len(server.bodies) == 3


def test_nothing_is_asked_again_once_the_answer_began(server: ScriptedServer) -> None:
    server.says(stream(delta(content="half a pa"), done=False))
    with pytest.raises(ModelError, match="in the middle of the answer"):
        ask(server)
    assert len(server.bodies) == 1


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (reply(401, f"no such key {KEY}"), "answered 401; check MODEL_API_KEY"),
        (reply(404, "model not found"), "answered 404; check MODEL_URL and MODEL_NAME."),
        (stream("data: {oops\n\n"), "sent a line that is not a JSON object"),
        (
            stream('data: {"error": {"message": "out of memory"}}\n\n'),
            "stopped with an error; see the log",
        ),
    ],
)
def test_refusals_are_one_sentence_without_the_key(
    server: ScriptedServer, script: Callable[..., None], sentence: str
) -> None:
    server.says(script)
    with pytest.raises(ModelError) as raised:
        ask(server, api_key=KEY)
    assert sentence in str(raised.value)
    assert KEY not in str(raised.value)
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_a_silent_server_can_be_cancelled_at_once_and_sees_us_leave(server: ScriptedServer) -> None:
    def fall_silent(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.settimeout(60)
        try:
            hung_up = handler.connection.recv(1) == b""
        except ConnectionError:  # it left words of ours unread, so its going is a reset
            hung_up = True
        if hung_up:
            server.hung_up.set()

    server.says(stream(delta(content="one moment"), then=fall_silent))
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    begun = time.monotonic()
    end = ask(server, cancelled=stop.is_set)[2]
    assert end.reason == "cancelled"
    assert time.monotonic() - begun < 30  # seconds; the server would have waited 60
    assert server.hung_up.wait(30)


def test_a_server_that_says_nothing_is_given_up(server: ScriptedServer) -> None:
    server.says(stream(delta(content="one moment"), then=lambda handler: time.sleep(2)))
    with pytest.raises(ModelError, match=r"sent nothing for 0\.4 seconds"):
        ask(server, patience=0.4)


def test_a_head_that_never_ends_is_given_up_and_the_server_sees_us_leave(
    server: ScriptedServer,
) -> None:
    """A byte now and then is no answer; without its end nothing would be known of the answer but
    its connection.
    """

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        try:
            while True:
                handler.wfile.write(b"X")
                time.sleep(0.05)
        except OSError:
            server.hung_up.set()
            raise

    server.says(trickle)
    with pytest.raises(ModelError, match=r"sent nothing for 0\.4 seconds"):
        ask(server, patience=0.4)
    assert server.hung_up.wait(10)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("local:mini", "MODEL_URL is local:mini; use a folder with a config.json or "),
        ("ftp://x", "use http"),
        ("http://127.0.0.1:9/v1", "cannot be reached: nothing listens there; check MODEL_URL"),
    ],
)
def test_an_unusable_address_is_said_at_once(url: str, sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        connect(url)


def test_a_page_that_is_no_model_server_is_told_apart(server: ScriptedServer) -> None:
    server.models = "<html>welcome</html>"
    with pytest.raises(ModelError, match="no readable model list"):
        connect(server.url)


def test_a_real_server_streams_words_and_counts_them() -> None:
    with smollm() as url:
        client = connect(url)
        request = ModelRequest((Message("user", (TextPart("Say hello."),)),), max_tokens=16)
        *chunks, end = client.stream(request)
        client.close()
    assert "".join(chunk.text for chunk in chunks if isinstance(chunk, Chunk)).strip()
    assert isinstance(end, Finished)
    assert 0 < end.usage.completion_tokens <= 16
    assert end.usage.prompt_tokens > 0
