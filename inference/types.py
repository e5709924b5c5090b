"""The words every model client speaks: messages in, chunks out. Knows nothing of HTTP, torch or
Django.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class TextPart:
    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An encoded picture; `media_type` is its MIME type, e.g. `image/png`."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Message:
    role: Literal["system", "user", "assistant"]
    parts: tuple[TextPart | ImagePart, ...]


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One turn. `temperature` and `top_p` of None: K2.6's defaults for the mode (thinking 1.0,
    instant 0.6; 0.95).
    """

    messages: tuple[Message, ...]
    thinking: bool = False
    max_tokens: int = 16_384
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    pattern: str | None = (
        None  # a regular expression that the answer follows; for models of task "walk"
    )


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the stream: thinking comes first (if asked for), then the answer."""

    kind: Literal["thinking", "answer"]
    text: str
    tokens: int = 0  # made since the last piece, as the server counts them; 0 where it does not say


@dataclass(frozen=True, slots=True)
class Usage:
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
        )


@dataclass(frozen=True, slots=True)
class Finished:
    """The last item of every stream that did not raise."""

    reason: Literal["stop", "length", "cancelled"]
    usage: Usage


# Why a model could not answer, for whoever has to decide on it.
ModelErrorKind = Literal[
    "failed",  # anything without a kind of its own
    "denied",  # the connection is not allowed
    "unreachable",  # no connection
    "silent",  # no byte for too long, or no end in time
    "interrupted",  # the connection ended in the middle of an answer
    "refused",  # an error status; `status` says which
    "unreadable",  # an answer in no form that is known
    "no models",  # a list of models without any
    "too large",  # an answer, a line or a list beyond its limit
]


class ModelError(Exception):
    """The model could not answer; the message is one sentence fit for the person who started the
    run.

    It holds no words of the model's server: those are in the log.
    """

    def __init__(
        self, message: str, *, kind: ModelErrorKind = "failed", status: int | None = None
    ) -> None:
        super().__init__(message)
        self.kind, self.status = kind, status


# What a model answers with: a page's code, or a walk over the layout tree
# (`studio.pipeline.labelling.model`).
Task = Literal["page", "walk"]


class ModelClient(Protocol):
    """One model behind one URL. `stream` yields chunks as they arrive and then `Finished`.

    `cancelled` is polled between chunks; once true the stream ends with reason `cancelled`.
    Raises `ModelError`.
    """

    @property
    def name(self) -> str: ...

    @property
    def task(self) -> Task: ...

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = ...
    ) -> Iterator[Chunk | Finished]: ...

    def close(self) -> None: ...
