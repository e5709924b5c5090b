"""A run's events as server-sent events: the same stream that the pages' socket carries, for programs."""

from __future__ import annotations

import contextlib
import json
import re
import uuid
from collections.abc import AsyncIterator

from channels.db import database_sync_to_async

from studio.runs import events
from studio.runs.models import Run


async def server_sent_events(run_id: uuid.UUID, after: str) -> AsyncIterator[str]:
    """Text of the events later than `after`, then as they come, until the run is over."""
    after = after if re.fullmatch(r"\d{1,15}(-\d{1,15})?", after) else events.FIRST
    ended = False
    async with contextlib.aclosing(events.follow(run_id, after, idle=2.0)) as pieces:
        async for piece in pieces:
            yield "".join(f"id: {e.id}\nevent: {e.kind}\ndata: {json.dumps(e.data)}\n\n" for e in piece) or ":\n\n"
            if any(event.kind == "over" for event in piece):
                return
            if not piece and (state := await _state(run_id)) not in (Run.State.QUEUED, Run.State.RUNNING):
                if ended:
                    yield f"event: over\ndata: {json.dumps({'state': state})}\n\n"
                    return
                ended = True  # its last events may have come since this piece: they have one more to be read in


@database_sync_to_async  # type: ignore[untyped-decorator]
def _state(run_id: uuid.UUID) -> str:
    return Run.objects.values_list("state", flat=True).filter(pk=run_id).first() or Run.State.CANCELLED
