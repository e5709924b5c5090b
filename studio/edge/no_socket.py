"""Refuses WebSockets at addresses where there is none."""

from __future__ import annotations

from channels.generic.websocket import AsyncWebsocketConsumer


class NoSocket(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Closes before the handshake (403). Without a route, each request would be a 500 and a traceback."""

    async def connect(self) -> None:
        await self.close()
