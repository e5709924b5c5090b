"""One WebSocket of the real application: what a browser would send, and what it would get."""

from __future__ import annotations

import json
from typing import Any

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.test import Client

from tests.people import cast

PATIENCE = 30.0  # seconds for a message; the longest silence of the server itself is one
HOST = b"127.0.0.1:8000"
ORIGIN = b"http://127.0.0.1:8000"


@sync_to_async
def cookie(name: str) -> bytes:
    client = Client()
    client.force_login(cast(name))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}".encode()


class Socket:
    def __init__(self, path: str, query: str, headers: list[tuple[bytes, bytes]]) -> None:
        from studio.config.asgi import application

        scope = {
            "type": "websocket",
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
            "subprotocols": [],
        }
        self.application = ApplicationCommunicator(application, scope)

    async def connect(self) -> bool:
        await self.application.send_input({"type": "websocket.connect"})
        answer = await self.application.receive_output(PATIENCE)
        return bool(answer["type"] == "websocket.accept")

    async def messages(self) -> Any:
        return json.loads((await self.application.receive_output(PATIENCE))["text"])

    async def close_code(self) -> int:
        message = await self.application.receive_output(PATIENCE)
        assert message["type"] == "websocket.close", message
        code: int = message["code"]
        return code

    async def leave(self) -> None:
        await self.application.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.application.wait(PATIENCE)


async def socket_of(name: str, path: str, query: str = "", origin: bytes = ORIGIN) -> Socket:
    """As `name`'s browser opens it; '' is nobody's."""
    headers = [(b"host", HOST), (b"origin", origin)]
    if name:
        headers.append((b"cookie", await cookie(name)))
    return Socket(path, query, headers)
