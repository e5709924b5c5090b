"""The ASGI application: which path is answered by whom, and how a refusal looks on each API's wire."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from prometheus_client.exposition import CONTENT_TYPE_LATEST

from inference.engine.service import Service
from inference.server import metrics
from inference.server.anthropic_answers import answer_message
from inference.server.anthropic_asking import read_messages_request
from inference.server.errors import Refused
from inference.server.exchange import Disconnected, Exchange, Receive, Send
from inference.server.openai_answers import complete
from inference.server.openai_asking import read_completion

Handler = Callable[[Exchange], Awaitable[None]]
log = logging.getLogger(__name__)
KINDS = {
    400: "invalid_request_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
}


class App:
    """OpenAI's and Anthropic's API of one model."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._started = int(time.time())
        self._metrics = metrics.registry(service.live)
        self._routes: dict[str, dict[str, Handler]] = {
            "/v1/chat/completions": {"POST": self._completions},
            "/v1/messages": {"POST": self._messages},
            "/v1/messages/count_tokens": {"POST": self._count_tokens},
            "/v1/models": {"GET": self._models},
            "/health": {"GET": self._health},
            "/metrics": {"GET": self._exposition},
        }

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self._exchange(Exchange(scope["method"], scope["path"], receive, send))

    async def _exchange(self, exchange: Exchange) -> None:
        try:
            await self._handler(exchange)(exchange)
        except Disconnected:
            return
        except Refused as refused:
            await _refuse(exchange, refused)
        except Exception:
            log.exception("%s %s failed.", exchange.method, exchange.path)
            await _refuse(
                exchange,
                Refused("The server failed on this request; its log says why.", status=500),
            )

    def _handler(self, exchange: Exchange) -> Handler:
        methods = self._routes.get(exchange.path)
        if methods is None:
            paths = ", ".join(self._routes)
            raise Refused(f"There is nothing at {exchange.path}; allowed are {paths}.", status=404)
        if exchange.method not in methods:
            raise Refused(
                f"{exchange.path} was asked by {exchange.method}; allowed is {', '.join(methods)}.",
                status=405,
            )
        return methods[exchange.method]

    async def _completions(self, exchange: Exchange) -> None:
        body = await exchange.json()
        completion = read_completion(body)
        self._check_model(body)
        await _while_there(exchange, complete(self.service, exchange, completion))

    async def _messages(self, exchange: Exchange) -> None:
        body = await exchange.json()
        request = read_messages_request(body)
        self._check_model(body)
        await _while_there(exchange, answer_message(self.service, exchange, request))

    async def _count_tokens(self, exchange: Exchange) -> None:
        body = await exchange.json()
        request = read_messages_request(body, counting=True)
        self._check_model(body)
        requests = await request.asking.requests(self.service)
        await exchange.answer({"input_tokens": len(requests[0].prompt)})

    async def _models(self, exchange: Exchange) -> None:
        model = {
            "id": self.service.name,
            "object": "model",
            "created": self._started,
            "owned_by": "likeness",
        }
        context = {"max_model_len": self.service.live.engine.context}
        await exchange.answer({"object": "list", "data": [{**model, **context}]})

    async def _health(self, exchange: Exchange) -> None:
        alive = self.service.live.alive
        status = "ok" if alive else "the engine has ended; its log says why"
        said = {"status": status, "model": self.service.name, "kernels": self.service.kernels}
        await exchange.answer(said, 200 if alive else 503)

    async def _exposition(self, exchange: Exchange) -> None:
        await exchange.reply(metrics.exposition(self._metrics), CONTENT_TYPE_LATEST)

    def _check_model(self, body: dict[str, Any]) -> None:
        if body.get("model") != self.service.name:
            raise Refused(
                f"model is {body.get('model')!r}; allowed is {self.service.name!r}.",
                field="model",
                status=404,
            )


async def _while_there(exchange: Exchange, answering: Any) -> None:
    """Runs `answering` until it is done or the client has left; leaving ends it at once, and frees
    what it held.
    """
    work, leaving = asyncio.ensure_future(answering), asyncio.ensure_future(exchange.gone())
    try:
        await asyncio.wait((work, leaving), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
    finally:
        for task in (work, leaving):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task


async def _refuse(exchange: Exchange, refused: Refused) -> None:
    """In the form of the API that was asked; within a stream as its last event."""
    kind = KINDS.get(
        refused.status, "api_error" if refused.status >= 500 else "invalid_request_error"
    )
    error: dict[str, Any] = {"type": kind, "message": refused.message}
    anthropic = exchange.path.startswith("/v1/messages")
    content = (
        {"type": "error", "error": error}
        if anthropic
        else {"error": {**error, "param": refused.field, "code": None}}
    )
    if exchange.started:
        await exchange.event(content, "error" if anthropic else None)
        await exchange.end()
        return
    headers = {"retry-after": str(refused.retry_after)} if refused.retry_after else {}
    await exchange.answer(content, refused.status, headers)


async def _live(receive: Receive, send: Send) -> None:
    """Nothing is to be done at start and end: who made the service closes it."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
