"""A run's events over a WebSocket: first what the reader has not seen, then what comes, until the
run is over.

The socket only carries; a reader that comes back says the last id it saw and misses nothing.
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
from studio.runs.standing import role_now, state_now
from studio.teams.access import Asked
from studio.teams.models import Role, User

logger = logging.getLogger(__name__)

# Close codes, beside 1000 (the run is over): as HTTP's 401 and 404, and for a page that is out of
# date because its reader may do more or less now.
SIGN_IN, NOT_FOUND, ROLE_CHANGED = 4401, 4404, 4409
TOO_MANY = 4429  # of this person's sockets, or of all; the page tries again, more and more slowly
OVER = 1000
# Seconds that an answer about access is believed: no longer does a busy socket outlive its reader's
# membership. A silent one asks with each empty piece.
BELIEVED = 0.5


class RunConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """`/ws/runs/ID?after=LAST_ID`; each message is a JSON array of `{id, kind, data}`.

    Kinds from the stream: claimed, step, chunk, part, attempt, requeued, silent, over. Two that are
    only of the moment have no id: place (runs before this one in the queue), and over where the
    stream that told so is gone.
    """

    follower: asyncio.Task[None] | None = None
    slot: int | None = None  # whose

    async def connect(self) -> None:
        user, run_id = self.scope["user"], self.scope["url_route"]["kwargs"]["run_id"]
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
        """The place among the open streams; once."""
        if self.slot is not None:
            streams().give_back(self.slot)
            self.slot = None

    async def _carry(self, run_id: uuid.UUID, after: str, role: Role) -> int:
        """Until there is a reason to stop; returns the code to close with."""
        place, asked, ended = None, time.monotonic(), False
        async with contextlib.aclosing(follow(run_id, after)) as pieces:
            async for piece in pieces:
                if not piece or time.monotonic() - asked > BELIEVED:
                    now = await self._role(run_id)
                    if now is not role:
                        return ROLE_CHANGED if now else NOT_FOUND
                    asked = time.monotonic()
                if piece:
                    await self._send_events(piece)
                    if any(event.kind == "over" for event in piece):
                        return OVER
                    continue
                state, ahead = await state_now(run_id)
                if state not in (Run.State.QUEUED, Run.State.RUNNING):
                    if ended:
                        await self._send([{"id": None, "kind": "over", "data": {"state": state}}])
                        return OVER
                    # its last events may have come since this piece: they have one more to be read
                    # in
                    ended = True
                if state == Run.State.QUEUED and ahead != place:
                    place = ahead
                    await self._send([{"id": None, "kind": "place", "data": {"ahead": ahead}}])
        return OVER

    async def _role(self, run_id: uuid.UUID) -> Role | None:
        """What the reader may do with the run now; None when they may not see it, or are signed out
        (elsewhere).
        """
        return await role_now(
            Asked(run_id, self.scope["user"].pk, self.scope["session"].session_key or "")
        )

    async def _send_events(self, piece: list[events.Event]) -> None:
        """Their data go out as the text that they came in."""
        told = (
            f'{{"id": "{event.id}", "kind": "{event.kind}", "data": {event.json}}}'
            for event in piece
        )
        await self.send(text_data=f"[{', '.join(told)}]")

    async def _send(self, messages: list[dict[str, Any]]) -> None:
        """Waits while the reader is slow: the events it has not had stay in Redis, not here."""
        await self.send(text_data=json.dumps(messages))

    def _after(self) -> str:
        sent = self.scope["query_string"].decode(errors="replace")
        asked = parse_qs(sent).get("after", [events.FIRST])[0]
        return asked if re.fullmatch(r"\d{1,15}(-\d{1,15})?", asked) else events.FIRST
