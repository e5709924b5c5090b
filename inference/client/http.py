"""A `ModelClient` for OpenAI-compatible servers, with retries and cancellation.

Requests are retried only before the first chunk. The response is read in a separate thread, so that
a request to a silent server can be cancelled. Text from the server is either part of the answer or
goes to the log; it is never part of our error messages.
"""

from __future__ import annotations

import json
import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx

from inference.client.bounded import TooLarge, Unreadable, iter_body
from inference.client.dialects import DIALECTS, build_body, recognize_dialect
from inference.client.limits import AnswerLimits, describe_excess
from inference.client.parts import BROKEN, Parts
from inference.client.reading import PeerError, Reader
from inference.client.wire import Head, Wire
from inference.types import Chunk, Finished, ImagePart, ModelError, ModelRequest, Task, Usage

TRIES = 4
PAUSE = 0.5  # seconds before the second try; doubles each time, plus or minus 25 %
LONGEST_PAUSE = 30.0  # seconds
POLL = 0.1  # seconds between checks of `cancelled`
CONNECT_SECONDS = 10.0
LIST_SECONDS = 10.0  # for the whole list of models
LONGEST_NAME = 200  # characters in a model's name
LOGGED_CHARACTERS = 300  # of the server's error text
HINTS = {
    401: "; check MODEL_API_KEY",
    403: "; check MODEL_API_KEY",
    404: "; check MODEL_URL and MODEL_NAME",
    413: "; the request is too large for it",
    429: "; it accepts no more requests for now",
}

logger = logging.getLogger(__name__)


