"""What a server does not take is left out of that request: by status and parameter, never by the
server's words.
"""

from __future__ import annotations

from typing import Any

import pytest

from inference.client import connect
from inference.types import (
    Chunk,
    ImagePart,
    Message,
    ModelClient,
    ModelError,
    ModelRequest,
    TextPart,
)
from tests.inference.client.scripted import ScriptedServer, delta, reply, stream

WORDS = ModelRequest((Message("user", (TextPart("hi"),)),))
PICTURE = ModelRequest((Message("user", (ImagePart(b"png", "image/png"), TextPart("hi"))),))
FINE = stream(delta(content="fine"), delta("stop"))


def refusal(status: int, message: str, parameter: str | None = None) -> Any:
    return reply(status, {"error": {"message": message, "param": parameter}})


def answer(client: ModelClient, request: ModelRequest) -> str:
    return "".join(item.text for item in client.stream(request) if isinstance(item, Chunk))


def sent(server: ScriptedServer) -> list[tuple[bool, bool]]:
    """(thinking switch, picture) of each request."""
    return [
        ("chat_template_kwargs" in body, isinstance(body["messages"][0]["content"], list))
        for body in server.bodies
    ]


def test_a_busy_server_whose_words_mention_images_still_gets_pictures(
    server: ScriptedServer,
) -> None:
    server.says(refusal(429, "too many image requests, try later"), FINE)
    client = connect(server.url)
    assert answer(client, PICTURE) == "fine"
    assert sent(server) == [(True, True), (True, True)]


def test_what_one_request_left_out_the_next_one_has_again(server: ScriptedServer) -> None:
    server.says(refusal(400, "no", "messages[0].content"), FINE, FINE)
    client = connect(server.url)
    assert answer(client, PICTURE) == answer(client, PICTURE) == "fine"
    assert sent(server) == [(True, True), (True, False), (True, True)]


@pytest.mark.parametrize(
    ("parameter", "second"),
    [
        ("image_url", (True, False)),
        ("chat_template_kwargs.thinking", (False, True)),
        (None, (False, True)),
    ],
)
def test_the_parameter_that_a_server_names_is_left_out_first(
    server: ScriptedServer, parameter: str | None, second: tuple[bool, bool]
) -> None:
    server.says(refusal(422, "unsupported", parameter), FINE)
    assert answer(connect(server.url), PICTURE) == "fine"
    assert sent(server) == [(True, True), second]


def test_without_a_parameter_the_switch_all_extras_the_pictures_and_both_are_doubted(
    server: ScriptedServer,
) -> None:
    server.says(*[refusal(400, "image")] * 4, FINE)
    assert answer(connect(server.url), PICTURE) == "fine"
    every, extras, pictures = (True, True), (False, True), (True, False)
    assert sent(server) == [every, extras, extras, pictures, (False, False)]
    assert ["temperature" in body for body in server.bodies] == [True, True, False, True, False]


def test_a_bad_request_with_nothing_left_to_leave_out_ends(server: ScriptedServer) -> None:
    server.says(refusal(400, "the vault's inner words"))
    with pytest.raises(ModelError) as raised:
        answer(connect(server.url), WORDS)
    assert (raised.value.kind, raised.value.status) == ("refused", 400)
    assert "inner" not in str(raised.value)
    assert sent(server) == [(True, False), (False, False), (False, False)]
