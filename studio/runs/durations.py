"""How long runs usually take, from a team's own finished runs. Read only."""

from __future__ import annotations

from collections import defaultdict
from statistics import median

from studio.runs.model_choices import CONNECTED, DRAFT, SERVER
from studio.runs.models import Run
from studio.teams.models import Team

NEWEST = 40  # runs that are looked at: old ones were made by other models and machines


def find_usual_seconds(team: Team) -> dict[str, float]:
    """Return the median seconds of a run for each key of a model choice that has made one."""
    finished = Run.objects.filter(
        project__team=team, state=Run.State.FINISHED, started_at__isnull=False, root=None
    ).order_by("-created_at")
    rows = finished.values_list("connection", "rounds", "started_at", "finished_at")
    seconds: dict[str, list[float]] = defaultdict(list)
    for connection, rounds, began, ended in rows[:NEWEST]:
        if began and ended:
            seconds[_make_key(connection, rounds)].append((ended - began).total_seconds())
    return {key: median(values) for key, values in seconds.items()}


def _make_key(connection: int | None, rounds: int) -> str:
    if rounds == 0:
        return DRAFT
    return SERVER if connection is None else f"{CONNECTED}{connection}"
