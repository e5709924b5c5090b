"""Who else looks at a run, and that something was said: over a socket beside that of the run's
events.

It carries no words: a comment is read from the page that shows it, under that page's own rules.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import uuid
from typing import Any
from urllib.parse import parse_qs

import redis
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from studio.collaboration import presence
from studio.edge.slots import streams
from studio.runs.consumers import NOT_FOUND, ROLE_CHANGED, SIGN_IN, TOO_MANY
from studio.runs.standing import role_now
from studio.teams.access import Asked
from studio.teams.models import User

EVERY = 1.0  # seconds between looks

logger = logging.getLogger(__name__)


class TogetherConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """`/ws/runs/ID/together?as=ROLE`; messages on changes: `{"people": [{"name", "you"}, …]}`,
    `{"said": true}`.

    Whoever may no longer see the run is put out within a second. Whose role is another than `as`,
    for which their page was made, is told so by the closing code, also when it changed while they
    were away.
    """

    looker: asyncio.Task[None] | None = None
    slot: int | None = None  # whose

    async def connect(self) -> None:
        await self.accept()
        user = self.scope["user"]
        if not isinstance(user, User):
            await self.close(SIGN_IN)
            return
        if streams().take(user.pk):
            await self.close(TOO_MANY)
            return
        self.slot = user.pk
        self.looker = asyncio.create_task(
            self._look(user, self.scope["url_route"]["kwargs"]["run_id"])
        )

    async def disconnect(self, code: int) -> None:
        self._give_back()
        if self.looker:
            self.looker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.looker

    async def _look(self, user: User, run_id: uuid.UUID) -> None:
        tab = presence.Tab(run_id, user.pk, uuid.uuid4().hex[:8])
        asked = Asked(run_id, user.pk, self.scope["session"].session_key or "")
        people: list[int] | None = None
        rung: int | None = None
        try:
            now = await role_now(asked)
            shown = self._shown() or now
            while now and now == shown:
                with contextlib.suppress(redis.RedisError):
                    here, count = await presence.announce_presence(tab)
                    if here != people:
                        people = here
                        await self._send({"people": await _name_people(people, user)})
                    if rung not in (None, count):
                        await self._send({"said": True})
                    rung = count
                await asyncio.sleep(EVERY)
                now = await role_now(asked)
            await self.close(ROLE_CHANGED if now else NOT_FOUND)
        except asyncio.CancelledError:
            raise
        except OSError:
            logger.debug("somebody looking at run %s left in the middle of a message", run_id)
        except Exception:
            logger.exception("somebody looking at run %s was dropped", run_id)
            await self.close(1011)
        finally:
            self._give_back()
            with contextlib.suppress(redis.RedisError):
                await presence.end_presence(tab)

    def _give_back(self) -> None:
        """The place among the open streams; once."""
        if self.slot is not None:
            streams().give_back(self.slot)
            self.slot = None

    def _shown(self) -> str:
        sent = self.scope["query_string"].decode(errors="replace")
        return str(parse_qs(sent).get("as", [""])[0])

    async def _send(self, message: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(message))


@database_sync_to_async  # type: ignore[untyped-decorator]
def _name_people(people: list[int], user: User) -> list[dict[str, Any]]:
    found = User.objects.in_bulk(people)
    return [{"name": found[pk].name, "you": pk == user.pk} for pk in people if pk in found]
