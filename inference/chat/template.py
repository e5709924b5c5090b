"""The chat template of K2.6: messages to tokens. Without torch.

Messages are dicts in OpenAI's format. Text from people and tools is never read as markup: the text
`<|im_end|>` stays text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from inference.chat.tokenizer import Tokenizer
from inference.chat.tools import ToolError, declare
from inference.checkpoint.config import KimiConfig
from inference.client.dialects import TEMPERATURE, TOP_P

VIDEO = "<|kimi_k25_video_placeholder|>"
HEADERS = {"user": "<|im_user|>", "assistant": "<|im_assistant|>"}

Message = Mapping[str, Any]


class ChatError(Exception):
    """The conversation is invalid; `field` and the message name the field at fault, if any."""

    def __init__(self, field: str | None, fault: str) -> None:
        super().__init__(f"{field} {fault}" if field else fault)
        self.field = field


@dataclass(frozen=True)
class PromptPiece:
    """A part of the prompt: one special token, or text that is never read as markup."""

    text: str
    special: bool = False


@dataclass(frozen=True)
class SamplingDefaults:
    """The sampling that K2.6 recommends."""

    temperature: float
    top_p: float


def choose_sampling(thinking: bool) -> SamplingDefaults:
    """Return K2.6's defaults: temperature 1.0 with thinking and 0.6 without, top_p 0.95."""
    return SamplingDefaults(TEMPERATURE[thinking], TOP_P)


def stop_ids(config: KimiConfig, tokenizer: Tokenizer) -> frozenset[int]:
    """Return the tokens that end an answer: `<|im_end|>` and those in the checkpoint's config."""
    return frozenset({*config.stop_token_ids, tokenizer.special("<|im_end|>")})


def render(
    messages: Sequence[Message],
    *,
    tools: Sequence[Mapping[str, Any]] = (),
    thinking: bool = True,
    preserve_thinking: bool = False,
) -> list[PromptPiece]:
    """Return the prompt: all messages and the header of the answer.

    The prompt ends with `<think>`, or without `thinking` with an empty thought. Reasoning of
    earlier turns is left out unless `preserve_thinking`; reasoning of tool calls since the last
    answer stays. Raises ChatError.
    """
    pieces = _make_tools(tools) if tools else []
    last_answer = -1 if preserve_thinking else _find_last_answer(messages)
    calls = 0
    for index, message in enumerate(messages):
        keeps_reasoning = thinking and index > last_answer
        pieces += _make_message(message, f"messages[{index}]", calls, keeps_reasoning)
        calls += len(message.get("tool_calls") or ())
    opening = [_mark("<think>")] if thinking else _make_thought("")
    return [*pieces, *_make_header("assistant", "assistant"), *opening]


def _make_tools(tools: Sequence[Mapping[str, Any]]) -> list[PromptPiece]:
    try:
        declaration = declare(tools)
    except ToolError as error:
        raise ChatError(error.field, error.fault) from None
    return [
        _mark("<|im_system|>"),
        PromptPiece("tool_declare"),
        _mark("<|im_middle|>"),
        PromptPiece(declaration),
        _mark("<|im_end|>"),
    ]


def _make_message(
    message: Message, field: str, calls: int, keeps_reasoning: bool
) -> Iterator[PromptPiece]:
    """Yield the pieces of one message; `calls`: tool calls earlier in the conversation."""
    role = message.get("role")
    if not isinstance(role, str) or not role:
        allowed = "it must be a string such as user, assistant, system or tool"
        raise ChatError(f"{field}.role", f"is {role!r}; {allowed}.")
    yield from _make_header(role, message.get("name") or role)
    if role == "assistant":
        reasoning = message.get("reasoning_content") or message.get("reasoning") or ""
        yield from _make_thought(reasoning if keeps_reasoning else "")
    elif role == "tool":
        yield PromptPiece(f"## Return of {message.get('tool_call_id', '')}\n")
    yield from _make_content(message.get("content"), f"{field}.content")
    if message.get("tool_calls"):
        yield from _make_tool_calls(message["tool_calls"], calls, f"{field}.tool_calls")
    yield _mark("<|im_end|>")


def join_text(pieces: Sequence[PromptPiece]) -> str:
    return "".join(piece.text for piece in pieces)


def encode(pieces: Sequence[PromptPiece], tokenizer: Tokenizer) -> list[int]:
    """Return the prompt's tokens, with one `<|media_pad|>` for each picture.

    Raises ChatError for a video.
    """
    ids: list[int] = []
    for special, run in groupby(pieces, key=lambda piece: piece.special):
        if special:
            ids += [_get_token_id(piece.text, tokenizer) for piece in run]
        else:
            ids += tokenizer.encode("".join(piece.text for piece in run))
    return ids


def _get_token_id(name: str, tokenizer: Tokenizer) -> int:
    if name == VIDEO:
        raise ChatError(None, "Videos are not supported; send pictures of single frames.")
    return tokenizer.special(name)


def _mark(name: str) -> PromptPiece:
    return PromptPiece(name, special=True)


def _make_header(role: str, name: str) -> list[PromptPiece]:
    return [
        _mark(HEADERS.get(role, "<|im_system|>")),
        PromptPiece(str(name)),
        _mark("<|im_middle|>"),
    ]


def _make_thought(reasoning: str) -> list[PromptPiece]:
    return [_mark("<think>"), PromptPiece(reasoning), _mark("</think>")]


def _find_last_answer(messages: Sequence[Message]) -> int:
    """Return the index of the last assistant message without tool calls; -1 if there is none."""
    last = -1
    for index, message in enumerate(messages):
        if message.get("role") == "assistant" and not message.get("tool_calls"):
            last = index
    return last


def _make_content(content: Any, field: str) -> Iterator[PromptPiece]:
    if content is None:
        return
    if isinstance(content, str):
        yield PromptPiece(content)
        return
    if not isinstance(content, list):
        raise ChatError(
            field, f"is {type(content).__name__}; it must be a string or a list of parts."
        )
    for index, part in enumerate(content):
        kind = part.get("type") if isinstance(part, Mapping) else None
        if kind in ("image", "image_url"):
            yield _mark("<|media_begin|>")
            yield PromptPiece("image")
            yield _mark("<|media_content|>")
            yield _mark("<|media_pad|>")
            yield _mark("<|media_end|>")
            yield PromptPiece("\n")
        elif kind in ("video", "video_url"):
            yield _mark(VIDEO)
            yield PromptPiece("\n")
        elif isinstance(part, Mapping) and isinstance(part.get("text"), str):
            yield PromptPiece(part["text"])
        else:
            raise ChatError(
                f"{field}[{index}]",
                f"has type {kind!r} and no text; use text, image_url or video_url.",
            )


def _make_tool_calls(calls: Any, before: int, field: str) -> Iterator[PromptPiece]:
    """Yield the pieces of a message's tool calls.

    `before` is the number of earlier calls, from which a call without an id gets its id.
    """
    yield _mark("<|tool_calls_section_begin|>")
    for index, call in enumerate(calls):
        function = call.get("function") if isinstance(call, Mapping) else None
        if not isinstance(function, Mapping) or "name" not in function:
            raise ChatError(f"{field}[{index}]", "has no function with a name.")
        arguments = function.get("arguments", "")
        yield _mark("<|tool_call_begin|>")
        yield PromptPiece(str(call.get("id") or f"functions.{function['name']}:{before + index}"))
        yield _mark("<|tool_call_argument_begin|>")
        yield PromptPiece(
            arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
        )
        yield _mark("<|tool_call_end|>")
    yield _mark("<|tool_calls_section_end|>")
