"""Streams a run's events as server-sent events.

The stream ends with the run, or as soon as the reader (a program with a token, or a browser behind a
proxy without WebSockets) loses access.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
import uuid
from collections.abc import AsyncGenerator

from studio.edge.slots import streams
from studio.runs import events
from studio.runs.consumers import BELIEVED
from studio.runs.events import Event
from studio.runs.feeds import follow
from studio.runs.models import Run
from studio.runs.standing import find_current_role, find_current_state
from studio.teams.access import Asked

IDLE = 1.0  # seconds of silence after which access is checked
GONE = "This reader has no access to the run any more."


async def stream_events(asker: Asked, after: str) -> AsyncGenerator[str, None]:
    """Yield the events of the run `asker.row` later than `after`, then new ones, until it is over."""
    if refusal := streams().take(asker.user):
        yield _refused(refusal)
        return
    try:
        async with contextlib.aclosing(_pieces(asker, after)) as pieces:
            async for piece in pieces:
                yield piece
    finally:
        streams().give_back(asker.user)


async def _pieces(asker: Asked, after: str) -> AsyncGenerator[str, None]:
    run_id: uuid.UUID = asker.row
    after = after if re.fullmatch(r"\d{1,15}(-\d{1,15})?", after) else events.FIRST
    ended = False
    checked_at = time.monotonic()
    async with contextlib.aclosing(follow(run_id, after, idle=IDLE)) as pieces:
        async for piece in pieces:
            if not piece or time.monotonic() - checked_at > BELIEVED:
                if await find_current_role(asker) is None:
                    yield _refused(GONE)
                    return
                checked_at = time.monotonic()
            yield "".join(_text(event) for event in piece) or ":\n\n"
            if any(event.kind == "over" for event in piece):
                return
            if piece:
                continue
            state, _ = await find_current_state(run_id)
            if state not in (Run.State.QUEUED, Run.State.RUNNING):
                if ended:
                    yield f"event: over\ndata: {json.dumps({'state': state})}\n\n"
                    return
                # The last events may have arrived after this batch: read once more.
                ended = True


def _text(event: Event) -> str:
    return f"id: {event.id}\nevent: {event.kind}\ndata: {event.json}\n\n"


def _refused(words: str) -> str:
    return f"event: refused\ndata: {json.dumps({'detail': words})}\n\n"
