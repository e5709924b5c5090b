"""Our own engine in this process answers as it does over HTTP, many runs in one batch."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from inference.client import connect
from inference.client.local import LocalClient
from inference.engine.service import open_service
from inference.types import (
    Chunk,
    Finished,
    ImagePart,
    Message,
    ModelClient,
    ModelError,
    ModelRequest,
    TextPart,
)
from tests.inference.server.conftest import serving


def hello(text: str = "hi", **more: object) -> ModelRequest:
    return ModelRequest(
        (Message("user", (TextPart(text),)),), max_tokens=12, temperature=0.0, **more
    )  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def local(random_checkpoint: Path) -> ModelClient:
    return connect(f"local:{random_checkpoint}")


def said(client: ModelClient, request: ModelRequest) -> tuple[str, str, Finished]:
    items = list(client.stream(request))
    end = items.pop()
    assert isinstance(end, Finished)
    kinds = {
        kind: "".join(one.text for one in items if isinstance(one, Chunk) and one.kind == kind)
        for kind in ("thinking", "answer")
    }
    return kinds["thinking"], kinds["answer"], end


def picture() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((90, 60)).save(out, "PNG")
    return out.getvalue()


def test_it_says_what_the_server_says(local: ModelClient, random_checkpoint: Path) -> None:
    seeing = ModelRequest(
        (
            Message("system", (TextPart("Be brief."), TextPart("Be kind."))),
            Message("user", (ImagePart(picture(), "image/png"), TextPart("What is it?"))),
        ),
        max_tokens=12,
        temperature=0.0,
    )
    requests = [hello(), hello(thinking=True), replace(hello(), temperature=None, seed=3), seeing]
    told = 0
    with serving(open_service(random_checkpoint)) as server:
        http = connect(f"{server.url}/v1")
        assert http.name == local.name
        for request in requests:
            here, there = said(local, request), said(http, request)
            assert here[:2] == there[:2]
            assert here[2].reason == there[2].reason
            assert here[2].usage.prompt_tokens == there[2].usage.prompt_tokens
            assert here[2].usage.completion_tokens == there[2].usage.completion_tokens > 0
            told += bool(here[0] + here[1])
        http.close()
    assert told >= 2  # random weights may begin with a tool's call or end at once


def test_the_three_apis_of_our_server_are_read_alike(random_checkpoint: Path) -> None:
    """Thinking is left as each API turns it on with so few tokens: Anthropic's needs 1,024."""
    with serving(open_service(random_checkpoint)) as server:
        for dialect, thinking in (("openai", True), ("messages", False)):
            request = replace(hello("Say a word."), thinking=thinking, max_tokens=16)
            told = []
            for each in ("vllm", dialect):
                client = connect(f"{server.url}/v1", model=server.service.name, dialect=each)
                told.append(said(client, request))
                client.close()
            chat, other = told
            assert other[:2] == chat[:2]
            assert other[2].reason == chat[2].reason
            assert other[2].usage.prompt_tokens == chat[2].usage.prompt_tokens > 0
            assert other[2].usage.completion_tokens == chat[2].usage.completion_tokens > 0


def test_runs_that_name_the_same_checkpoint_share_one_engine(random_checkpoint: Path) -> None:
    clients = [LocalClient(str(random_checkpoint)) for _ in range(6)]
    assert len({id(client._service) for client in clients}) == 1
    engine = clients[0]._service.live.engine
    together: list[int] = []
    step = engine.step

    def counted():
        together.append(len(engine.sequences))
        return step()

    engine.step = counted  # type: ignore[method-assign]
    with ThreadPoolExecutor() as pool:
        got = list(
            pool.map(lambda pair: said(pair[1], hello(f"number {pair[0]}"))[:2], enumerate(clients))
        )
    engine.step = step  # type: ignore[method-assign]
    assert max(together) > 1
    assert got == [said(clients[0], hello(f"number {index}"))[:2] for index in range(6)]


def test_a_second_round_finds_its_beginning_in_the_cache(local: ModelClient) -> None:
    first, second = (
        said(local, hello("the same long beginning, word for word, of two rounds"))[2]
        for _ in range(2)
    )
    assert second.usage.cached_tokens == (first.usage.prompt_tokens - 1) // 16 * 16 > 0


def test_a_cancelled_answer_ends_and_frees_what_it_held(local: ModelClient) -> None:
    assert isinstance(local, LocalClient)
    heard: list[Chunk | Finished] = []
    for item in local.stream(replace(hello(), max_tokens=5000), cancelled=lambda: len(heard) > 3):
        heard.append(item)
    assert isinstance(heard[-1], Finished)
    assert heard[-1].reason == "cancelled"
    assert 0 < heard[-1].usage.completion_tokens < 5000
    stream = local.stream(replace(hello(), max_tokens=5000))
    next(stream)
    stream.close()
    after = said(local, hello())[2]  # random weights may end it before its length does
    assert after.reason in ("length", "stop")
    assert after.usage.completion_tokens > 0
    engine = local._service.live.engine
    assert (len(engine.sequences), engine.pool.free) == (0, engine.pool.count)


def test_an_answer_asked_longer_than_the_context_is_cut_to_it(local: ModelClient) -> None:
    assert isinstance(local, LocalClient)
    assert local._make_request(replace(hello(), max_tokens=10**6)).max_tokens == 40_960 - len(
        local._make_request(hello()).prompt
    )


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ((ImagePart(b"no picture", "image/png"),), r"messages\[0\]\.parts\[0\] is no picture"),
        ((TextPart("a b " * 40_000),), "The prompt has .* tokens; use 1 to 40959"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    local: ModelClient, parts: tuple[TextPart | ImagePart, ...], sentence: str
) -> None:
    with pytest.raises(ModelError, match=sentence):
        list(local.stream(ModelRequest((Message("user", parts),))))


def test_a_broken_checkpoint_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match=r"tiktoken\.model"):
        connect(f"local:{tmp_path}")
