"""What the streams of all protocols have in common: server-sent events to chunks.

Independent of sockets. Each protocol is a subclass that reads one event.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from inference.client.inline_thinking import InlineThinking
from inference.client.limits import AnswerLimits
from inference.client.refusals import Refusal
from inference.client.tool_calls import CallReader
from inference.types import Chunk, ModelError, Usage

MOST_TOKENS = 10**9  # the highest token count of a server that is used
# Why an answer ended. "tool": the model called a tool, perhaps although it was given none.
EndReason = Literal["stop", "length", "declined", "broken", "tool"]
# The names that servers use; all others mean "stop".
END_REASONS: dict[str, EndReason] = {
    "length": "length",
    "max_tokens": "length",
    "max_output_tokens": "length",
    "model_context_window_exceeded": "length",
    "content_filter": "declined",
    "refusal": "declined",
    "safety": "declined",
    "sensitive": "declined",  # Zhipu
    "recitation": "declined",  # Gemini
    "prohibited_content": "declined",
    "error": "broken",  # OpenRouter
    "abort": "broken",  # SGLang
    "network_error": "broken",
    "insufficient_system_resource": "broken",  # DeepSeek
    "tool_calls": "tool",
    "tool_use": "tool",
    "function_call": "tool",
}


class PeerError(Exception):
    """The stream contains an error or is invalid. `sentence` is for people, without its subject.

    `refusal` holds the fields of the server's error, and its text for the log.
    """

    def __init__(self, sentence: str, refusal: Refusal) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.refusal = refusal


class StreamReader(ABC):
    """The state of one stream. Takes lines; collects usage and the reason for the end."""

    def __init__(self, limits: AnswerLimits | None = None) -> None:
        self.reason: EndReason | None = None
        self.usage = Usage()
        self.done = False
        self.lengths = {"answer": 0, "thinking": 0}  # characters
        self._limits = limits or AnswerLimits()
        self.calls = CallReader()
        self._inline = InlineThinking()
        self._reported = 0  # tokens counted in the chunks so far
        self._thoughts: list[str] = []

    @property
    def has_answer(self) -> bool:
        return self.lengths["answer"] > 0

    def read_line(self, line: str) -> Iterator[Chunk]:
        """Yield the chunks of one line. Raises PeerError, and ModelError for too long answers."""
        name, _, data = line.partition(":")
        if line.startswith("{"):
            data = line  # an error without the form of an event
        elif name not in ("data", "error"):  # llama.cpp names an error so
            return
        data = data.strip()
        if data == "[DONE]":
            self.done = True
            return
        if not data:
            return
        event = parse_event(data)
        for chunk in self._read_event({"error": event} if name == "error" else event):
            # 0 unless the server reports its count with every chunk.
            tokens = self.usage.completion_tokens - self._reported
            self._reported = self.usage.completion_tokens
            yield replace(self._count(chunk), tokens=tokens)

    def read_body(self, text: str) -> Iterator[Chunk]:
        """Yield the chunks of an answer that came whole, as one JSON object."""
        for chunk in self._read_whole(parse_event(text)):
            yield self._count(chunk)
        self.done = True

    def finish(self) -> Iterator[Chunk]:
        """Yield what is left once the stream has ended.

        A server whose reasoning parser waits for a tag that never comes sends everything as
        thinking. An answer that ended by itself with nothing but thinking, and no tool's call, is therefore the
        answer.
        """
        for chunk in self._inline.flush():
            yield self._count(chunk)
        ended = self.reason == "stop" or (self.reason is None and self.done)
        if ended and not self.has_answer and not self.calls.started and self._thoughts:
            yield self._count(Chunk("answer", "".join(self._thoughts)))

    @abstractmethod
    def _read_event(self, event: dict[str, Any]) -> Iterator[Chunk]:
        """Yield the chunks of one event."""

    @abstractmethod
    def _read_whole(self, body: dict[str, Any]) -> Iterator[Chunk]:
        """Yield the chunks of a whole answer."""

    def _read_content(self, text: str) -> Iterator[Chunk]:
        return self._inline.split(text)

    def _read_thought(self, text: str) -> Iterator[Chunk]:
        self._inline.note_separate_thinking()
        yield Chunk("thinking", text)

    def _read_call(self, index: Any, id: Any, name: Any, arguments: Any) -> None:
        """Take a piece of a tool's call. Raises ModelError for too long ones."""
        function = {"name": name, "arguments": arguments}
        self.calls.read({"index": index, "id": id, "function": function}, self._limits.answer)

    def _end(self, reason: str) -> None:
        self.reason = END_REASONS.get(reason.lower(), "stop")

    def _count(self, chunk: Chunk) -> Chunk:
        """Return the same chunk. Raises ModelError when the text exceeds its limit."""
        if chunk.restarts:
            self.lengths["answer"] = 0
        if chunk.kind == "thinking":
            self._thoughts.append(chunk.text)
        self.lengths[chunk.kind] += len(chunk.text)
        most = self._limits.answer if chunk.kind == "answer" else self._limits.thinking
        if self.lengths[chunk.kind] > most:
            setting = f"MODEL_{chunk.kind.upper()}_KILOBYTES"
            sentence = (
                f"The model's {chunk.kind} is longer than {most / 1000:,.0f} kB, "
                f"the limit set by {setting}."
            )
            raise ModelError(sentence, kind="too large")
        return chunk


def parse_event(data: str) -> dict[str, Any]:
    """Return the JSON object of an event. Raises PeerError."""
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict):
        raise PeerError("sent a line that is not a JSON object; see the log", Refusal(0, data))
    return event


def get_object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def get_objects(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, dict)]


def get_text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def get_count(value: Any) -> int:
    return min(value, MOST_TOKENS) if isinstance(value, int) and value > 0 else 0
