"""The ASGI application: which path is answered by whom."""

from __future__ import annotations

import logging
import time
from typing import Any, TypeVar

from prometheus_client.exposition import CONTENT_TYPE_LATEST
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from inference.engine.sequence import PromptPicture
from inference.engine.service import Service
from inference.server import metrics
from inference.server.body import read_json, write_json
from inference.server.chat_answer import CompletionWriter
from inference.server.chat_request import ChatRequest, read_completion
from inference.server.errors import Refused, error_body, from_validation
from inference.server.generation import Chat, Wishes, build_requests, start
from inference.server.messages_answer import MessageWriter
from inference.server.messages_request import MessagesRequest, read_message
from inference.server.options import ServerOptions
from inference.server.response_store import ResponseStore
from inference.server.responses_answer import ResponseWriter
from inference.server.responses_request import ResponsesRequest, read_response
from inference.server.security import Gate
from inference.server.stream import AnswerResponse, AnswerWriter, EventsResponse
from inference.server.text_completion import TextRequest, TextWriter, read_prompts, text_wishes
from inference.server.tracing import TraceRequests

log = logging.getLogger(__name__)
Body = TypeVar("Body", bound=BaseModel)
Prompt = tuple[list[int], list[PromptPicture]]


def create_app(
    service: Service, options: ServerOptions | None = None, tracer: Any = None
) -> Starlette:
    """Return OpenAI's and Anthropic's API of one model; `tracer`: OpenTelemetry's, for requests."""
    options = options or ServerOptions()
    api = Api(service, options)
    guards = [Middleware(Gate, keys=options.keys, hosts=options.hosts)]
    if options.origins:
        guards.insert(
            0,
            Middleware(
                CORSMiddleware,
                allow_origins=list(options.origins),
                allow_methods=["GET", "POST", "DELETE"],
                allow_headers=["*"],
                expose_headers=["retry-after"],
            ),
        )
    if tracer is not None:
        guards.insert(0, Middleware(TraceRequests, tracer=tracer))
    return Starlette(
        routes=api.routes(),
        middleware=guards,
        exception_handlers={
            Refused: tell_refusal,
            HTTPException: api.tell_missing,
            ClientDisconnect: _forget,
            Exception: _tell_failure,
        },
    )


