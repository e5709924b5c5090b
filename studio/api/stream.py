"""A run's events as server-sent events: the same stream that the pages' socket carries, for
programs.

It ends with the run, and as soon as its token, or the member whose token it is, may no longer see
the run.
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
from studio.teams.models import ApiToken

IDLE = 1.0  # seconds of silence after which a stream looks whether it may go on
GONE = "This token may no longer see the run."


async def stream_events(
    run_id: uuid.UUID, after: str, token: ApiToken
) -> AsyncGenerator[str, None]:
    """Text of the events later than `after`, then as they come, until the run is over."""
    if refusal := streams().take(token.user_id):
        yield _refused(refusal)
        return
    try:
        async with contextlib.aclosing(_pieces(run_id, after, token)) as pieces:
            async for piece in pieces:
                yield piece
    finally:
        streams().give_back(token.user_id)


async def _pieces(run_id: uuid.UUID, after: str, token: ApiToken) -> AsyncGenerator[str, None]:
    asker = Asked(run_id, token.user_id, token=token.pk)
    after = after if re.fullmatch(r"\d{1,15}(-\d{1,15})?", after) else events.FIRST
    ended, asked = False, time.monotonic()
    async with contextlib.aclosing(follow(run_id, after, idle=IDLE)) as pieces:
        async for piece in pieces:
            if not piece or time.monotonic() - asked > BELIEVED:
                if await find_current_role(asker) is None:
                    yield _refused(GONE)
                    return
                asked = time.monotonic()
            yield "".join(_text(event) for event in piece) or ":\n\n"
            if any(event.kind == "over" for event in piece):
                return
            if not piece and (state := (await find_current_state(run_id))[0]) not in (
                Run.State.QUEUED,
                Run.State.RUNNING,
            ):
                if ended:
                    yield f"event: over\ndata: {json.dumps({'state': state})}\n\n"
                    return
                # its last events may have come since this piece: they have one more to be read in
                ended = True


def _text(event: Event) -> str:
    return f"id: {event.id}\nevent: {event.kind}\ndata: {event.json}\n\n"


def _refused(words: str) -> str:
    return f"event: refused\ndata: {json.dumps({'detail': words})}\n\n"
