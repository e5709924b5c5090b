"""A model's conversation with tools: it calls, gets results, and goes on until it stops calling.

Knows no page. Memory and tokens are bounded: results and old pictures are shortened.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inference.client.surrogates import join_halves, whole_characters
from inference.types import (
    Chunk,
    Finished,
    ImagePart,
    Message,
    ModelClient,
    ModelError,
    ModelRequest,
    TextPart,
    ToolCall,
    ToolSpec,
    Usage,
)
from studio.pipeline.tools.results import ToolError, ToolPicture, ToolResult

MAX_ANSWER = 16_384  # tokens of one turn; a long page with its styles is about 8,000
LONGEST_RESULT = 12_000  # characters; a dense mockup's lines have about 20,000
KEPT_TURNS = 2  # whose pictures stay in the conversation; one costs about 1,000 tokens
MOST_PICTURES = 4  # of one turn
MOST_WORDS = 80  # characters of a call in what people see
MOST_OUTCOME = 300  # characters of a result in what people see; a file may be one long line
NOT_CARRIED_OUT = "Not carried out: the run was stopped or its time is over."
PICTURES = "Pictures of the results above, in their order: {words}."
DROPPED = "(pictures of an earlier step were here)"


@dataclass(frozen=True, slots=True)
class AgentTool:
    """A tool of a conversation. `call` takes the arguments and raises ToolError."""

    spec: ToolSpec
    call: Callable[[Mapping[str, Any]], ToolResult]


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call that begins (`outcome` is empty) or has ended, in words for people."""

    name: str
    words: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer of the model. `cut`: it ran out of tokens."""

    text: str
    calls: tuple[ToolCall, ...] = ()
    cut: bool = False


class Conversation:
    """One conversation. `hear` gets the stream's chunks, `tell` the calls; `usage` is the sum."""

    def __init__(
        self,
        client: ModelClient,
        opening: Sequence[Message],
        tools: Sequence[AgentTool],
        *,
        thinking: bool = False,
        stop: Callable[[], bool] = lambda: False,
        hear: Callable[[Chunk], None] = lambda chunk: None,
        tell: Callable[[ToolUse], None] = lambda use: None,
    ) -> None:
        self.client, self.thinking, self.stop, self.hear, self.tell = (
            client,
            thinking,
            stop,
            hear,
            tell,
        )
        self.messages = list(opening)
        self.tools = {tool.spec.name: tool for tool in tools}
        self.usage = Usage()
        self.context = 0  # tokens of the last request and its answer

    def ask(self, tokens: int) -> Turn:
        """Return the model's next answer. Raises ModelError.

        `tokens` is what is left of the budget.
        """
        self._drop_old_pictures()
        try:
            text, finished = self._stream(max(1, min(MAX_ANSWER, tokens)))
        except ModelError as error:
            self.usage += error.usage
            raise
        calls: tuple[ToolCall, ...] = ()
        if finished is not None:
            self.usage += finished.usage
            self.context = finished.usage.prompt_tokens + finished.usage.completion_tokens
            calls = finished.calls if finished.reason != "cancelled" else ()
        parts = (TextPart(text),) if text or not calls else ()
        self.messages.append(Message("assistant", parts, calls))
        return Turn(text, calls, finished is not None and finished.reason == "length")

    def carry_out(self, turn: Turn) -> None:
        """Add the result of each call, and their pictures in one message: a tool's message is text.

        A turn may have many calls of many seconds each, so every one is asked for anew whether to stop.
        """
        shown: list[ToolPicture] = []
        for call in turn.calls:
            result = ToolResult(NOT_CARRIED_OUT) if self.stop() else self._call(call)
            text = result.text[:LONGEST_RESULT]
            self.messages.append(Message("tool", (TextPart(text),), answers=call.id))
            shown += result.pictures[: MOST_PICTURES - len(shown)]
        if shown:
            words = PICTURES.format(words="; ".join(picture.words for picture in shown))
            images = tuple(ImagePart(picture.png, "image/png") for picture in shown)
            self.messages.append(Message("user", (TextPart(words), *images)))

    def add(self, words: str) -> None:
        """Add a message to the model."""
        self.messages.append(Message("user", (TextPart(words),)))

    def begin_anew(self, opening: Sequence[Message]) -> None:
        """Forget the conversation and go on from `opening`."""
        self.messages = list(opening)
        self.context = 0

    def _stream(self, tokens: int) -> tuple[str, Finished | None]:
        request = ModelRequest(
            tuple(self.messages),
            thinking=self.thinking,
            max_tokens=tokens,
            tools=tuple(tool.spec for tool in self.tools.values()),
        )
        pieces: list[str] = []
        for item in whole_characters(self.client.stream(request, cancelled=self.stop)):
            if isinstance(item, Finished):
                return "".join(pieces), item
            self.hear(item)
            if item.restarts:
                pieces = []
            if item.kind == "answer":
                pieces.append(item.text)
        return "".join(pieces), None

    def _call(self, call: ToolCall) -> ToolResult:
        words = _describe_call(call)
        self.tell(ToolUse(call.name, words))
        try:
            result = self._find_tool(call.name).call(read_arguments(call))
        except ToolError as error:
            self.tell(ToolUse(call.name, words, str(error)[:MOST_OUTCOME]))
            return ToolResult(f"Error: {error}")
        first_line = result.text.partition("\n")[0]
        self.tell(ToolUse(call.name, words, first_line[:MOST_OUTCOME]))
        return result

    def _find_tool(self, name: str) -> AgentTool:
        if name not in self.tools:
            raise ToolError(f"There is no tool {name[:80]!r}; use one of {', '.join(self.tools)}.")
        return self.tools[name]

    def _drop_old_pictures(self) -> None:
        """Leave the opening's pictures and those of the last turns."""
        shown = [
            index
            for index, message in enumerate(self.messages)
            if index > 1 and _has_pictures(message)
        ]
        for index in shown[:-KEPT_TURNS]:
            message = self.messages[index]
            self.messages[index] = replace(message, parts=(TextPart(DROPPED),))


def _has_pictures(message: Message) -> bool:
    return any(isinstance(part, ImagePart) for part in message.parts)


def read_arguments(call: ToolCall) -> Mapping[str, Any]:
    """Return a call's arguments; raises ToolError when they are not a JSON object.

    Half characters that the JSON spells (\\ud83d) are joined or replaced, as those of text are.
    """
    try:
        arguments = json.loads(call.arguments or "{}")
        arguments = json.loads(join_halves(json.dumps(arguments, ensure_ascii=False)))
    except (ValueError, RecursionError):
        raise ToolError(
            f"The arguments of {call.name} are not JSON; send one JSON object."
        ) from None
    if not isinstance(arguments, dict):
        raise ToolError(f"The arguments of {call.name} are not an object; send one JSON object.")
    return arguments


def _describe_call(call: ToolCall) -> str:
    """Return the call's short arguments: 'path=index.html', 'width=390'."""
    try:
        arguments = read_arguments(call)
    except ToolError:
        return ""
    shown = [
        f"{name}={value}"
        for name, value in arguments.items()
        if isinstance(value, (int, float)) or (isinstance(value, str) and "\n" not in value)
    ]
    return ", ".join(shown)[:MOST_WORDS]
