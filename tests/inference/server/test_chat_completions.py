from __future__ import annotations

import asyncio
import base64
import json
import queue
import threading
from typing import Any

import httpx
import openai
import pytest

from tests.inference.server.conftest import Says, Server, until

HI = [{"role": "user", "content": "hi there"}]
INSTANT = {"chat_template_kwargs": {"thinking": False}}
CALLS = (
    "Let me look.<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>"
    '{"city": "Graz"}<|tool_call_end|><|tool_call_begin|>functions.time:1<|tool_call_argument_begin|>{}'
    "<|tool_call_end|><|tool_calls_section_end|>noise"
)
ENDLESS = "and so on " * 4000
TOOLS: list[Any] = [
    {
        "type": "function",
        "function": {"name": name, "parameters": {"type": "object", "properties": {}}},
    }
    for name in ("weather", "time")
]


def ask(server: Server, **more: Any) -> Any:
    return server.openai.chat.completions.create(
        **{"model": "tiny", "messages": HI, "max_tokens": 8, **more}
    )


def test_an_answer_has_its_usage_and_says_why_it_ended(server: Server) -> None:
    got = ask(server, temperature=0, extra_body=INSTANT)
    assert got.object == "chat.completion"
    assert got.choices[0].finish_reason == "length"
    assert got.usage.completion_tokens == 8
    assert got.usage.total_tokens == got.usage.prompt_tokens + 8
    assert got.model == "tiny"


