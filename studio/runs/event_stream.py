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

FIRST = f"{events.FIRST}-0"
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


def read_event_id(text: str) -> str:
    """Return the id of a `Last-Event-ID` header; empty for none or an invalid one."""
    if not re.fullmatch(r"\d{1,15}(-\d{1,15})?", text):
        return ""
    return text if "-" in text else f"{text}-0"


def has_seen_end(run: Run, last: str) -> bool:
    """Return whether a reader that came to the id `last` has seen the end of the run."""
    if not last or not run.is_over:
        return False
    newest = events.find_newest_event(run.pk)
    if newest is None:
        return True
    seen, end = events.parse_event_id(last), events.parse_event_id(newest.id)
    # Later ids than the newest are only given to an end that has no event of its own.
    return seen > end or (seen == end and newest.kind == "over")


async def _pieces(asker: Asked, after: str) -> AsyncGenerator[str, None]:
    run_id: uuid.UUID = asker.row
    last = after or FIRST
    ended = False
    checked_at = time.monotonic()
    async with contextlib.aclosing(follow(run_id, last, idle=IDLE)) as pieces:
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
                last = piece[-1].id
                continue
            state, _ = await find_current_state(run_id)
            if state not in (Run.State.QUEUED, Run.State.RUNNING):
                if ended:
                    yield _make_end(last, state)
                    return
                # The last events may have arrived after this batch: read once more.
                ended = True


def _make_end(last: str, state: str) -> str:
    """Return an end whose own event is gone; its id lets a reader say that it has seen it."""
    event_id = events.follow_event_id(last)
    return f"id: {event_id}\nevent: over\ndata: {json.dumps({'state': state})}\n\n"


def _text(event: Event) -> str:
    return f"id: {event.id}\nevent: {event.kind}\ndata: {event.json}\n\n"


def _refused(words: str) -> str:
    return f"event: refused\ndata: {json.dumps({'detail': words})}\n\n"
