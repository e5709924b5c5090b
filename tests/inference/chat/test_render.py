"""The chat template's goldens: what K2.6 was trained to read, character for character."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jinja2 import Environment

from inference.chat.template import ChatError, choose_sampling, join_text, render

USER = "<|im_user|>user<|im_middle|>"
ASSISTANT = "<|im_assistant|>assistant<|im_middle|>"
END = "<|im_end|>"
IMAGE = "<|media_begin|>image<|media_content|><|media_pad|><|media_end|>\n"
HI = [{"role": "user", "content": "hi"}]
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}
WEATHER = {
    "id": "functions.weather:0",
    "type": "function",
    "function": {"name": "weather", "arguments": '{"city": "Bonn"}'},
}
CALLED = (
    "<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>"
    '{"city": "Bonn"}<|tool_call_end|><|tool_calls_section_end|>'
)


def written(messages: list[dict[str, object]], **wishes: object) -> str:
    return join_text(render(messages, **wishes))


def says(text: str) -> dict[str, object]:
    return {"role": "user", "content": text}


def test_thinking_is_opened_and_instant_mode_closes_it_at_once() -> None:
    assert written(HI) == f"{USER}hi{END}{ASSISTANT}<think>"
    assert written(HI, thinking=False) == f"{USER}hi{END}{ASSISTANT}<think></think>"


def test_a_picture_takes_one_place_and_a_line_break() -> None:
    seen = {"role": "user", "content": [PICTURE, {"type": "text", "text": "Describe."}]}
    assert written([seen]) == f"{USER}{IMAGE}Describe.{END}{ASSISTANT}<think>"
    between = {
        "role": "user",
        "content": [
            {"type": "text", "text": "A"},
            PICTURE,
            {"type": "text", "text": "B"},
            {"type": "image"},
        ],
    }
    assert written([between]) == f"{USER}A{IMAGE}B{IMAGE}{END}{ASSISTANT}<think>"


def test_a_video_is_a_placeholder() -> None:
    assert written([{"role": "user", "content": [{"type": "video_url"}]}]).startswith(
        f"{USER}<|kimi_k25_video_placeholder|>\n{END}"
    )


HISTORY = [
    {"role": "system", "content": "S"},
    says("U1"),
    {"role": "assistant", "content": "A1", "reasoning_content": "R1"},
    says("U2"),
]


def test_reasoning_of_earlier_answers_is_left_out() -> None:
    head = f"<|im_system|>system<|im_middle|>S{END}{USER}U1{END}{ASSISTANT}"
    tail = f"A1{END}{USER}U2{END}{ASSISTANT}"
    assert written(HISTORY) == f"{head}<think></think>{tail}<think>"
    assert written(HISTORY, preserve_thinking=True) == f"{head}<think>R1</think>{tail}<think>"
    assert (
        written(HISTORY, preserve_thinking=True, thinking=False)
        == f"{head}<think></think>{tail}<think></think>"
    )


CALLING = [
    says("Rain?"),
    {"role": "assistant", "content": None, "reasoning": "look it up", "tool_calls": [WEATHER]},
    {"role": "tool", "tool_call_id": "functions.weather:0", "content": "wet"},
]


def test_reasoning_of_the_running_tool_calls_stays() -> None:
    result = f"<|im_system|>tool<|im_middle|>## Return of functions.weather:0\nwet{END}"
    expected = f"{USER}Rain?{END}{ASSISTANT}<think>look it up</think>{CALLED}{END}{result}{ASSISTANT}<think>"
    assert written(CALLING) == expected
    answered = [*CALLING, {"role": "assistant", "content": "Yes."}, says("Snow?")]
    assert f"<think></think>{CALLED}" in written(answered)
    assert f"<think></think>{CALLED}" in written(CALLING, thinking=False)


def test_arguments_may_be_an_object_and_a_call_without_id_is_numbered() -> None:
    calls = [
        {"function": {"name": "f", "arguments": {"ä": 1}}},
        {"function": {"name": "g", "arguments": "{}"}},
    ]
    text = written([*CALLING, {"role": "assistant", "content": "", "tool_calls": calls}])
    assert 'functions.f:1<|tool_call_argument_begin|>{"ä": 1}<|tool_call_end|>' in text
    assert "functions.g:2<|tool_call_argument_begin|>{}<|tool_call_end|>" in text


def test_a_name_stands_in_the_roles_place() -> None:
    named = [
        {"role": "user", "name": "ada", "content": "x"},
        {"role": "tool", "name": "weather", "tool_call_id": "1", "content": "y"},
    ]
    assert written(named).startswith(
        f"<|im_user|>ada<|im_middle|>x{END}<|im_system|>weather<|im_middle|>## Return of 1\ny{END}"
    )


def test_tools_are_declared_before_everything() -> None:
    tools = [{"type": "function", "function": {"name": "f", "parameters": {}}}]
    declared = "# Tools\n\n## functions\nnamespace functions {\ntype f = (_: {}) => any;\n}\n"
    assert (
        written(HI, tools=tools)
        == f"<|im_system|>tool_declare<|im_middle|>{declared}{END}{written(HI)}"
    )


def test_sampling_follows_the_mode() -> None:
    assert (choose_sampling(True).temperature, choose_sampling(True).top_p) == (1.0, 0.95)
    assert (choose_sampling(False).temperature, choose_sampling(False).top_p) == (0.6, 0.95)


@pytest.mark.parametrize(
    ("messages", "sentence"),
    [
        ([{"content": "x"}], r"messages\[0\].role is None; it must be a string such as user"),
        (
            [says("x"), {"role": "user", "content": 3}],
            r"messages\[1\].content is int; it must be a string or a list of parts",
        ),
        (
            [{"role": "user", "content": [{"type": "audio"}]}],
            r"messages\[0\].content\[0\] has type 'audio' and no text; use",
        ),
        (
            [{"role": "assistant", "tool_calls": [{}]}],
            r"messages\[0\].tool_calls\[0\] has no function with a name",
        ),
    ],
)
def test_a_message_that_cannot_be_written_is_named(
    messages: list[dict[str, object]], sentence: str
) -> None:
    with pytest.raises(ChatError, match=sentence):
        render(messages)


@pytest.mark.parametrize("thinking", [True, False])
@pytest.mark.parametrize("preserve", [True, False])
@pytest.mark.parametrize(
    "messages", [HI, HISTORY, CALLING, [{"role": "user", "content": [PICTURE, {"text": "x"}]}]]
)
def test_a_checkpoints_template_writes_the_same(
    random_checkpoint: Path, messages: list[dict[str, object]], thinking: bool, preserve: bool
) -> None:
    environment = Environment(trim_blocks=True, lstrip_blocks=True)
    environment.filters["tojson"] = lambda value, **wishes: json.dumps(
        value, ensure_ascii=False, **wishes
    )
    template = environment.from_string((random_checkpoint / "chat_template.jinja").read_text())
    spoken = [
        {**m, "reasoning_content": m.get("reasoning_content") or m.get("reasoning")}
        for m in messages
    ]
    wishes = {"thinking": thinking, "preserve_thinking": preserve}
    assert template.render(messages=spoken, add_generation_prompt=True, **wishes) == written(
        messages, **wishes
    )
