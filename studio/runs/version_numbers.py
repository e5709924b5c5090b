"""Version numbers of a family: v1 … vn. Read only.

Every attempt with a render is a version. Its number is its position in the family by time of
creation, so a number never changes when versions are added.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from studio.runs.models import Attempt, Run

# columns that lists do not show
HEAVY = ("differences", "blocks", "thinking", "quality_parts", "parts")


@dataclass(frozen=True, slots=True)
class Version:
    """One version.

    `kept`: the best of its run, from which people continue; `branched`: its run continued an older
    version than the newest.
    """

    number: int
    attempt: Attempt
    base: int | None
    kept: bool
    branched: bool

    @property
    def run(self) -> Run:
        return self.attempt.run


def list_members(family: uuid.UUID) -> QuerySet[Run]:
    """Return the family's runs, the first one first."""
    return Run.objects.filter(Q(pk=family) | Q(root=family)).order_by("created_at")


def list_versions(family: uuid.UUID) -> list[Version]:
    """Return v1 … vn with a single query."""
    rows = Attempt.objects.filter(Q(run=family) | Q(run__root=family)).exclude(render="")
    attempts = list(rows.select_related("run", "run__created_by").defer(*HEAVY).order_by("pk"))
    numbers = {attempt.pk: number for number, attempt in enumerate(attempts, start=1)}
    best = {attempt.run_id: attempt.pk for attempt in attempts if attempt.accepted}
    heads = _find_heads(attempts, best)
    return [
        Version(
            number=numbers[attempt.pk],
            attempt=attempt,
            base=numbers.get(attempt.run.base_id or 0),
            kept=best.get(attempt.run_id) == attempt.pk,
            branched=heads[attempt.run_id] not in (None, attempt.run.base_id)
            and attempt.run.kind != Run.Kind.RESTORE,
        )
        for attempt in attempts
    ]


def find_head(found: list[Version]) -> Version | None:
    """Return the newest kept version: the family's current one."""
    return next((version for version in reversed(found) if version.kept), None)


def _find_heads(attempts: list[Attempt], best: dict[uuid.UUID, int]) -> dict[uuid.UUID, int | None]:
    """Return for each run the version that was current when it started; None for the first."""
    runs = sorted(
        {attempt.run_id: attempt.run for attempt in attempts}.values(),
        key=lambda run: run.created_at,
    )
    heads: dict[uuid.UUID, int | None] = {}
    head: int | None = None
    for run in runs:
        heads[run.pk] = head
        head = best.get(run.pk, head)
    return heads
