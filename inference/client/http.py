"""A `ModelClient` for model servers, with retries, adaptation and cancellation.

It speaks OpenAI's chat completions and responses and Anthropic's messages. Requests are retried only
before the first chunk. Text from the server is either part of the answer or goes to the log; it is
never part of our error messages.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from inference.client.adaptation import BROKEN, Adaptation
from inference.client.bounded import TooLarge, Unreadable
from inference.client.chat_request import build_chat_body
from inference.client.dialects import (
    DIALECTS,
    NEXT_DIALECT,
    PATHS,
    Dialect,
    Protocol,
    list_options,
    recognize_dialect,
)
from inference.client.estimates import estimate_prompt, estimate_text
from inference.client.exchange import READERS, Exchange, RequestRefused, StreamCancelled
from inference.client.failures import Reporter, SettingNames
from inference.client.limits import AnswerLimits
from inference.client.messages_request import VERSION, build_messages_body
from inference.client.model_list import FoundServer, ListedModel, find_server, list_bases
from inference.client.proxies import make_transport
from inference.client.reading import PeerError
from inference.client.refusals import Refusal
from inference.client.responses_request import build_responses_body
from inference.client.wire import Wire
from inference.types import Chunk, Finished, ModelError, ModelRequest, Task, Usage

TRIES = 4
PAUSE = 0.5  # seconds before the second try; doubles each time, plus or minus 25 %
LONGEST_PAUSE = 30.0  # seconds
POLL = 0.1  # seconds between checks of `cancelled` during a pause
CONNECT_SECONDS = 10.0
LEAST_ANSWER = 256  # tokens that are asked for even if the prompt seems to fill the context
NOTHING_HERE = (404, 405)
BUILDERS: dict[Protocol, Callable[..., dict[str, Any]]] = {
    "chat": build_chat_body,
    "messages": build_messages_body,
    "responses": build_responses_body,
}

logger = logging.getLogger(__name__)


class HttpClient:
    """A client for one model on one server.

    The constructor raises ModelError when the server cannot be reached, or has no model list and no
    model is named. `transport` makes the connections, by default httpx's own. It may raise
    ModelError, which is passed on unchanged. `names`: what error messages tell a person to check.
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
        names: SettingNames | None = None,
    ) -> None:
        self._patience = patience
        self._key = api_key
        self._limits = limits or AnswerLimits()
        self._reporter = Reporter(
            urlsplit(url).netloc.rpartition("@")[2],
            api_key,
            names or SettingNames(),
            patience=patience,
            connecting=CONNECT_SECONDS,
        )
        self._is_dialect_given = dialect is not None
        by_address = DIALECTS[dialect] if dialect else recognize_dialect(url, "")
        self._http = httpx.Client(
            headers=_make_headers(by_address, api_key),
            timeout=httpx.Timeout(patience, connect=CONNECT_SECONDS),
            transport=transport or make_transport(url),
            trust_env=False,
            follow_redirects=False,
        )
        try:
            self._found = self._find(url, model)
        except ModelError:
            self.close()
            raise
        owner = self._found.model.owner
        self._dialect = by_address if dialect else recognize_dialect(url, owner)
        self._learned = Adaptation()

    @property
    def name(self) -> str:
        return self._found.model.name

    @property
    def url(self) -> str:
        """The address of the server's API."""
        return self._found.url

    @property
    def listed(self) -> tuple[str, ...]:
        """The server's models, if its list could be read."""
        return self._found.listed

    @property
    def list_failure(self) -> ModelError | None:
        """Why the list of models could not be read."""
        return self._found.failure

    @property
    def task(self) -> Task:
        return "page"

    def close(self) -> None:
        self._http.close()

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        """Yield chunks as they arrive, then `Finished`; see `ModelClient`."""
        plan = _Plan(self._dialect, self._learned)
        while not cancelled():
            plan.tries += 1
            plan.tries_of_same += 1
            exchange = self._send(request, plan)
            try:
                yield from exchange.read(cancelled)
                end = self._finish(exchange, plan, request)
            except StreamCancelled:
                yield Finished("cancelled", _count_usage(request, plan, exchange))
                return
            except RequestRefused as error:
                self._reporter.log(f"answered {error.refusal.status}", error.refusal.text)
                if not self._change(request, plan, error.refusal):
                    self._pause_or_raise(plan, error.refusal, cancelled)
            except PeerError as error:
                self._reporter.log("stopped with an error", error.refusal.text)
                if not _may_retry(plan, exchange) or not error.refusal.is_temporary:
                    usage = _count_usage(request, plan, exchange)
                    raise self._describe_peer_error(error, usage) from None
                self._wait(_compute_pause(plan.tries), cancelled)
            except (httpx.HTTPError, _NothingSent) as error:
                if not _may_retry(plan, exchange):
                    usage = _count_usage(request, plan, exchange)
                    raise self._describe_lost(error, exchange.began, usage) from None
                self._wait(_compute_pause(plan.tries), cancelled)
            except ModelError as error:  # of the transport, or for a too long answer
                if error.usage == Usage():
                    error.usage = _count_usage(request, plan, exchange)
                raise
            except (TooLarge, Unreadable) as error:
                usage = _count_usage(request, plan, exchange)
                raise self._reporter.describe(error, began=True, usage=usage) from None
            else:
                self._learn(plan)
                yield end
                return
        yield Finished("cancelled", Usage())

    def _find(self, url: str, model: str | None) -> FoundServer:
        if model and self._is_dialect_given:
            return FoundServer(list_bases(url)[0], ListedModel(model))
        return find_server(self._http, url, model, self._limits.models, self._reporter)

    def _send(self, request: ModelRequest, plan: _Plan) -> Exchange:
        protocol = plan.dialect.protocol
        limit = self._choose_limit(request, plan.adaptation)
        body = BUILDERS[protocol](request, self.name, plan.dialect, plan.adaptation, limit)
        headers = _make_headers(plan.dialect, self._key)
        url = f"{self.url}{PATHS[protocol]}"
        wire = Wire(self._http, url, body, headers=headers, limits=self._limits)
        return Exchange(wire, READERS[protocol](self._limits), self._patience)

    def _choose_limit(self, request: ModelRequest, adaptation: Adaptation) -> int:
        """Return the longest answer that fits, as far as the server told its context."""
        limit = request.max_tokens
        if context := self._found.model.context:
            prompt = estimate_prompt(request, pictures=adaptation.sends("pictures"))
            limit = min(limit, max(LEAST_ANSWER, context - prompt))
        return adaptation.lower(limit)

    def _change(self, request: ModelRequest, plan: _Plan, refusal: Refusal) -> bool:
        """Change what is sent after a refusal; return False when nothing more can be changed."""
        if self._change_dialect(plan, refusal):
            return True
        options = list_options(request, plan.dialect)
        adapted = plan.adaptation.adapt(refusal, tries=plan.tries_of_same, available=options)
        if adapted is None:
            return False
        if plan.adaptation.sends("pictures") and not adapted.sends("pictures"):
            logger.warning("%s refused a request with pictures; retrying without them", self.name)
        plan.adaptation = adapted
        plan.tries_of_same = 0
        if refusal.status not in BROKEN:
            plan.tries -= 1  # the server is fine, only the request was wrong
        return True

    def _change_dialect(self, plan: _Plan, refusal: Refusal) -> bool:
        """Try the next protocol where the server has nothing at the path of this one."""
        is_elsewhere = refusal.status in NOTHING_HERE and refusal.reason != "no model"
        if self._is_dialect_given or not is_elsewhere:
            return False
        plan.nothing_here = plan.nothing_here or refusal
        plan.protocols_without.add(plan.dialect.protocol)
        following = DIALECTS.get(NEXT_DIALECT.get(plan.dialect.name, ""))
        if following is None or following.protocol in plan.protocols_without:
            return False
        plan.dialect = following
        plan.adaptation = Adaptation()
        plan.tries -= 1
        return True

    def _pause_or_raise(self, plan: _Plan, refusal: Refusal, cancelled: Callable[[], bool]) -> None:
        if plan.tries >= TRIES or not refusal.is_temporary:
            is_missing = refusal.status in NOTHING_HERE
            first = plan.nothing_here if is_missing and plan.nothing_here else refusal
            raise self._reporter.describe_refusal(first) from None
        pause = refusal.retry_after or _compute_pause(plan.tries)
        self._wait(min(pause, LONGEST_PAUSE), cancelled)

    def _describe_peer_error(self, error: PeerError, usage: Usage) -> ModelError:
        refusal = error.refusal
        if refusal.is_declined:
            return self._reporter.describe_declined(usage)
        if refusal.reason:
            return self._reporter.describe_refusal(refusal, usage)
        return self._reporter.describe_unreadable(error.sentence, usage)

    def _learn(self, plan: _Plan) -> None:
        """Begin the next request as this one was accepted."""
        self._dialect = plan.dialect
        self._learned = plan.adaptation.keep_for_later()

    def _describe_lost(self, error: Exception, began: bool, usage: Usage) -> ModelError:
        if isinstance(error, _NothingSent):
            return self._reporter.describe_nothing(usage)
        return self._reporter.describe(error, began=began, usage=usage)

    def _finish(self, exchange: Exchange, plan: _Plan, request: ModelRequest) -> Finished:
        """Return the end of an answer.

        Raises ModelError for one that is not whole, and _NothingSent where nothing of it came.
        """
        reader = exchange.reader
        usage = _count_usage(request, plan, exchange)
        if reader.reason == "declined":
            raise self._reporter.describe_declined(usage)
        is_unfinished = reader.reason is None and not reader.done
        if is_unfinished and not exchange.began:
            raise _NothingSent
        if is_unfinished or reader.reason == "broken":
            raise self._reporter.describe_interrupted(usage)
        calls = reader.calls.finish() if request.tools else ()
        if reader.reason == "tool" and not reader.has_answer and not calls:
            raise self._reporter.describe_tool_call(usage)
        without_pictures = not plan.adaptation.sends("pictures")
        if reader.reason == "length":
            return Finished("length", usage, without_pictures, calls)
        return Finished("stop", usage, without_pictures, calls)

    def _wait(self, seconds: float, cancelled: Callable[[], bool]) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not cancelled():
            threading.Event().wait(min(POLL, max(0.0, until - time.monotonic())))


