"""The WebSocket consumer of a run's events: first the missed ones, then live ones until the end.

The socket keeps no state. A reader that reconnects sends the last id it received and misses
nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import time
import uuid
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer

from studio.edge.slots import streams
from studio.runs import events
from studio.runs.feeds import follow
from studio.runs.models import Run
from studio.runs.standing import find_current_role, find_current_state
from studio.teams.access import Asked
from studio.teams.models import Role, User

logger = logging.getLogger(__name__)

# Close codes besides 1000 (the run is over): like HTTP 401 and 404, and one for a page whose reader
# now has another role.
SIGN_IN, NOT_FOUND, ROLE_CHANGED = 4401, 4404, 4409
TOO_MANY = 4429  # open sockets of this person, or of all; the page retries with growing delays
OVER = 1000
# Seconds for which a check of access is valid, so a busy socket ends this soon after its reader
# loses access. An idle socket checks with each empty batch.
BELIEVED = 0.5


class RunConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Sends `/ws/runs/ID?after=LAST_ID` as messages, each a JSON array of `{id, kind, data}`.

    Kinds from the stream: claimed, mockup, step, outline, chunk, part, attempt, requeued, silent, over.
    Two are generated here and have no id: place (number of runs ahead in the queue), and over where the
    stream with that event has expired.
    """

    follower: asyncio.Task[None] | None = None
    slot: int | None = None  # the user's id while a stream slot is taken

    async def connect(self) -> None:
        user = self.scope["user"]
        run_id = self.scope["url_route"]["kwargs"]["run_id"]
        await self.accept()
        if not isinstance(user, User):
            await self.close(SIGN_IN)
            return
        if streams().take(user.pk):
            await self.close(TOO_MANY)
            return
        self.slot = user.pk
        try:
            await self._begin(run_id)
        except BaseException:  # nobody else gives the place back: there is no disconnect after this
            self._give_back()
            raise

    async def _begin(self, run_id: uuid.UUID) -> None:
        """Follow the run, for whoever may see it."""
        role = await self._role(run_id)
        if role is None:
            self._give_back()
            await self.close(NOT_FOUND)
            return
        self.follower = asyncio.create_task(self._follow(run_id, self._after(), role))

    async def disconnect(self, code: int) -> None:
        self._give_back()
        if self.follower:
            self.follower.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.follower

    async def _follow(self, run_id: uuid.UUID, after: str, role: Role) -> None:
        try:
            await self.close(await self._carry(run_id, after, role))
        except OSError:
            logger.debug("a reader of run %s left in the middle of a message", run_id)
        except Exception:
            logger.exception("a reader of run %s was dropped", run_id)
            await self.close(1011)
        finally:
            self._give_back()

    def _give_back(self) -> None:
        """Return the stream slot; later calls do nothing."""
        if self.slot is not None:
            streams().give_back(self.slot)
            self.slot = None

    async def _carry(self, run_id: uuid.UUID, after: str, role: Role) -> int:
        """Send events until there is a reason to stop; return the close code."""
        place = None
        checked_at = time.monotonic()
        ended = False
        async with contextlib.aclosing(follow(run_id, after)) as pieces:
            async for piece in pieces:
                if not piece or time.monotonic() - checked_at > BELIEVED:
                    now = await self._role(run_id)
                    if now is not role:
                        return ROLE_CHANGED if now else NOT_FOUND
                    checked_at = time.monotonic()
                if piece:
                    await self._send_events(piece)
                    if any(event.kind == "over" for event in piece):
                        return OVER
                    continue
                state, ahead = await find_current_state(run_id)
                if state not in (Run.State.QUEUED, Run.State.RUNNING):
                    if ended:
                        await self._send([{"id": None, "kind": "over", "data": {"state": state}}])
                        return OVER
                    # The last events may have arrived after this batch: read once more.
                    ended = True
                if state == Run.State.QUEUED and ahead != place:
                    place = ahead
                    await self._send([{"id": None, "kind": "place", "data": {"ahead": ahead}}])
        return OVER

    async def _role(self, run_id: uuid.UUID) -> Role | None:
        """Return the reader's current role; None without access or after signing out."""
        return await find_current_role(
            Asked(run_id, self.scope["user"].pk, self.scope["session"].session_key or "")
        )

    async def _send_events(self, piece: list[events.Event]) -> None:
        """Send the events; their data stay the JSON text that was stored."""
        entries = (
            f'{{"id": "{event.id}", "kind": "{event.kind}", "data": {event.json}}}'
            for event in piece
        )
        await self.send(text_data=f"[{', '.join(entries)}]")

    async def _send(self, messages: list[dict[str, Any]]) -> None:
        """Send and wait while the reader is slow: unsent events stay in Redis, not in this process."""
        await self.send(text_data=json.dumps(messages))

    def _after(self) -> str:
        sent = self.scope["query_string"].decode(errors="replace")
        asked = parse_qs(sent).get("after", [events.FIRST])[0]
        return asked if re.fullmatch(r"\d{1,15}(-\d{1,15})?", asked) else events.FIRST
