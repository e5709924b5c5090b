"""The WebSocket that shows who views a run and when a comment was added.

It carries no comment text; the page loads comments itself, with the page's own access check.
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
from studio.runs.standing import find_current_role
from studio.teams.access import Asked
from studio.teams.models import User

EVERY = 1.0  # seconds between checks

logger = logging.getLogger(__name__)


class TogetherConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Serves `/ws/runs/ID/together?as=ROLE`.

    Messages on changes: `{"people": [{"name", "you"}, …]}` and `{"said": true}` for new comments. A
    viewer who loses access is disconnected within a second. If the viewer's role differs from `as`,
    for which the page was made, the close code says so.
    """

    looker: asyncio.Task[None] | None = None
    slot: int | None = None  # the user's id while a stream slot is taken

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
        asker = Asked(run_id, user.pk, self.scope["session"].session_key or "")
        people: list[int] | None = None
        last_count: int | None = None
        try:
            role = await find_current_role(asker)
            page_role = self._shown() or role
            while role and role == page_role:
                with contextlib.suppress(redis.RedisError):
                    viewers, count = await presence.announce_presence(tab)
                    if viewers != people:
                        people = viewers
                        await self._send({"people": await _name_people(people, user)})
                    if last_count not in (None, count):
                        await self._send({"said": True})
                    last_count = count
                await asyncio.sleep(EVERY)
                role = await find_current_role(asker)
            await self.close(ROLE_CHANGED if role else NOT_FOUND)
        except asyncio.CancelledError:
            raise
        except OSError:
            logger.debug("a viewer of run %s disconnected during a message", run_id)
        except Exception:
            logger.exception("a viewer of run %s was disconnected", run_id)
            await self.close(1011)
        finally:
            self._give_back()
            with contextlib.suppress(redis.RedisError):
                await presence.end_presence(tab)

    def _give_back(self) -> None:
        """Return the stream slot; later calls do nothing."""
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
    users = User.objects.in_bulk(people)
    return [{"name": users[pk].name, "you": pk == user.pk} for pk in people if pk in users]
