"""Parser of a chat completion's stream: server-sent events to chunks. Independent of sockets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from inference.client.limits import AnswerLimits
from inference.client.tool_calls import CallReader
from inference.types import Chunk, ModelError, Usage

OPEN, CLOSE = "<think>", "</think>"
MOST_TOKENS = 10**9  # the highest token count of a server that is used


class PeerError(Exception):
    """The stream contains an error or is invalid.

    `sentence` is for people, `words` is the server's text for the log.
    """

    def __init__(self, sentence: str, words: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.words = words


@dataclass(slots=True)
class Reader:
    """The state of one stream. Takes lines; collects usage and the reason for the end."""

    limits: AnswerLimits = field(default_factory=AnswerLimits)
    reason: Literal["stop", "length"] | None = None
    usage: Usage = field(default_factory=Usage)
    done: bool = False
    inline: InlineThinking = field(default_factory=lambda: InlineThinking())
    reported: int = 0  # tokens counted in the chunks so far
    lengths: dict[str, int] = field(default_factory=lambda: {"answer": 0, "thinking": 0})
    calls: CallReader = field(default_factory=CallReader)

    def read_line(self, line: str) -> Iterator[Chunk]:
        """Yield the chunks of one line. Raises PeerError, and ModelError for too long answers."""
        if not line.startswith("data:"):
            return
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            self.done = True
            yield from map(self._count, self.inline.flush())
            return
        event = _parse(data)
        if "error" in event:
            raise PeerError(
                "The model server stopped with an error; see the log.", str(event["error"])
            )
        self._read_usage(event.get("usage"))
        for choice in _get_objects(event.get("choices")):
            for chunk in self._read_delta(_get_object(choice.get("delta"))):
                # 0 unless the server reports its count with every chunk.
                tokens = self.usage.completion_tokens - self.reported
                self.reported = self.usage.completion_tokens
                yield replace(self._count(chunk), tokens=tokens)
            if reason := choice.get("finish_reason"):
                self.reason = "length" if reason == "length" else "stop"

    def _read_delta(self, delta: dict[str, Any]) -> Iterator[Chunk]:
        thought = _get_text(delta.get("reasoning_content")) or _get_text(delta.get("reasoning"))
        if thought:
            yield Chunk("thinking", thought)
        if content := _get_text(delta.get("content")):
            yield from self.inline.split(content)
        for piece in _get_objects(delta.get("tool_calls")):
            self.calls.read(piece, self.limits.answer)

    def _count(self, chunk: Chunk) -> Chunk:
        """Return the same chunk. Raises ModelError when the text exceeds its limit."""
        self.lengths[chunk.kind] += len(chunk.text)
        most = self.limits.answer if chunk.kind == "answer" else self.limits.thinking
        if self.lengths[chunk.kind] > most:
            setting = f"MODEL_{chunk.kind.upper()}_KILOBYTES"
            sentence = (
                f"The model's {chunk.kind} is longer than {most / 1000:,.0f} kB, "
                f"the limit set by {setting}."
            )
            raise ModelError(sentence, kind="too large")
        return chunk

    def _read_usage(self, value: Any) -> None:
        usage = _get_object(value)
        if usage:
            details = _get_object(usage.get("prompt_tokens_details"))
            cached = details.get("cached_tokens")
            self.usage = Usage(
                _get_count(usage.get("prompt_tokens")),
                _get_count(usage.get("completion_tokens")),
                _get_count(cached) or _get_count(usage.get("cached_tokens")),
            )


class InlineThinking:
    """Splits an answer that contains `<think>…</think>` into thinking and answer.

    Servers without a reasoning parser send thinking in this form.
    """

    def __init__(self) -> None:
        self._kind: Literal["start", "thinking", "answer"] = "start"
        self._pending = ""  # may be the beginning of a tag

    def split(self, text: str) -> Iterator[Chunk]:
        """Yield the chunks of one piece of text."""
        text = self._pending + text
        self._pending = ""
        if self._kind == "start":
            stripped = text.lstrip()
            if len(stripped) < len(OPEN) and OPEN.startswith(stripped):
                # White space at the start can be dropped: a tag or the answer follows it.
                self._pending = stripped
                return
            self._kind = "thinking" if stripped.startswith(OPEN) else "answer"
            text = stripped.removeprefix(OPEN) if self._kind == "thinking" else text
        if self._kind == "thinking":
            thought, closed, text = text.partition(CLOSE)
            if not closed:
                end = len(thought) - count_overlap(thought, CLOSE)
                self._pending = thought[end:]
                thought = thought[:end]
            if thought:
                yield Chunk("thinking", thought)
            if not closed:
                return
            self._kind = "answer"
        if text:
            yield Chunk("answer", text)

    def flush(self) -> Iterator[Chunk]:
        """Yield the pending text once the stream has ended."""
        if self._pending:
            yield Chunk("thinking" if self._kind == "thinking" else "answer", self._pending)
            self._pending = ""


def count_overlap(text: str, marker: str) -> int:
    """Return how many characters at the end of `text` may be the beginning of `marker`."""
    longest = min(len(text), len(marker) - 1)
    for length in range(longest, 0, -1):
        if marker.startswith(text[-length:]):
            return length
    return 0


def _parse(data: str) -> dict[str, Any]:
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict):
        raise PeerError(
            "The model server sent a line that is not a JSON object; see the log.", data
        )
    return event


def _get_object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _get_objects(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, dict)]


def _get_text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _get_count(value: Any) -> int:
    return min(value, MOST_TOKENS) if isinstance(value, int) and value > 0 else 0