class HttpClient:
    """A client for one model on one server.

    The constructor raises ModelError when the server has no model list to choose from.
    `transport` makes the connections, by default httpx's own. It may raise ModelError, which is
    passed on unchanged.
    """

    def __init__(
        self,
        url: str,
        *,
        model: str | None,
        api_key: str | None,
        dialect: str | None,
        patience: float,
        transport: httpx.BaseTransport | None = None,
        limits: AnswerLimits | None = None,
    ) -> None:
        self.listed: tuple[str, ...] = ()  # the server's models, if the list was requested
        self._url = url.rstrip("/")
        self._patience = patience
        self._key = api_key
        self._host = urlsplit(url).netloc.rpartition("@")[2]
        self._limits = limits or AnswerLimits()
        # No compression: a proxy that compresses a stream delays its chunks.
        headers = {"Accept-Encoding": "identity"}
        if api_key:
            headers["Authorization"] = f"Bearer {api_key}"
        self._http = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(patience, connect=CONNECT_SECONDS),
            transport=transport,
            trust_env=False,
            follow_redirects=False,
        )
        try:
            model, owner = (model, "") if model and dialect else self._choose(model)
        except ModelError:
            self.close()
            raise
        self._model = model
        self._dialect = DIALECTS[dialect] if dialect else recognize_dialect(url, owner)

    @property
    def name(self) -> str:
        return self._model

    @property
    def task(self) -> Task:
        return "page"

    def close(self) -> None:
        self._http.close()

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        """Yield chunks as they arrive, then `Finished`; see `ModelClient`."""
        all_parts = _list_parts(request)
        parts = all_parts
        tries = 0
        tries_of_parts = 0  # with the same optional parts
        while not cancelled():
            tries += 1
            tries_of_parts += 1
            wire = Wire(
                self._http,
                f"{self._url}/chat/completions",
                self._body(request, parts),
                self._limits,
            )
            reader = Reader(self._limits)
            began = False  # a chunk was yielded, so the request cannot be repeated
            try:
                for line in self._lines(wire, cancelled):
                    for chunk in reader.read_line(line):
                        began = True
                        yield chunk
                    if reader.done:
                        break
            except _Cancelled:
                yield Finished("cancelled", reader.usage)
                return
            except PeerError as error:
                self._log("stopped with an error", error.words)
                raise ModelError(error.sentence, kind="unreadable") from None
            except TooLarge as error:
                raise describe_excess(error, self._where) from None
            except _Refused as error:
                self._log(f"answered {error.status}", error.text)
                fewer = parts.reduce(
                    error.status, error.parameter, tries=tries_of_parts, available=all_parts
                )
                if fewer is not None:
                    self._log_omitted_parts(parts, fewer)
                    parts = fewer
                    tries_of_parts = 0
                    if error.status not in BROKEN:
                        tries -= 1  # the server is fine, only the request was wrong
                    continue
                if tries >= TRIES or not _is_temporary(error.status):
                    raise self._make_error(error, began=False) from None
                pause = error.retry_after or _compute_pause(tries)
                self._wait(min(pause, LONGEST_PAUSE), cancelled)
                continue
            except (httpx.HTTPError, Unreadable) as error:
                if began or tries >= TRIES or isinstance(error, Unreadable):
                    raise self._make_error(error, began) from None
                self._wait(_compute_pause(tries), cancelled)
                continue
            finally:
                wire.close()
            if reader.reason is None and not reader.done:
                sentence = f"{self._where} ended the stream in the middle of the answer."
                raise ModelError(sentence, kind="interrupted")
            yield Finished(reader.reason or "stop", reader.usage, calls=reader.calls.finish())
            return
        yield Finished("cancelled", Usage())

    @property
    def _where(self) -> str:
        return f"The model server at {self._host}"

    def _choose(self, model: str | None) -> tuple[str, str]:
        """Return (model id, owner) from the server's list; a named model may be missing there."""
        try:
            models = self._list()
        except (
            httpx.HTTPError,
            _Refused,
            Unreadable,
            TooLarge,
            ValueError,
            RecursionError,
        ) as error:
            if model and not isinstance(error, httpx.TransportError):
                return model, ""
            raise self._make_error(error, began=False) from None
        self.listed = tuple(str(entry.get("id")) for entry in models)
        listed = [entry for entry in models if entry.get("id") == model] if model else models
        if not listed and not model:
            raise ModelError(f"{self._where} lists no model; set MODEL_NAME.", kind="no models")
        chosen = listed[0] if listed else {"id": model}
        return str(chosen["id"]), str(chosen.get("owned_by", ""))

    def _list(self) -> list[dict[str, Any]]:
        """Return the entries of the server's list. Raises ValueError if there is no list."""
        ends = time.monotonic() + LIST_SECONDS
        extensions = {"deadline": LIST_SECONDS}
        with self._http.stream(
            "GET", f"{self._url}/models", timeout=LIST_SECONDS, extensions=extensions
        ) as answer:
            try:
                data = _read_until(answer, self._limits.models, ends)
            except TooLarge as error:
                raise TooLarge("list of models", error.most) from None
        if answer.status_code != 200:
            self._log(f"answered {answer.status_code}", data.decode(errors="replace"))
            raise _Refused(Head(answer.status_code))
        content = json.loads(data)
        if not isinstance(content, dict) or not isinstance(content.get("data"), list):
            raise ValueError("no list")
        return [
            entry
            for entry in content["data"]
            if isinstance(entry, dict) and _is_name(entry.get("id"))
        ]

    def _body(self, request: ModelRequest, parts: Parts) -> dict[str, Any]:
        return build_body(
            request, self._model, self._dialect, switch=parts.switch, vision=parts.pictures
        )

    def _lines(self, wire: Wire, cancelled: Callable[[], bool]) -> Iterator[str]:
        """Yield the lines of an answer with status 200.

        Raises _Cancelled, _Refused for other statuses, and the exception that ended the reading.
        """
        silent_since = time.monotonic()
        while True:
            if cancelled():
                raise _Cancelled
            try:
                item = wire.get(POLL)
            except queue.Empty:
                if time.monotonic() - silent_since > self._patience:
                    raise httpx.ReadTimeout("silent") from None
                continue
            silent_since = time.monotonic()
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            if isinstance(item, str):
                yield item
            elif item.status != 200:
                raise _Refused(item)

    def _log_omitted_parts(self, before: Parts, after: Parts) -> None:
        if before.pictures and not after.pictures:
            logger.warning("%s refused a request with pictures; retrying without them", self._model)

    def _wait(self, seconds: float, cancelled: Callable[[], bool]) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not cancelled():
            threading.Event().wait(min(POLL, max(0.0, until - time.monotonic())))

    def _make_error(self, error: Exception, began: bool) -> ModelError:
        """Return the error for people; `began`: part of the answer had arrived."""
        where = self._where
        if isinstance(error, _Refused):
            hint = HINTS.get(error.status, "; its log may say why" if error.status >= 500 else "")
            return ModelError(
                f"{where} answered {error.status}{hint}.", kind="refused", status=error.status
            )
        if isinstance(error, TooLarge):
            return describe_excess(error, where)
        if isinstance(error, httpx.TimeoutException) and not isinstance(
            error, httpx.ConnectTimeout
        ):
            return ModelError(
                f"{where} sent nothing for {self._patience:g} seconds.", kind="silent"
            )
        if began:
            return ModelError(
                f"{where} dropped the connection in the middle of the answer.", kind="interrupted"
            )
        if isinstance(error, httpx.TransportError):
            sentence = f"{where} cannot be reached; check MODEL_URL and that it is running."
            return ModelError(sentence, kind="unreachable")
        if isinstance(error, Unreadable):
            return ModelError(
                f"{where} uses a compression that was not requested.", kind="unreadable"
            )
        sentence = (
            f"{where} has no readable model list at /models; "
            "check that MODEL_URL is the address that ends in /v1."
        )
        return ModelError(sentence, kind="unreadable")

    def _log(self, what: str, words: str) -> None:
        """Log the server's error text in one line, without the API key."""
        text = words.replace(self._key, "…") if self._key else words
        # Some of the characters will be white space that is collapsed.
        characters = text[: 4 * LOGGED_CHARACTERS]
        printable = "".join(letter if letter.isprintable() else " " for letter in characters)
        line = " ".join(printable.split())[:LOGGED_CHARACTERS]
        logger.warning("the model server at %s %s: %s", self._host, what, line)


