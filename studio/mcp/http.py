"""`/mcp`: the Model Context Protocol over HTTP, for a team's token.

Every request stands alone: there are no sessions, so any web process answers any of them. A browser's
page of another origin is refused, and so is a name that is not the studio's.
"""

from __future__ import annotations

import json
import re

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http.request import validate_host

from studio.accounts import throttle
from studio.accounts.credentials import BEARER
from studio.config.csp import is_preview_host
from studio.edge.origins import allowed_hosts, is_same_origin
from studio.edge.refusal import App, Message, Receive, Scope, Send, get_local_path, header
from studio.edge.slots import streams
from studio.teams.models import ApiToken
from studio.teams.tokens import find_token

PATH = re.compile(r"/mcp/?")
HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),
]
NO_TOKEN = "Send a token: Authorization: Bearer likeness_…; create one on the team's page."  # noqa: S105


class McpDoor:
    """ASGI middleware that answers `/mcp` and passes every other request on."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not PATH.fullmatch(get_local_path(scope)):
            await self.app(scope, receive, send)
            return
        if refusal := check_request(scope):
            await answer(send, *refusal)
            return
        caller = await find_caller(scope)
        if caller is None:
            await answer(send, 401, NO_TOKEN, [(b"www-authenticate", b"Bearer")])
            return
        wait = await count_request(caller)
        if wait:
            words = f"Too many requests; wait {wait} seconds (API_REQUESTS, TEAM_API_REQUESTS)."
            await answer(send, 429, words, [(b"retry-after", str(wait).encode())])
            return
        if refusal_words := streams().take(caller.user_id):
            await answer(send, 429, refusal_words, [(b"retry-after", b"5")])
            return
        try:
            await serve(caller, scope, receive, send)
        finally:
            streams().give_back(caller.user_id)


def check_request(scope: Scope) -> tuple[int, str, list[tuple[bytes, bytes]]] | None:
    """Return status, sentence and headers of a refusal; None for a request to answer."""
    host = (header(scope, b"host") or b"").decode("latin-1").lower()
    name = re.sub(r":\d+$", "", host)
    if is_preview_host(host) or not validate_host(name, allowed_hosts()):
        return 400, "This name is not the studio's (ALLOWED_HOSTS).", []
    if header(scope, b"origin") is not None and not is_same_origin(scope):
        return 403, "Pages of other sites may not use this address.", []
    if scope["method"] != "POST":
        words = (
            "Use POST: every request stands alone, so there is no stream to open or session to end."
        )
        return 405, words, [(b"allow", b"POST")]
    return None


@sync_to_async
def find_caller(scope: Scope) -> ApiToken | None:
    """Return the token that the request bears; None for none, or one that is not valid."""
    secret = (header(scope, b"authorization") or b"").decode("latin-1")
    try:
        return find_token(secret.removeprefix(BEARER)) if secret.startswith(BEARER) else None
    finally:
        close_old_connections()


@sync_to_async
def count_request(caller: ApiToken) -> int:
    """Count the request and return the seconds to wait; 0: answer it."""
    return throttle.count_api_request(user_id=caller.user_id, team_id=caller.team_id)


async def serve(caller: ApiToken, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request with a server made for its caller."""
    try:
        # Loaded with the first request: the protocol's library takes half a second.
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from studio.mcp.server import create_server
        from studio.mcp.team_door import TeamDoor
    except ModuleNotFoundError as error:
        await answer(send, 501, f"The library {error.name} is not installed; run ./setup.sh.")
        return

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name for name, _ in HEADERS}
            kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in names]
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    manager = StreamableHTTPSessionManager(create_server(TeamDoor(caller)), stateless=True)
    async with manager.run():
        await manager.handle_request(scope, receive, send_guarded)


async def answer(
    send: Send, status: int, words: str, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Answer with one sentence as JSON."""
    body = json.dumps({"detail": words}).encode()
    size = (b"content-length", str(len(body)).encode())
    start = [(b"content-type", b"application/json"), size, *HEADERS, *(headers or [])]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})
