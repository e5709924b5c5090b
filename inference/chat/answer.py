"""An answer's tokens to what they are: thought, text, calls of tools. Knows nothing of HTTP.

Marks decide, not text: `</think>` that was typed as text is text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from inference.engine.sequence import Token

State = Literal["thinking", "answer", "calls", "name", "arguments", "over"]


@dataclass(frozen=True)
class AnswerPart:
    """`call`: a tool's call begins, `text` being its id; `arguments`: some of its JSON. `index`:
    which call.
    """

    kind: Literal["thinking", "answer", "call", "arguments"]
    text: str
    index: int = 0
    name: str = ""  # of the tool


@dataclass
class AnswerReader:
    """One answer; `state` is what the next text is.

    `taken`: ids of earlier calls, which no call of this answer gets again; grows with the answer.
    """

    thinking: bool
    taken: set[str] = field(default_factory=set)
    state: State = field(init=False)
    calls: int = 0
    thought_tokens: int = 0
    _name: str = ""

    def __post_init__(self) -> None:
        self.state = "thinking" if self.thinking else "answer"

    def read(self, token: Token) -> Iterator[AnswerPart]:
        self.thought_tokens += self.state == "thinking"
        yield from self.text(token.text)
        if token.mark:
            yield from self._mark(token.mark)

    def text(self, text: str) -> Iterator[AnswerPart]:
        if not text:
            return
        if self.state == "thinking" or self.state == "answer":
            yield AnswerPart(self.state, text)
        elif self.state == "arguments":
            yield AnswerPart("arguments", text, self.calls - 1)
        elif self.state == "name":
            self._name += text

    def _mark(self, mark: str) -> Iterator[AnswerPart]:
        if mark == "</think>" and self.state == "thinking":
            self.state = "answer"
        elif mark == "<|tool_calls_section_begin|>":
            # Also out of thinking: the model sometimes calls a tool without ending its thought.
            self.state = "calls"
        elif mark == "<|tool_call_begin|>" and self.state == "calls":
            self.state, self._name = "name", ""
        elif mark == "<|tool_call_argument_begin|>" and self.state == "name":
            yield self._call()
            self.state = "arguments"
        elif mark == "<|tool_call_end|>" and self.state in ("name", "arguments"):
            if self.state == "name":
                yield self._call()
            self.state = "calls"
        elif mark == "<|tool_calls_section_end|>":
            # What follows the calls is noise; so the model was trained, and so others read it.
            self.state = "over"

    def _call(self) -> AnswerPart:
        told = self._name.strip()
        head, colon, number = told.rpartition(":")
        named = head if colon and number.isdigit() else told
        id, following = told, len(self.taken)
        while id in self.taken:
            id = f"{named}:{following}"
            following += 1
        self.taken.add(id)
        self.calls += 1
        return AnswerPart("call", id, self.calls - 1, named.removeprefix("functions."))
