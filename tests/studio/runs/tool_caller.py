"""A model that calls tools by a script, one step an answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

from inference.types import (
    Chunk,
    Finished,
    ImagePart,
    Message,
    ModelRequest,
    TextPart,
    ToolCall,
    Usage,
)

Step = str | Exception | list[tuple[str, dict[str, Any]]]
USAGE = Usage(100, 20)


class ToolCaller:
    """Says or calls what its script has; the last step repeats."""

    name, task = "caller", "page"

    def __init__(self, *steps: Step, usage: Usage = USAGE) -> None:
        self.steps, self.usage = steps, usage
        self.requests: list[ModelRequest] = []
        self.lock = threading.Lock()

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        with self.lock:
            self.requests.append(request)
            step = self.steps[min(len(self.requests), len(self.steps)) - 1]
            number = len(self.requests)
        if isinstance(step, Exception):
            raise step
        if isinstance(step, str):
            yield Chunk("answer", step)
            yield Finished("stop", self.usage)
            return
        calls = [
            ToolCall(f"call_{number}_{index}", name, json.dumps(arguments))
            for index, (name, arguments) in enumerate(step)
        ]
        yield Finished("stop", self.usage, calls=tuple(calls))

    def close(self) -> None: ...

    def results(self, request: int) -> list[str]:
        """Return the tools' results in this request, in order."""
        return [text_of(one) for one in self.requests[request].messages if one.role == "tool"]


def text_of(message: Message) -> str:
    return "".join(part.text for part in message.parts if isinstance(part, TextPart))


def count_pictures(message: Message) -> int:
    return sum(isinstance(part, ImagePart) for part in message.parts)
