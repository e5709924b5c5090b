"""Our own engine in this process as a ModelClient: all runs that name the same checkpoint share one
batch.
"""

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
from inference.engine.grammar import GrammarError
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

POLL = 0.1  # seconds between two looks at `cancelled`
# Two conversations of a large mockup and 16k tokens of code, or many small ones.
LIMITS = Limits(blocks=2560)

_services: dict[Path, Service] = {}
_lock = threading.Lock()


class LocalClient:
    """See `ModelClient`. The engine stays for as long as the process, for the next run will want it
    too.
    """

    def __init__(self, name_or_path: str, *, patience: float = 120.0) -> None:
        """A checkpoint's folder, or the name of one that ships with Likeness. Raises ModelError."""
        folder = find_folder(name_or_path)
        self._service = get_shared_service(folder)
        self._task, self._patience = read_task(folder), patience

    @property
    def name(self) -> str:
        return self._service.name

    @property
    def task(self) -> Task:
        return self._task

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        """Chunks as they come, then `Finished`; the answer is cut to what the context has room for."""
        updates: queue.SimpleQueue[Update] = queue.SimpleQueue()
        asked = self._request(request)
        ticket = self._submit(asked, updates.put, cancelled)
        if ticket is None:
            yield Finished("cancelled", Usage())
            return
        reader, made, cached, said = AnswerReader(request.thinking), 0, 0, 0
        try:
            while not cancelled():
                try:
                    update = updates.get(timeout=POLL)
                except queue.Empty:
                    continue
                made, cached = made + len(update.tokens), update.cached
                parts = [part for token in update.tokens for part in reader.read(token)]
                for part in (*parts, *reader.text(update.text)):
                    if part.kind == "thinking" or part.kind == "answer":
                        yield Chunk(part.kind, part.text, made - said)
                        said = made
                if update.finish == "error":
                    raise ModelError(
                        f"The engine failed on this request to {self.name}; the worker's log says why."
                    )
                if update.finish:
                    yield Finished(update.finish, Usage(len(asked.prompt), made, cached))
                    return
            yield Finished("cancelled", Usage(len(asked.prompt), made, cached))
        finally:
            self._service.live.cancel(ticket)

    def close(self) -> None:
        """Nothing is to be given back: the engine is shared."""

    def _request(self, request: ModelRequest) -> Request:
        messages = [_build_message(message) for message in request.messages]
        pictures = {
            f"messages[{index}].parts[{place}]": part.data
            for index, message in enumerate(request.messages)
            for place, part in enumerate(message.parts)
            if isinstance(part, ImagePart)
        }
        try:
            prompt, placed = self._service.prompt(messages, pictures, thinking=request.thinking)
            mask = self._service.grammar.pattern(request.pattern) if request.pattern else None
        except (ChatError, GrammarError) as error:
            raise ModelError(str(error)) from None
        usual = choose_sampling(request.thinking)
        return Request(
            prompt=tuple(prompt),
            pictures=tuple(placed),
            sampling=Sampling(
                temperature=usual.temperature
                if request.temperature is None
                else request.temperature,
                top_p=usual.top_p if request.top_p is None else request.top_p,
                seed=secrets.randbits(63) if request.seed is None else request.seed,
            ),
            max_tokens=max(
                1, min(request.max_tokens, self._service.live.engine.context - len(prompt))
            ),
            stop_ids=self._service.stop_ids,
            mask=mask,
        )

    def _submit(
        self, request: Request, receive: Callable[[Update], None], cancelled: Callable[[], bool]
    ) -> int | None:
        """The ticket; None when it was cancelled while the queue was full."""
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
    """The engine for `folder`, opened by whoever asks first. Raises ModelError."""
    with _lock:
        if folder not in _services:
            try:
                _services[folder] = open_service(folder, limits=LIMITS)
            except CheckpointError as error:
                raise ModelError(str(error)) from None
        return _services[folder]


def _build_message(message: Message) -> dict[str, Any]:
    """As the HTTP client writes it, so that both give the model the same prompt."""
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
