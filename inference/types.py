"""The types of all model clients: messages in, chunks out. Without HTTP, torch or Django."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class TextPart:
    """A text in a message."""

    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An encoded image in a message; `media_type` is its MIME type, e.g. `image/png`."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool that a model may call; `schema` is the JSON schema of its arguments."""

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model's call of a tool; `arguments` is JSON as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    `calls` are the tools that an assistant's message calls; a message of role "tool" answers the call
    of the id `answers`.
    """

    role: Literal["system", "user", "assistant", "tool"]
    parts: tuple[TextPart | ImagePart, ...]
    calls: tuple[ToolCall, ...] = ()
    answers: str = ""


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One request to a model.

    When `temperature` or `top_p` is None, K2.6's default for the mode is used: temperature 1.0
    with thinking and 0.6 without, top_p 0.95. `pattern` is a regular expression that the answer
    must match; it is for models of task "walk". `schema` is a JSON schema that the answer must
    match; a server that refuses it is asked without, and some ignore it. `tools`: what the model may
    call.
    """

    messages: tuple[Message, ...]
    thinking: bool = False
    max_tokens: int = 16_384
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    pattern: str | None = None
    schema: Mapping[str, Any] | None = None
    tools: tuple[ToolSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the stream: first the thinking, if it was requested, then the answer.

    `restarts`: the answer begins with this piece; the pieces before it were thinking, which was not
    known until the tag that closes it.
    """

    kind: Literal["thinking", "answer"]
    text: str
    tokens: int = 0  # generated since the last chunk, as the server counts; 0 if it does not report
    restarts: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """The token counts of one request."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0

    @property
    def computed_tokens(self) -> int:
        """The tokens that the server did not have in its cache."""
        return self.prompt_tokens - self.cached_tokens + self.completion_tokens

    def __sub__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens - other.prompt_tokens,
            self.completion_tokens - other.completion_tokens,
            self.cached_tokens - other.cached_tokens,
        )

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
        )


@dataclass(frozen=True, slots=True)
class Finished:
    """The last item of every stream that did not raise; `calls` are the tools to call now.

    `without_pictures`: the server refused the request's pictures, so the model did not see them.
    """

    reason: Literal["stop", "length", "cancelled"]
    usage: Usage
    without_pictures: bool = False
    calls: tuple[ToolCall, ...] = ()


# Why a model could not answer, so that callers can decide what to do.
ModelErrorKind = Literal[
    "failed",  # any other reason
    "denied",  # the connection is not allowed
    "unreachable",  # no connection
    "silent",  # no data for too long, or no end in time
    "interrupted",  # the connection ended in the middle of an answer
    "refused",  # an error status, in `status`
    "unreadable",  # the answer is in an unknown format
    "no models",  # the list of models is empty
    "too large",  # an answer, a line or a list exceeds its limit
    "declined",  # the model or its server's filter refused to answer
    "empty",  # the answer has no text
]
# Why there is no connection, for kind "unreachable".
UnreachableCause = Literal[
    "unknown",
    "host",  # no host has this name
    "refused",  # nothing listens at the port
    "timeout",  # no reply
    "certificate",  # not signed by a known authority, expired, or for another name
    "tls",  # the server does not speak TLS, or another version
    "plain",  # the server speaks no HTTP, perhaps because it expects TLS
    "proxy",  # the proxy cannot be reached or refuses
]
# What a server's error code says, for kind "refused".
RefusalReason = Literal[
    "",  # nothing beyond the status
    "too long",  # prompt and answer exceed the model's context
    "no credit",  # the account's credit or quota is used up
    "no model",  # it has no model of this name
    "busy",  # too many requests, or overloaded
]


class ModelError(Exception):
    """The model could not answer. The message is one sentence for the person who started the run.

    It contains no text from the model's server; that text is in the log. `usage`: what the request
    cost up to the error.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: ModelErrorKind = "failed",
        status: int | None = None,
        reason: RefusalReason = "",
        cause: UnreachableCause = "unknown",
        usage: Usage = Usage(),
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.reason = reason
        self.cause = cause
        self.usage = usage


# What a model generates: the code of a page, or labels in a walk over the layout tree
# (`studio.pipeline.labelling.model`).
Task = Literal["page", "walk"]


class ModelClient(Protocol):
    """One model behind one URL. `stream` yields chunks as they arrive and then `Finished`.

    `cancelled` is polled between chunks; once it returns true, the stream ends with reason
    `cancelled`. Raises `ModelError`.
    """

    @property
    def name(self) -> str: ...

    @property
    def task(self) -> Task: ...

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = ...
    ) -> Iterator[Chunk | Finished]: ...

    def close(self) -> None: ...