class Api:
    """The endpoints."""

    def __init__(self, service: Service, options: ServerOptions) -> None:
        self._service, self._options = service, options
        self._started = int(time.time())
        self._kept = ResponseStore()
        self._metrics = metrics.registry(service.live)

    def routes(self) -> list[BaseRoute]:
        """Return which path and method goes to which endpoint."""
        return [
            Route("/", self.show_health),
            Route("/health", self.show_health),
            Route("/ping", self.show_health),
            Route("/metrics", self.show_metrics),
            Route("/v1/models", self.list_models),
            Route("/v1/models/{name:path}", self.show_model),
            Route("/v1/chat/completions", self.complete_chat, methods=["POST"]),
            Route("/v1/completions", self.complete_text, methods=["POST"]),
            Route("/v1/responses", self.respond, methods=["POST"]),
            WebSocketRoute("/v1/responses", refuse_socket),
            Route("/v1/responses/{id}", self.keep_response, methods=["GET", "DELETE"]),
            Route("/v1/messages", self.answer_message, methods=["POST"]),
            Route("/v1/messages/count_tokens", self.count_tokens, methods=["POST"]),
        ]

    async def complete_chat(self, request: Request) -> ASGIApp:
        """Answer OpenAI's chat completions."""
        body, model = await self._read(request, ChatRequest)
        completion = read_completion(body)
        prompt, pictures = await completion.chat.encode(self._service)
        writer = CompletionWriter(self._service, completion, model, len(prompt))
        return await self._answer(
            completion.chat, completion.wishes, (prompt, pictures), writer, completion.stream
        )

    async def respond(self, request: Request) -> ASGIApp:
        """Answer OpenAI's responses. A stream tells an overflow as an event, where Codex looks for
        it.
        """
        content = self._kept.resolve(await read_json(request))
        body, model = self._validate(content, ResponsesRequest)
        ask = read_response(body)
        prompt, pictures = await ask.chat.encode(self._service)
        history = content["input"]
        history = history if isinstance(history, list) else [{"role": "user", "content": history}]

        def keep(told: dict[str, Any]) -> None:
            if body.store:
                self._kept.keep(told, history)

        writer = ResponseWriter(self._service, body, ask, model, len(prompt), keep)
        try:
            return await self._answer(ask.chat, ask.wishes, (prompt, pictures), writer, ask.stream)
        except Refused as refused:
            if not (ask.stream and refused.overflow):
                raise
            return EventsResponse([*writer.begin(), *writer.fail(refused)])

    async def keep_response(self, request: Request) -> Response:
        """Show a response that is still kept, or forget it."""
        id = request.path_params["id"]
        if request.method == "DELETE":
            self._kept.forget(id)
            return tell_json({"id": id, "object": "response", "deleted": True})
        return tell_json(self._kept.find(id).told)

    async def answer_message(self, request: Request) -> ASGIApp:
        """Answer Anthropic's messages."""
        body, model = await self._read(request, MessagesRequest)
        ask = read_message(body)
        prompt, pictures = await ask.chat.encode(self._service)
        writer = MessageWriter(ask, model, len(prompt))
        return await self._answer(ask.chat, ask.wishes, (prompt, pictures), writer, ask.stream)

    async def count_tokens(self, request: Request) -> Response:
        """Count a message's tokens; one that is too long is counted, too."""
        body, _ = await self._read(request, MessagesRequest)
        ask = read_message(body, counting=True)
        prompt, _ = await ask.chat.encode(self._service)
        return tell_json({"input_tokens": len(prompt)})

    async def complete_text(self, request: Request) -> ASGIApp:
        """Answer OpenAI's text completions."""
        body, model = await self._read(request, TextRequest)
        prompts = read_prompts(body, self._service)
        wishes = text_wishes(body)
        asked = []
        for prompt in prompts:
            asked += await build_requests(self._service, prompt, (), wishes, thinking=False)
        writer = TextWriter(self._service, body, model, prompts)
        conversation = start(self._service, asked)
        seconds = self._options.ping_seconds
        return AnswerResponse(conversation, writer, stream=body.stream, ping_seconds=seconds)

    async def list_models(self, request: Request) -> Response:
        """List the model's names, in both APIs' form."""
        models = [self._describe(name) for name in self._options.listed(self._service.name)]
        listed = {"object": "list", "data": models, "has_more": False}
        ends = {"first_id": models[0]["id"], "last_id": models[-1]["id"]}
        return tell_json({**listed, **ends})

    async def show_model(self, request: Request) -> Response:
        """Tell of one name of the model."""
        asked = request.path_params["name"]
        return tell_json(self._describe(self._options.resolve(asked, self._service.name)))

    async def show_health(self, request: Request) -> Response:
        """Tell whether the engine runs."""
        alive = self._service.live.alive
        status = "ok" if alive else "the engine has ended; its log says why"
        told = {"status": status, "model": self._service.name, "kernels": self._service.kernels}
        return tell_json(told, 200 if alive else 503)

    async def show_metrics(self, request: Request) -> Response:
        """Tell the engine's counts in Prometheus' form."""
        return Response(metrics.exposition(self._metrics), media_type=CONTENT_TYPE_LATEST)

    async def tell_missing(self, request: Request, error: Exception) -> Response:
        """Answer what has no endpoint: OPTIONS and HEAD by what is allowed, the rest by an error."""
        assert isinstance(error, HTTPException)
        routes = [route for route in self.routes() if isinstance(route, Route)]
        paths = [route.path for route in routes]
        path = request.url.path
        if error.status_code != 405:
            sentence = f"There is nothing at {path[:80]}; allowed are {', '.join(paths)}."
            return await tell_refusal(request, Refused(sentence, status=404))
        methods = next(route.methods or () for route in routes if route.path_regex.match(path))
        allowed = ", ".join(sorted({*methods, "OPTIONS"}))
        if request.method in ("OPTIONS", "HEAD"):
            return Response(status_code=204, headers={"allow": allowed})
        sentence = f"{path} was asked by {request.method}; allowed is {', '.join(sorted(methods))}."
        return await tell_refusal(
            request, Refused(sentence, status=405, headers={"allow": allowed})
        )

    async def _read(self, request: Request, kind: type[Body]) -> tuple[Body, str]:
        """Return the body and the model's name. Raises Refused."""
        return self._validate(await read_json(request), kind)

    def _validate(self, content: Any, kind: type[Body]) -> tuple[Body, str]:
        try:
            body = kind.model_validate(content, context={"unknown": self._options.unknown})
        except ValidationError as error:
            raise from_validation(error) from None
        return body, self._options.resolve(content.get("model"), self._service.name)

    async def _answer(
        self, chat: Chat, wishes: Wishes, prompt: Prompt, writer: AnswerWriter, stream: bool
    ) -> ASGIApp:
        ids, pictures = prompt
        thinking = chat.begins_in_thought
        asked = await build_requests(self._service, ids, pictures, wishes, thinking=thinking)
        conversation = start(self._service, asked)
        seconds = self._options.ping_seconds
        return AnswerResponse(conversation, writer, stream=stream, ping_seconds=seconds)

    def _describe(self, name: str) -> dict[str, Any]:
        created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._started))
        return {
            "id": name,
            "object": "model",
            "type": "model",
            "display_name": name,
            "created": self._started,
            "created_at": created,
            "owned_by": "likeness",
            "max_model_len": self._service.live.engine.context,
        }


def tell_json(content: Any, status: int = 200) -> Response:
    """Return `content` as a JSON response."""
    return Response(write_json(content), status, media_type="application/json")


async def tell_refusal(request: Request, error: Exception) -> Response:
    """Answer a refusal in the form of the API that was asked."""
    assert isinstance(error, Refused)
    body = write_json(error_body(request.url.path, error))
    return Response(body, error.status, error.headers, media_type="application/json")


async def refuse_socket(socket: WebSocket) -> None:
    """Tell a client that begins with a WebSocket, as Codex does, to ask over HTTP at once."""
    refused = Refused("This server answers over HTTP, not over a WebSocket.", status=426)
    body = write_json(error_body(socket.url.path, refused))
    await socket.send_denial_response(Response(body, 426, media_type="application/json"))


async def _tell_failure(request: Request, error: Exception) -> Response:
    log.error("%s %s failed.", request.method, request.url.path, exc_info=error)
    refused = Refused("The server failed on this request; its log says why.", status=500)
    return await tell_refusal(request, refused)


async def _forget(request: Request, error: Exception) -> Response:
    """Nobody is there to answer."""
    return Response(status_code=499)
