"""A `ModelClient` for our engine in this process; all runs with one checkpoint share its batch."""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from inference.chat.answer import AnswerReader
from inference.chat.template import ChatError, choose_sampling
from inference.checkpoint.json_fields import CheckpointError
from inference.client.shipped import find_folder, read_task
from inference.engine.grammar import GrammarError, TokenMask
from inference.engine.live import Busy, RequestError
from inference.engine.scheduler import Limits
from inference.engine.sequence import Request, Sampling, Update
from inference.engine.service import Service, open_service
from inference.types import (
    Chunk,
    Finished,
    ImagePart,
    Message,
    ModelError,
    ModelRequest,
    Task,
    Usage,
)

POLL = 0.1  # seconds between checks of `cancelled`
# Room for two conversations with a large mockup and 16k tokens of code, or for many small ones.
LIMITS = Limits(blocks=2560)

_services: dict[Path, Service] = {}
_lock = threading.Lock()


class LocalClient:
    """A client of the engine for one checkpoint.

    The engine stays in memory until the process ends, because the next run needs it too.
    """

    def __init__(self, name_or_path: str, *, patience: float = 120.0) -> None:
        """Open the folder of a checkpoint, or one that ships with Likeness. Raises ModelError."""
        folder = find_folder(name_or_path)
        self._service = get_shared_service(folder)
        self._task = read_task(folder)
        self._patience = patience

    @property
    def name(self) -> str:
        return self._service.name

    @property
    def task(self) -> Task:
        return self._task

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        """Yield chunks as they arrive, then `Finished`; the answer is cut to fit the context."""
        updates: queue.SimpleQueue[Update] = queue.SimpleQueue()
        engine_request = self._make_request(request)
        prompt_tokens = len(engine_request.prompt)
        ticket = self._submit(engine_request, updates.put, cancelled)
        if ticket is None:
            yield Finished("cancelled", Usage())
            return
        reader = AnswerReader(request.thinking)
        generated = 0
        reported = 0  # tokens counted in the chunks so far
        cached = 0
        try:
            while not cancelled():
                try:
                    update = updates.get(timeout=POLL)
                except queue.Empty:
                    continue
                generated += len(update.tokens)
                cached = update.cached
                parts = [part for token in update.tokens for part in reader.read(token)]
                for part in (*parts, *reader.text(update.text)):
                    if part.kind == "thinking" or part.kind == "answer":
                        yield Chunk(part.kind, part.text, generated - reported)
                        reported = generated
                if update.finish == "error":
                    raise ModelError(
                        f"The engine failed on this request to {self.name}; see the worker's log."
                    )
                if update.finish:
                    yield Finished(update.finish, Usage(prompt_tokens, generated, cached))
                    return
            yield Finished("cancelled", Usage(prompt_tokens, generated, cached))
        finally:
            self._service.live.cancel(ticket)

    def close(self) -> None:
        """Do nothing: the engine is shared."""

    def _make_request(self, request: ModelRequest) -> Request:
        if request.tools:
            raise ModelError(
                "The engine in this process calls no tools; serve it with `python -m inference serve`.",
                kind="refused",
                status=501,
            )
        messages = [_build_message(message) for message in request.messages]
        pictures = {
            f"messages[{index}].parts[{part_index}]": part.data
            for index, message in enumerate(request.messages)
            for part_index, part in enumerate(message.parts)
            if isinstance(part, ImagePart)
        }
        try:
            prompt, placed = self._service.prompt(messages, pictures, thinking=request.thinking)
            mask = self._build_mask(request)
        except ChatError as error:
            raise ModelError(str(error)) from None
        except GrammarError as error:
            raise ModelError(f"The form of the answer cannot be followed: {error}.") from None
        room = self._service.live.engine.context - len(prompt)
        return Request(
            prompt=tuple(prompt),
            pictures=tuple(placed),
            sampling=_choose_sampling(request),
            max_tokens=max(1, min(request.max_tokens, room)),
            stop_ids=self._service.stop_ids,
            mask=mask,
        )

    def _build_mask(self, request: ModelRequest) -> TokenMask | None:
        """Return what holds the answer to the request's pattern or schema. Raises GrammarError."""
        if request.pattern:
            return self._service.grammar.pattern(request.pattern, thinking=request.thinking)
        if request.schema is not None:
            return self._service.grammar.mask(request.schema, thinking=request.thinking)
        return None

    def _submit(
        self, request: Request, receive: Callable[[Update], None], cancelled: Callable[[], bool]
    ) -> int | None:
        """Queue the request and return its ticket; None if cancelled while the queue was full."""
        since = time.monotonic()
        while not cancelled():
            try:
                return self._service.live.submit(receive, request)[0]
            except RequestError as error:
                raise ModelError(str(error)) from None
            except Busy as error:
                if time.monotonic() - since > self._patience:
                    raise ModelError(f"{self.name} is busy: {error}") from None
                time.sleep(POLL)
        return None


def get_shared_service(folder: Path) -> Service:
    """Return the engine for `folder`, opened on first use. Raises ModelError."""
    with _lock:
        if folder not in _services:
            try:
                _services[folder] = open_service(folder, limits=LIMITS)
            except CheckpointError as error:
                raise ModelError(str(error)) from None
        return _services[folder]


def _choose_sampling(request: ModelRequest) -> Sampling:
    default = choose_sampling(request.thinking)
    return Sampling(
        temperature=default.temperature if request.temperature is None else request.temperature,
        top_p=default.top_p if request.top_p is None else request.top_p,
        seed=secrets.randbits(63) if request.seed is None else request.seed,
    )


def _build_message(message: Message) -> dict[str, Any]:
    """Return the message in the form of the HTTP client, so that both produce the same prompt."""
    if any(isinstance(part, ImagePart) for part in message.parts):
        parts = [
            {"type": "image_url"}
            if isinstance(part, ImagePart)
            else {"type": "text", "text": part.text}
            for part in message.parts
        ]
        return {"role": message.role, "content": parts}
    texts = [part.text for part in message.parts if not isinstance(part, ImagePart)]
    return {"role": message.role, "content": "\n\n".join(texts)}
