"""An OpenAI-compatible server as a `ModelClient`: retries before the first chunk only, cancellation
at any moment.

The response is read in a thread of its own, so that a server that falls silent can still be
cancelled. What the server says is data or goes to the log; sentences for people are ours.
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
from inference.client.parts import Parts
from inference.client.reading import PeerError, Reader
from inference.client.wire import Head, Wire
from inference.types import Chunk, Finished, ImagePart, ModelError, ModelRequest, Task, Usage

TRIES = 4
PAUSE = 0.5  # seconds before the second try; doubles each time, give or take a quarter
LONGEST_PAUSE = 30.0
POLL = 0.1  # seconds between looks at `cancelled`
LIST_SECONDS = 10.0  # for the whole list of models
LONGEST_NAME = 200  # characters of a model's name
WORDS = 300  # characters of the server's own words that are logged
HINTS = {
    401: "; check MODEL_API_KEY",
    403: "; check MODEL_API_KEY",
    404: "; check MODEL_URL and MODEL_NAME",
    413: "; the request is too large for it",
    429: "; it takes no more requests for now",
}

logger = logging.getLogger(__name__)


class HttpClient:
    """One model on one server. Raises ModelError on construction when the server has no model list
    to choose from.

    `transport`: how connections are made; None: httpx's own. It may raise ModelError, whose
    sentence is final.
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
        self.listed: tuple[str, ...] = ()  # the server's models, where it was asked
        self._url, self._patience, self._key = url.rstrip("/"), patience, api_key
        self._host = urlsplit(url).netloc.rpartition("@")[2]
        self._limits = limits or AnswerLimits()
        # Asked for without compression: a proxy that compresses a stream holds its pieces back.
        headers = {"Accept-Encoding": "identity"}
        if api_key:
            headers["Authorization"] = f"Bearer {api_key}"
        self._http = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(patience, connect=10.0),
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
        """Chunks as they come, then `Finished`; see `ModelClient`."""
        asked = _parts_of(request)
        parts, tries, same = asked, 0, 0
        while not cancelled():
            tries, same = tries + 1, same + 1
            wire = Wire(
                self._http,
                f"{self._url}/chat/completions",
                self._body(request, parts),
                self._limits,
            )
            reader, began = Reader(self._limits), False
            try:
                for line in self._lines(wire, cancelled):
                    for chunk in reader.chunks(line):
                        began = True
                        yield chunk
                    if reader.done:
                        break
            except _Cancelled:
                yield Finished("cancelled", reader.usage)
                return
            except PeerError as error:
                self._log("broke off", error.words)
                raise ModelError(error.sentence, kind="unreadable") from None
            except TooLarge as error:
                raise describe_excess(error, self._where) from None
            except _Refused as error:
                self._log(f"answered {error.status}", error.text)
                fewer = parts.reduce(error.status, error.parameter, tries=same, asked=asked)
                if fewer is not None:
                    self._note_parts(parts, fewer)
                    parts, same, tries = fewer, 0, tries - (error.status not in (500, 501))
                    continue
                if tries >= TRIES or not _passes(error.status):
                    raise self._error(error, began=False) from None
                self._wait(
                    min(error.retry_after or _compute_pause(tries), LONGEST_PAUSE), cancelled
                )
                continue
            except (httpx.HTTPError, Unreadable) as error:
                if began or tries >= TRIES or isinstance(error, Unreadable):
                    raise self._error(error, began) from None
                self._wait(_compute_pause(tries), cancelled)
                continue
            finally:
                wire.close()
            if reader.reason is None and not reader.done:
                sentence = f"{self._where} ended the stream in the middle of the answer."
                raise ModelError(sentence, kind="interrupted")
            yield Finished(reader.reason or "stop", reader.usage)
            return
        yield Finished("cancelled", Usage())

    @property
    def _where(self) -> str:
        return f"The model server at {self._host}"

    def _choose(self, model: str | None) -> tuple[str, str]:
        """(model id, its owner) from the server's list; a named model need not be on it."""
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
            raise self._error(error, began=False) from None
        self.listed = tuple(str(entry.get("id")) for entry in models)
        listed = [entry for entry in models if entry.get("id") == model] if model else models
        if not listed and not model:
            raise ModelError(
                f"{self._where} lists no model; name one in MODEL_NAME.", kind="no models"
            )
        chosen = listed[0] if listed else {"id": model}
        return str(chosen["id"]), str(chosen.get("owned_by", ""))

    def _list(self) -> list[dict[str, Any]]:
        """Return the entries of the server's list. Raises ValueError for an answer that holds no
        such list.
        """
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
        found = json.loads(data)
        if not isinstance(found, dict) or not isinstance(found.get("data"), list):
            raise ValueError("no list")
        return [
            entry
            for entry in found["data"]
            if isinstance(entry, dict) and _is_name(entry.get("id"))
        ]

    def _body(self, request: ModelRequest, parts: Parts) -> dict[str, Any]:
        return build_body(
            request, self._model, self._dialect, switch=parts.switch, vision=parts.pictures
        )

    def _lines(self, wire: Wire, cancelled: Callable[[], bool]) -> Iterator[str]:
        """Lines of a good answer; raises _Cancelled, what ended the reading, or _Refused for a
        status but 200.
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

    def _note_parts(self, before: Parts, after: Parts) -> None:
        if before.pictures and not after.pictures:
            logger.warning(
                "%s refused a request with pictures; it is asked without them", self._model
            )

    def _wait(self, seconds: float, cancelled: Callable[[], bool]) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not cancelled():
            threading.Event().wait(min(POLL, max(0.0, until - time.monotonic())))

    def _error(self, error: Exception, began: bool) -> ModelError:
        """Return the sentence about what went wrong."""
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
                f"{where} said nothing for {self._patience:g} seconds.", kind="silent"
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
                f"{where} answers in a compressed form that was not asked for.", kind="unreadable"
            )
        sentence = f"{where} has no readable model list at /models; is MODEL_URL the address that ends in /v1?"
        return ModelError(sentence, kind="unreadable")

    def _log(self, what: str, words: str) -> None:
        """Log the server's own words: one line, without the key that was sent to it."""
        shown = words.replace(self._key, "…") if self._key else words
        printable = "".join(
            letter if letter.isprintable() else " " for letter in shown[: 4 * WORDS]
        )
        logger.warning(
            "the model server at %s %s: %s", self._host, what, " ".join(printable.split())[:WORDS]
        )


