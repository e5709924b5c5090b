"""Messages to the tokens K2.6 was trained on: headers, pictures' places, thinking, tools. Knows
nothing of torch.

Messages are OpenAI's dicts. What people and tools wrote is never read as markup: `<|im_end|>` in a
text stays text.
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
    """The conversation cannot be written down: `field` (None: no field's fault) and what is wrong
    with it.

    The message begins with the field.
    """

    def __init__(self, field: str | None, fault: str) -> None:
        super().__init__(f"{field} {fault}" if field else fault)
        self.field = field


@dataclass(frozen=True)
class PromptPiece:
    """Some of the prompt: one special token, or text that is no markup whatever it looks like."""

    text: str
    special: bool = False


@dataclass(frozen=True)
class SamplingDefaults:
    temperature: float
    top_p: float


def choose_sampling(thinking: bool) -> SamplingDefaults:
    """K2.6's own: temperature 1.0 when it thinks, 0.6 when it does not; top_p 0.95."""
    return SamplingDefaults(TEMPERATURE[thinking], TOP_P)


def stop_ids(config: KimiConfig, tokenizer: Tokenizer) -> frozenset[int]:
    """The tokens that end an answer: `<|im_end|>`, and those the checkpoint names."""
    return frozenset({*config.stop_token_ids, tokenizer.special("<|im_end|>")})


def render(
    messages: Sequence[Message],
    *,
    tools: Sequence[Mapping[str, Any]] = (),
    thinking: bool = True,
    preserve_thinking: bool = False,
    continue_final: bool = False,
) -> list[PromptPiece]:
    """The prompt, up to where the model goes on writing: after `<think>`, or after an empty one in
    instant mode.

    `continue_final`: the last message is the beginning of the answer, and the model goes on at its
    end.

    Reasoning of earlier turns is left out unless `preserve_thinking`; that of tool calls since the
    last answer stays. Raises ChatError.
    """
    pieces: list[PromptPiece] = []
    if tools:
        try:
            declared = declare(tools)
        except ToolError as error:
            raise ChatError(error.field, error.fault) from None
        pieces += [
            _mark("<|im_system|>"),
            PromptPiece("tool_declare"),
            _mark("<|im_middle|>"),
            PromptPiece(declared),
            _mark("<|im_end|>"),
        ]
    past = -1 if preserve_thinking else _find_last_answer(messages)
    calls = 0
    for index, message in enumerate(messages):
        where = f"messages[{index}]"
        if continue_final and index == len(messages) - 1:
            return [*pieces, *_beginning(message, where, thinking)]
        role = message.get("role")
        if not isinstance(role, str) or not role:
            allowed = "it must be a string such as user, assistant, system or tool"
            raise ChatError(f"{where}.role", f"is {role!r}; {allowed}.")
        pieces += _make_header(role, message.get("name") or role)
        if role == "assistant":
            reasoning = message.get("reasoning_content") or message.get("reasoning") or ""
            pieces += _make_thought(reasoning if thinking and index > past else "")
        elif role == "tool":
            pieces.append(PromptPiece(f"## Return of {message.get('tool_call_id', '')}\n"))
        pieces += _make_content(message.get("content"), f"{where}.content")
        if message.get("tool_calls"):
            pieces += _make_tool_calls(message["tool_calls"], calls, f"{where}.tool_calls")
            calls += len(message["tool_calls"])
        pieces.append(_mark("<|im_end|>"))
    opening = [_mark("<think>")] if thinking else _make_thought("")
    return [*pieces, *_make_header("assistant", "assistant"), *opening]


def begins_in_thought(messages: Sequence[Message], *, thinking: bool, continue_final: bool) -> bool:
    """Whether the first token that the model writes belongs to its thought."""
    if not continue_final:
        return thinking
    return thinking and not messages[-1].get("content")


def _beginning(message: Message, where: str, thinking: bool) -> list[PromptPiece]:
    """An answer's beginning, left open: within its thought while nothing was said yet."""
    if message.get("role") != "assistant" or message.get("tool_calls"):
        raise ChatError(
            where, "cannot be continued; it must be an assistant's message without calls."
        )
    reasoning = message.get("reasoning_content") or message.get("reasoning") or ""
    header = _make_header("assistant", message.get("name") or "assistant")
    if thinking and not message.get("content"):
        return [*header, _mark("<think>"), PromptPiece(reasoning)]
    return [
        *header,
        *_make_thought(reasoning if thinking else ""),
        *_make_content(message.get("content"), f"{where}.content"),
    ]


def join_text(pieces: Sequence[PromptPiece]) -> str:
    return "".join(piece.text for piece in pieces)


def encode(pieces: Sequence[PromptPiece], tokenizer: Tokenizer) -> list[int]:
    """The prompt's tokens, one `<|media_pad|>` for each picture; raises ChatError for a video."""
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
    """The last assistant message that called no tool; -1 when there is none."""
    answers = (
        i
        for i, m in enumerate(messages)
        if m.get("role") == "assistant" and not m.get("tool_calls")
    )
    return max(answers, default=-1)


def _make_content(content: Any, where: str) -> Iterator[PromptPiece]:
    if content is None:
        return
    if isinstance(content, str):
        yield PromptPiece(content)
        return
    if not isinstance(content, list):
        raise ChatError(
            where, f"is {type(content).__name__}; it must be a string or a list of parts."
        )
    for index, part in enumerate(content):
        kind = part.get("type") if isinstance(part, Mapping) else None
        if kind in ("image", "image_url"):
            marks = (
                "<|media_begin|>",
                "image",
                "<|media_content|>",
                "<|media_pad|>",
                "<|media_end|>",
            )
            yield from (PromptPiece(mark, special=mark != "image") for mark in marks)
            yield PromptPiece("\n")
        elif kind in ("video", "video_url"):
            yield from (_mark(VIDEO), PromptPiece("\n"))
        elif isinstance(part, Mapping) and isinstance(part.get("text"), str):
            yield PromptPiece(part["text"])
        else:
            raise ChatError(
                f"{where}[{index}]",
                f"has type {kind!r} and no text; use text, image_url or video_url.",
            )


def _make_tool_calls(calls: Any, before: int, where: str) -> Iterator[PromptPiece]:
    """`before`: calls earlier in the conversation, for the id of one that has none."""
    yield _mark("<|tool_calls_section_begin|>")
    for index, call in enumerate(calls):
        function = call.get("function") if isinstance(call, Mapping) else None
        if not isinstance(function, Mapping) or "name" not in function:
            raise ChatError(f"{where}[{index}]", "has no function with a name.")
        arguments = function.get("arguments", "")
        yield _mark("<|tool_call_begin|>")
        yield PromptPiece(str(call.get("id") or f"functions.{function['name']}:{before + index}"))
        yield _mark("<|tool_call_argument_begin|>")
        yield PromptPiece(
            arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
        )
        yield _mark("<|tool_call_end|>")
    yield _mark("<|tool_calls_section_end|>")
