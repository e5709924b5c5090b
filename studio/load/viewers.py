"""Simulated viewers: sockets that record every event and its arrival; some slow, some dropped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

OVER = 1000
SLOW_PAUSE = 2.0  # seconds between two messages that a slow reader reads
OPENING = 40  # connections opened at once, like a browser's start
# seconds; events older than this at connecting are replayed and have no latency
LATE = 0.25


@dataclass(slots=True)
class Viewer:
    """One open page. `ids` are those of its events in order of arrival."""

    run: str
    session: str
    slow: bool = False
    ids: list[str] = field(default_factory=list)
    news: int = 0  # messages on the page's second socket: presence and comments
    # seconds from the writer's timestamp to arrival
    delays: list[float] = field(default_factory=list)
    opened: int = 0
    over: bool = False
    refused: list[int] = field(default_factory=list)
    _socket: Any = None
    _since: float = 0.0

    async def watch(self, address: str, gate: asyncio.Semaphore, hurry: asyncio.Event) -> None:
        """Read events until the run is over; reconnect like the studio's pages do."""
        from websockets.asyncio.client import connect
        from websockets.exceptions import ConnectionClosed, InvalidHandshake

        while not self.over:
            after = self.ids[-1] if self.ids else "0"
            url = f"{address.replace('http', 'ws', 1)}/ws/runs/{self.run}?after={after}"
            headers = {"Cookie": f"likeness_session={self.session}", "Origin": address}
            try:
                async with gate:
                    socket = await connect(
                        url, additional_headers=headers, compression=None, open_timeout=120
                    )
                self.opened += 1
                self._socket = socket
                self._since = time.time()
                async with socket:
                    async for message in socket:
                        self.take(json.loads(message))
                        if self.slow and not hurry.is_set():
                            with contextlib.suppress(TimeoutError):
                                await asyncio.wait_for(hurry.wait(), SLOW_PAUSE)
            except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError) as error:
                self.refused.append(getattr(getattr(error, "rcvd", None), "code", 0) or 0)
            if not self.over:
                await asyncio.sleep(random.uniform(0.1, 0.4))  # noqa: S311 (no secret)

    async def look_around(self, address: str, gate: asyncio.Semaphore) -> None:
        """Read the second socket of the same page."""
        from websockets.asyncio.client import connect
        from websockets.exceptions import ConnectionClosed, InvalidHandshake

        url = f"{address.replace('http', 'ws', 1)}/ws/runs/{self.run}/together"
        headers = {"Cookie": f"likeness_session={self.session}", "Origin": address}
        while not self.over:
            try:
                async with gate:
                    socket = await connect(
                        url, additional_headers=headers, compression=None, open_timeout=120
                    )
                async with socket:
                    async for _ in socket:
                        self.news += 1
            except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
                await asyncio.sleep(random.uniform(0.1, 0.4))  # noqa: S311 (no secret)

    def take(self, events: Iterable[dict[str, Any]]) -> None:
        now = time.time()
        for event in events:
            if event["id"]:
                self.ids.append(event["id"])
                stamp = int(event["id"].split("-")[0]) / 1000
                if not self.slow and stamp > self._since + LATE:
                    self.delays.append(now - stamp)
            self.over = self.over or event["kind"] == "over"

    def drop(self) -> None:
        """Drop the connection without closing it."""
        if self._socket is not None and self._socket.transport is not None:
            self._socket.transport.abort()


async def drop_some(viewers: list[Viewer], share: float, until: asyncio.Event) -> int:
    """Drop a share of the viewers each second; return how many were dropped."""
    dropped = 0
    while not until.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(until.wait(), 1.0)
        for viewer in random.sample(viewers, round(len(viewers) * share)):
            viewer.drop()
            dropped += 1
    return dropped
