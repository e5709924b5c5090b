"""Hands answers to the connection piece by piece, so that a slow client's copy of one stays small."""

from __future__ import annotations

from studio.edge.refusal import App, Message, Receive, Scope, Send

PIECE = 65_536  # bytes; what a connection holds of an answer that its client does not take


class Pieces:
    """ASGI middleware. The server waits before each piece until the client has taken the last one."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_pieces(message: Message) -> None:
            body = memoryview(message.get("body", b""))
            if message["type"] != "http.response.body" or len(body) <= PIECE:
                await send(message)
                return
            for start in range(0, len(body), PIECE):
                is_last = start + PIECE >= len(body)
                more = not is_last or message.get("more_body", False)
                piece = bytes(body[start : start + PIECE])
                await send({"type": message["type"], "body": piece, "more_body": more})

        await self.app(scope, receive, send_pieces)