class _NothingSent(Exception):
    """The stream ended before its first chunk."""


@dataclass(slots=True)
class _Plan:
    """What one request tries next. `tries_of_same`: with the same adaptation."""

    dialect: Dialect
    adaptation: Adaptation
    tries: int = 0
    tries_of_same: int = 0
    nothing_here: Refusal | None = None  # the first protocol's 404
    protocols_without: set[Protocol] = field(default_factory=set)  # the server has nothing there


def _may_retry(plan: _Plan, exchange: Exchange) -> bool:
    return not exchange.began and plan.tries < TRIES


def _make_headers(dialect: Dialect, key: str | None) -> dict[str, str]:
    # No compression: a proxy that compresses a stream delays its chunks.
    headers = {"Accept-Encoding": "identity"}
    if dialect.protocol == "messages":
        headers["anthropic-version"] = VERSION
    if key and dialect.protocol == "messages":
        headers["x-api-key"] = key
    if key and dialect.bearer:
        headers["Authorization"] = f"Bearer {key}"
    return headers


def _count_usage(request: ModelRequest, plan: _Plan, exchange: Exchange) -> Usage:
    """Return what the request cost: as the server counted, else an estimate."""
    reader = exchange.reader
    counted = reader.usage
    has_ended = reader.reason is not None or reader.done
    if not exchange.accepted or (has_ended and counted != Usage()):
        return counted
    characters = sum(reader.lengths.values())
    prompt = estimate_prompt(request, pictures=plan.adaptation.sends("pictures"))
    return Usage(
        counted.prompt_tokens or prompt,
        counted.completion_tokens or estimate_text(characters),
        counted.cached_tokens,
    )


def _compute_pause(tries: int) -> float:
    """Return the seconds to wait after this many tries: exponential backoff with jitter."""
    return float(PAUSE * 2 ** (tries - 1) * random.uniform(0.75, 1.25))  # noqa: S311 (not a secret)
