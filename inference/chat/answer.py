"""Parser of an answer's tokens: thinking, text, tool calls. Independent of HTTP.

Only special tokens are markup: the text `</think>` is text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from inference.engine.sequence import Token

State = Literal["thinking", "answer", "calls", "name", "arguments", "over"]


@dataclass(frozen=True)
class AnswerPart:
    """A part of an answer.

    `call` is the start of a tool call; its `text` is the id, its `name` the tool. `arguments` is a
    piece of its JSON. `index` is the number of the call.
    """

    kind: Literal["thinking", "answer", "call", "arguments"]
    text: str
    index: int = 0
    name: str = ""  # of the tool


@dataclass
class AnswerReader:
    """The state of one answer; `state` is the kind of the next text."""

    thinking: bool
    state: State = field(init=False)
    calls: int = 0
    thought_tokens: int = 0  # tokens of thinking
    _name: str = ""

    def __post_init__(self) -> None:
        self.state = "thinking" if self.thinking else "answer"

    def read(self, token: Token) -> Iterator[AnswerPart]:
        """Yield the parts of one token."""
        if self.state == "thinking":
            self.thought_tokens += 1
        yield from self.text(token.text)
        if token.mark:
            yield from self._read_mark(token.mark)

    def text(self, text: str) -> Iterator[AnswerPart]:
        """Yield the part that this text is in the current state."""
        if not text:
            return
        if self.state == "thinking" or self.state == "answer":
            yield AnswerPart(self.state, text)
        elif self.state == "arguments":
            yield AnswerPart("arguments", text, self.calls - 1)
        elif self.state == "name":
            self._name += text

    def _read_mark(self, mark: str) -> Iterator[AnswerPart]:
        if mark == "</think>" and self.state == "thinking":
            self.state = "answer"
        elif mark == "<|tool_calls_section_begin|>":
            # Also from thinking: the model sometimes calls a tool without ending its thinking.
            self.state = "calls"
        elif mark == "<|tool_call_begin|>" and self.state == "calls":
            self.state = "name"
            self._name = ""
        elif mark == "<|tool_call_argument_begin|>" and self.state == "name":
            yield self._start_call()
            self.state = "arguments"
        elif mark == "<|tool_call_end|>" and self.state in ("name", "arguments"):
            if self.state == "name":
                yield self._start_call()
            self.state = "calls"
        elif mark == "<|tool_calls_section_end|>":
            # The model was trained without text after the calls, and other servers ignore it too.
            self.state = "over"

    def _start_call(self) -> AnswerPart:
        id = self._name.strip()
        name = id.split(":")[0].removeprefix("functions.")
        self.calls += 1
        return AnswerPart("call", id, self.calls - 1, name)