class _Cancelled(Exception):
    """The caller cancelled the request."""


class _Refused(Exception):
    """A status other than 200; `text` is the server's error text, for the log."""

    def __init__(self, head: Head) -> None:
        super().__init__(head.status)
        self.status, self.text = head.status, head.text
        self.parameter, self.retry_after = head.parameter, head.retry_after


def _is_name(text: Any) -> bool:
    """Return whether this is a valid name of a model, which is stored and shown."""
    return isinstance(text, str) and 0 < len(text) <= LONGEST_NAME and text.isprintable()


def _list_parts(request: ModelRequest) -> Parts:
    """Return the optional parts that the request has."""
    pictures = any(
        isinstance(part, ImagePart) for message in request.messages for part in message.parts
    )
    return Parts(switch=True, pictures=pictures)


def _is_temporary(status: int) -> bool:
    """Return whether the same request may succeed later."""
    return status in (408, 429) or status >= 500


def _read_until(answer: httpx.Response, most: int, ends: float) -> bytes:
    """Return the body. Raises httpx.ReadTimeout after `ends`, a time of the monotonic clock."""
    pieces: list[bytes] = []
    for piece in iter_body(answer, most):
        if time.monotonic() > ends:
            raise httpx.ReadTimeout("slow")
        pieces.append(piece)
    return b"".join(pieces)


def _compute_pause(tries: int) -> float:
    """Return the seconds to wait after this many tries: exponential backoff with jitter."""
    return float(PAUSE * 2 ** (tries - 1) * random.uniform(0.75, 1.25))  # noqa: S311 (not a secret)