class _Cancelled(Exception):
    pass


class _Refused(Exception):
    """Any status but 200; `text` holds the server's words, for the log."""

    def __init__(self, head: Head) -> None:
        super().__init__(head.status)
        self.status, self.text = head.status, head.text
        self.parameter, self.retry_after = head.parameter, head.retry_after


def _is_name(text: Any) -> bool:
    """Say whether this can be a model's name: it is kept and shown."""
    return isinstance(text, str) and 0 < len(text) <= LONGEST_NAME and text.isprintable()


def _parts_of(request: ModelRequest) -> Parts:
    pictures = any(
        isinstance(part, ImagePart) for message in request.messages for part in message.parts
    )
    return Parts(switch=True, pictures=pictures)


def _passes(status: int) -> bool:
    """Say whether the same request may be taken later."""
    return status in (408, 429) or status >= 500


def _read_until(answer: httpx.Response, most: int, ends: float) -> bytes:
    """Return the body; raises httpx.ReadTimeout when it is not all there by `ends` (of the
    monotonic clock).
    """
    pieces: list[bytes] = []
    for piece in iter_body(answer, most):
        if time.monotonic() > ends:
            raise httpx.ReadTimeout("slow")
        pieces.append(piece)
    return b"".join(pieces)


def _compute_pause(tries: int) -> float:
    return float(PAUSE * 2 ** (tries - 1) * random.uniform(0.75, 1.25))  # noqa: S311 (not a secret)
