"""An OpenAI-compatible server as a `ModelClient`: retries before the first chunk only, cancellation at any moment.

The response is read in a thread of its own, so that a server that falls silent can still be cancelled.
"""

from __future__ import annotations

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx

from inference.client.dialects import DIALECTS, body, recognise
from inference.client.reading import Reader
from inference.client.wire import Wire
from inference.types import Chunk, Finished, ModelError, ModelRequest, Task, Usage

TRIES = 4
PAUSE = 0.5  # seconds before the second try; doubles each time, give or take a quarter
LONGEST_PAUSE = 30.0
POLL = 0.1  # seconds between looks at `cancelled`

logger = logging.getLogger(__name__)


class HttpClient:
    """One model on one server. Raises ModelError on construction when the server has no model list to choose from."""

    def __init__(
        self, url: str, *, model: str | None, api_key: str | None, dialect: str | None, patience: float
    ) -> None:
        self.listed: tuple[str, ...] = ()  # the server's models, where it was asked
        self._url, self._patience, self._key = url.rstrip("/"), patience, api_key
        self._host = urlsplit(url).netloc.rpartition("@")[2]
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._http = httpx.Client(headers=headers, timeout=httpx.Timeout(patience, connect=10.0), trust_env=False)
        try:
            model, owner = (model, "") if model and dialect else self._choose(model)
        except ModelError:
            self.close()
            raise
        self._model = model
        self._dialect = DIALECTS[dialect] if dialect else recognise(url, owner)
        self._switch, self._vision = True, True

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
        tries = 0
        while not cancelled():
            tries += 1
            wire = Wire(self._http, f"{self._url}/chat/completions", self._body(request))
            reader, began = Reader(), False
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
            except (httpx.HTTPError, _Refused) as error:
                if began or tries >= TRIES:
                    raise ModelError(self._sentence(error, began)) from None
                self._wait(self._pause(error, tries), cancelled)
                continue
            finally:
                wire.close()
            if reader.reason is None and not reader.done:
                raise ModelError(f"The model server at {self._host} ended the stream in the middle of the answer.")
            yield Finished(reader.reason or "stop", reader.usage)
            return
        yield Finished("cancelled", Usage())

    def _choose(self, model: str | None) -> tuple[str, str]:
        """(model id, its owner) from the server's list; a named model need not be on it."""
        try:
            answer = self._http.get(f"{self._url}/models", timeout=10.0)
            answer.raise_for_status()
            models = [entry for entry in answer.json()["data"] if isinstance(entry, dict)]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            if model and not isinstance(error, httpx.TransportError):
                return model, ""
            raise ModelError(self._sentence(error, began=False)) from None
        self.listed = tuple(str(entry.get("id")) for entry in models)
        listed = [entry for entry in models if entry.get("id") == model] if model else models
        if not listed and not model:
            raise ModelError(f"The model server at {self._host} lists no model; name one in MODEL_NAME.")
        chosen = listed[0] if listed else {"id": model}
        return str(chosen["id"]), str(chosen.get("owned_by", ""))

    def _body(self, request: ModelRequest) -> dict[str, Any]:
        return body(request, self._model, self._dialect, switch=self._switch, vision=self._vision)

    def _lines(self, wire: Wire, cancelled: Callable[[], bool]) -> Iterator[str]:
        """Lines of a good answer; raises _Cancelled, httpx's errors, or _Refused for any other status than 200."""
        status = 0
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
            elif (status := item.status) != 200:
                raise _Refused(status, item.text, item.retry_after)

    def _pause(self, error: Exception, tries: int) -> float:
        """Seconds before the next try; 0 after leaving out what the server does not know; raises what is final."""
        if not isinstance(error, _Refused):
            return _backed_off(tries)
        said = error.text.lower()
        if self._vision and error.status >= 400 and ("image" in said or "multimodal" in said or "vision" in said):
            logger.warning("%s takes no pictures; it gets the hints alone", self._model)
            self._vision = False
            return 0.0
        if self._switch and error.status in (400, 422):
            self._switch = False
            return 0.0
        if error.status == 429 or error.status >= 500:
            return min(error.retry_after or _backed_off(tries), LONGEST_PAUSE)
        raise ModelError(self._sentence(error, began=False))

    def _wait(self, seconds: float, cancelled: Callable[[], bool]) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not cancelled():
            threading.Event().wait(min(POLL, max(0.0, until - time.monotonic())))

    def _sentence(self, error: Exception, began: bool) -> str:
        where = f"The model server at {self._host}"
        if isinstance(error, httpx.HTTPStatusError):
            error = _Refused(error.response.status_code, error.response.text, None)
        if isinstance(error, _Refused):
            hint = "; check MODEL_API_KEY" if error.status in (401, 403) else ""
            return self._without_key(
                f"{where} answered {error.status}{hint}: {error.text[:300].strip() or 'no reason'}"
            )
        if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
            return f"{where} said nothing for {self._patience:g} seconds."
        if began:
            return f"{where} dropped the connection in the middle of the answer."
        if isinstance(error, httpx.TransportError):
            return f"{where} cannot be reached; check MODEL_URL and that it is running."
        return f"{where} has no readable model list at /models; is MODEL_URL the address that ends in /v1?"

    def _without_key(self, sentence: str) -> str:
        return sentence.replace(self._key, "…") if self._key else sentence


class _Cancelled(Exception):
    pass


class _Refused(Exception):
    """Any status but 200, with what the server said."""

    def __init__(self, status: int, text: str, retry_after: float | None) -> None:
        super().__init__(status)
        self.status, self.text, self.retry_after = status, text, retry_after


def _backed_off(tries: int) -> float:
    return float(PAUSE * 2 ** (tries - 1) * random.uniform(0.75, 1.25))  # noqa: S311 (not a secret)