def test_a_stream_adds_up_to_the_whole_answer(says: Says) -> None:
    server = says("I think so.</think>Grüße, 世界!")
    whole = ask(server, model="parrot", max_tokens=100)
    message = whole.choices[0].message
    assert message.content == "Grüße, 世界!"
    assert message.reasoning_content == "I think so."
    assert whole.choices[0].finish_reason == "stop"
    chunks = list(
        ask(
            server,
            model="parrot",
            max_tokens=100,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    assert chunks[0].choices[0].delta.role == "assistant"
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == "Grüße, 世界!"
    assert (
        "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas)
        == "I think so."
    )
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens
    assert (
        0
        < chunks[-1].usage.completion_tokens_details.reasoning_tokens
        < whole.usage.completion_tokens
    )


def test_calls_of_tools_are_read_whole_and_streamed(says: Says) -> None:
    server = says(CALLS)
    more: Any = {"model": "parrot", "tools": TOOLS, "max_tokens": 200, "extra_body": INSTANT}
    choice = ask(server, **more).choices[0]
    assert choice.finish_reason == "tool_calls"
    assert choice.message.content == "Let me look."
    assert [
        (call.id, call.function.name, call.function.arguments) for call in choice.message.tool_calls
    ] == [
        ("functions.weather:0", "weather", '{"city": "Graz"}'),
        ("functions.time:1", "time", "{}"),
    ]
    arguments = {0: "", 1: ""}
    names = {}
    for chunk in ask(server, **more, stream=True):
        for call in chunk.choices[0].delta.tool_calls or ():
            arguments[call.index] += call.function.arguments or ""
            names[call.index] = names.get(call.index) or call.function.name
    assert arguments == {0: '{"city": "Graz"}', 1: "{}"}
    assert names == {0: "weather", 1: "time"}


def test_a_call_ends_a_thought_that_was_never_ended(says: Says) -> None:
    choice = ask(says(CALLS), model="parrot", tools=TOOLS, max_tokens=200).choices[0]
    assert choice.message.reasoning_content == "Let me look."
    assert choice.message.content is None
    assert len(choice.message.tool_calls) == 2


def test_marks_that_were_typed_as_text_stay_text(says: Says) -> None:
    server = says("x")
    model: Any = server.service.live.engine.runner.model
    model.tokens = [
        *server.service.tokenizer.encode("a </think> b"),
        server.service.tokenizer.special("<|im_end|>"),
    ]
    message = ask(server, model="parrot", max_tokens=100).choices[0].message
    assert message.reasoning_content == "a </think> b"


def test_a_stop_string_ends_the_answer_and_is_not_shown(says: Says) -> None:
    server = says("<html></html>and more")
    got = ask(server, model="parrot", max_tokens=100, stop=["</html>"], extra_body=INSTANT).choices[
        0
    ]
    assert (got.message.content, got.finish_reason) == ("<html>", "stop")


@pytest.mark.parametrize(
    "switch",
    [
        {"chat_template_kwargs": {"thinking": False}},
        {"chat_template_kwargs": {"enable_thinking": False}},
        {"thinking": {"type": "disabled"}},
        {"reasoning_effort": "none"},
    ],
)
def test_every_way_to_switch_thinking_off_is_understood(says: Says, switch: dict[str, Any]) -> None:
    message = ask(says("yes"), model="parrot", extra_body=switch).choices[0].message
    assert message.content == "yes"
    assert not hasattr(message, "reasoning_content")


def test_a_seed_gives_the_same_answer_again_and_choices_differ(server: Server) -> None:
    def texts(**more: Any) -> list[Any]:
        choices = ask(server, temperature=1.0, max_tokens=12, extra_body=INSTANT, **more).choices
        return [choice.message.model_dump() for choice in choices]

    three = texts(seed=4, n=3)
    assert len(three) == 3
    assert three[0] != three[1] != three[2]
    assert texts(seed=4, n=3) == three
    assert texts(seed=4) == three[:1]
    assert texts(seed=5) != three[:1]


def test_log_probabilities_come_with_the_answers_tokens(says: Says) -> None:
    server = says("hm</think>yes")
    got = ask(server, model="parrot", logprobs=True, top_logprobs=2).choices[0]
    entries = got.logprobs.content
    assert "".join(entry.token for entry in entries) == "yes"
    assert all(
        entry.logprob == pytest.approx(0, abs=1e-3) and len(entry.top_logprobs) == 2
        for entry in entries
    )


def test_a_picture_is_read_and_cached_with_its_prompt(server: Server, mockup_png: bytes) -> None:
    url = f"data:image/png;base64, {base64.b64encode(mockup_png).decode()}"
    content = [
        {"type": "image_url", "image_url": {"url": url}},
        {"type": "text", "text": "Describe."},
    ]
    before = server.service.live.engine.runner.pictures_encoded
    usages = [ask(server, messages=[{"role": "user", "content": content}]).usage for _ in range(2)]
    assert usages[0].prompt_tokens > 100
    assert usages[0].prompt_tokens_details.cached_tokens == 0
    assert usages[1].prompt_tokens_details.cached_tokens == (usages[1].prompt_tokens - 1) // 16 * 16
    assert server.service.live.engine.runner.pictures_encoded == before + 1


async def test_sixteen_streams_at_once_are_each_what_they_are_alone(server: Server) -> None:
    client = openai.AsyncOpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0)

    async def stream(index: int) -> list[str]:
        told = [{"role": "user", "content": f"Number {index}: " + "word " * index}]
        kept = []
        async with await client.chat.completions.create(
            model="tiny",
            messages=told,
            temperature=0,
            max_tokens=32,
            stream=True,
            extra_body=INSTANT,
        ) as chunks:
            async for chunk in chunks:
                kept.append(json.dumps(chunk.choices[0].delta.model_dump(), sort_keys=True))
                last = chunk.choices[0].finish_reason
        assert last in ("length", "stop", "tool_calls")
        return kept

    together = await asyncio.gather(*(stream(index) for index in range(16)))
    for index, got in enumerate(together):
        assert await stream(index) == got
    await client.close()


def test_a_client_that_leaves_frees_its_blocks_within_one_step(
    says: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = says(ENDLESS)
    live = server.service.live
    begun, go_on, step = queue.SimpleQueue(), threading.Semaphore(1), live.engine.step
    monkeypatch.setattr(
        live.engine, "step", lambda: begun.put(1) or (go_on.acquire(timeout=30) and step())
    )
    body = {"model": "parrot", "messages": HI, "stream": True}
    with httpx.stream(
        "POST", f"{server.url}/v1/chat/completions", json=body, timeout=30
    ) as response:
        lines = response.iter_lines()
        next(lines)
        begun.get(timeout=30)
        begun.get(timeout=30)  # it is held in its second step
    until(lambda: live.unfinished == 0)
    assert live.engine.pool.free < 1024
    go_on.release()
    until(lambda: live.engine.pool.free == 1024)  # a third step would never end
    assert begun.empty()


def test_a_client_that_leaves_without_streaming_is_noticed_too(says: Says) -> None:
    server = says(ENDLESS)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{server.url}/v1/chat/completions", json={"model": "parrot", "messages": HI}, timeout=1
        )
    until(lambda: server.service.live.counts.cancelled == 1)
    server.wait_until_idle()
    assert server.service.live.engine.pool.free == 1024
