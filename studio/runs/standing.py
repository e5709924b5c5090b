"""What everybody who has a run open may still do, and how the runs stand: asked by many, queried
once.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from channels.db import database_sync_to_async

from studio.edge.batches import Batcher
from studio.runs import services
from studio.runs.models import Run
from studio.teams import access
from studio.teams.access import Asked
from studio.teams.models import Role

OVER = (Run.State.CANCELLED, 0)  # of a run that is gone


@database_sync_to_async  # type: ignore[untyped-decorator]
def _fetch_roles(asked: Collection[Asked]) -> Mapping[Asked, Role]:
    return access.standings(Run.objects.all(), asked)


@database_sync_to_async  # type: ignore[untyped-decorator]
def _fetch_states(runs: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[str, int]]:
    states = dict(Run.objects.filter(pk__in=runs).values_list("pk", "state"))
    places = services.places_in_queue() if Run.State.QUEUED in states.values() else {}
    return {
        pk: (state, places.get(pk, 0) if state == Run.State.QUEUED else 0)
        for pk, state in states.items()
    }


_roles: Batcher[Asked, Role] = Batcher(_fetch_roles)
_states: Batcher[uuid.UUID, tuple[str, int]] = Batcher(_fetch_states)


async def role_now(asked: Asked) -> Role | None:
    """The role in which whoever asks may see the run; None when they may not (any more)."""
    return await _roles.ask(asked)


async def state_now(run_id: uuid.UUID) -> tuple[str, int]:
    """Its state, and how many runs have their turn before it while it is queued."""
    return await _states.ask(run_id) or OVER
