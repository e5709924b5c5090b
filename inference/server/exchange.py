"""One HTTP request and its answer, over ASGI. Knows no API."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from inference.server.errors import Refused

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
LARGEST_BODY = 64 * 2**20  # some twenty large mockups in base64
DEEPEST = 100  # levels; Python gives up at about 500 of a tool's schema


@dataclass
class Exchange:
    """`started`: the answer's head is sent, so its status can no longer change."""

    method: str
    path: str
    receive: Receive
    send: Send
    started: bool = False

    async def json(self) -> Any:
        """The body; raises Refused for one that is too large or too deep, or no JSON."""
        body = bytearray()
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > LARGEST_BODY:
                raise Refused(
                    f"The body is larger than {LARGEST_BODY} bytes, the most that is allowed.",
                    status=413,
                )
        return _parsed(body)

    async def answer(
        self, content: Any, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        """`content` as JSON."""
        await self.reply(
            json.dumps(content, ensure_ascii=False).encode(), "application/json", status, headers
        )

    async def reply(
        self, body: bytes, kind: str, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        await self._head(
            status, {"content-type": kind, "content-length": str(len(body)), **(headers or {})}
        )
        await self.send({"type": "http.response.body", "body": body})

    async def event(self, content: Any, name: str | None = None) -> None:
        """A server-sent event; the first one sends the head."""
        if not self.started:
            await self._head(
                200,
                {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"},
            )
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        event = f"event: {name}\ndata: {text}\n\n" if name else f"data: {text}\n\n"
        await self.send({"type": "http.response.body", "body": event.encode(), "more_body": True})

    async def end(self) -> None:
        """After the last event."""
        await self.send({"type": "http.response.body", "body": b""})

    async def gone(self) -> None:
        """Returns when the client has left; only once the body is read."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def _head(self, status: int, headers: dict[str, str]) -> None:
        self.started = True
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": status, "headers": pairs})


def _parsed(body: bytearray) -> Any:
    too_deep = Refused(
        f"The body is nested deeper than {DEEPEST} levels, the most that is allowed."
    )
    try:
        content = json.loads(body)
    except ValueError as error:
        raise Refused(f"The body is no JSON ({error}); allowed is a JSON object.") from None
    except RecursionError:
        raise too_deep from None
    level = [content]
    for _ in range(DEEPEST + 1):
        inner = (
            one.values() if isinstance(one, dict) else one
            for one in level
            if isinstance(one, dict | list)
        )
        level = list(chain.from_iterable(inner))
    if level:
        raise too_deep
    return content


class Disconnected(Exception):
    """Nobody is there to answer."""
