"""Current roles and run states for many open pages, batched into few queries."""

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

OVER = (Run.State.CANCELLED, 0)  # of a run that no longer exists


@database_sync_to_async  # type: ignore[untyped-decorator]
def _fetch_roles(asked: Collection[Asked]) -> Mapping[Asked, Role]:
    return access.standings(Run.objects.all(), asked)


@database_sync_to_async  # type: ignore[untyped-decorator]
def _fetch_states(runs: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[str, int]]:
    states = dict(Run.objects.filter(pk__in=runs).values_list("pk", "state"))
    places = services.count_queue_places() if Run.State.QUEUED in states.values() else {}
    return {
        pk: (state, places.get(pk, 0) if state == Run.State.QUEUED else 0)
        for pk, state in states.items()
    }


_roles: Batcher[Asked, Role] = Batcher(_fetch_roles)
_states: Batcher[uuid.UUID, tuple[str, int]] = Batcher(_fetch_states)


async def find_current_role(asked: Asked) -> Role | None:
    """Return the role in which the asker may see the run; None without access."""
    return await _roles.ask(asked)


async def find_current_state(run_id: uuid.UUID) -> tuple[str, int]:
    """Return the run's state and, while it is queued, how many runs come before it."""
    return await _states.ask(run_id) or OVER
