"""Reads the tool calls of a chat completion's stream: pieces of arguments, by the call's index."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from inference.types import ModelError, ToolCall

MOST_CALLS = 64  # of one answer
LONGEST_NAME = 64  # characters, as in OpenAI's API


@dataclass(slots=True)
class _Started:
    id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CallReader:
    """The calls of one answer so far."""

    started: dict[int, _Started] = field(default_factory=dict)
    length: int = 0  # characters of all arguments

    def read(self, piece: dict[str, Any], most: int) -> None:
        """Add a piece of a call. Raises ModelError beyond `most` characters of arguments."""
        index = piece.get("index")
        if not isinstance(index, int):
            index = len(self.started)  # a server that sends each call whole
        if index not in self.started and len(self.started) >= MOST_CALLS:
            raise ModelError(
                f"The model calls more than {MOST_CALLS} tools at once.", kind="too large"
            )
        call = self.started.setdefault(index, _Started())
        function = piece.get("function")
        function = function if isinstance(function, dict) else {}
        call.id = call.id or _get_text(piece.get("id"))
        call.name = call.name or _get_text(function.get("name"))
        arguments = _get_text(function.get("arguments"))
        call.pieces.append(arguments)
        self.length += len(arguments)
        if self.length > most:
            raise ModelError(
                f"The arguments of the model's calls are longer than {most / 1000:,.0f} kB, the limit "
                "set by MODEL_ANSWER_KILOBYTES.",
                kind="too large",
            )

    def finish(self) -> tuple[ToolCall, ...]:
        """Return the calls in order; one without an id gets one, one without a name is left out."""
        return tuple(
            ToolCall(
                call.id or f"call_{uuid.uuid4().hex}",
                call.name[:LONGEST_NAME],
                "".join(call.pieces),
            )
            for _, call in sorted(self.started.items())
            if call.name
        )


def _get_text(value: Any) -> str:
    return value if isinstance(value, str) else ""
