"""Version numbers of a family: v1 … vn. Read only.

Every attempt with a render is a version. Its number is its position in the family by time of
creation, deleted ones included, so a number never changes when versions are added or deleted.
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

    `base`: the number of the version it continues, which may be deleted; `kept`: the best of its run,
    from which people continue; `branched`: its run continued an older version than the newest.
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
    """Return v1 … vn without deleted ones, with a single query."""
    numbered = _number_attempts(family)
    numbers = {attempt.pk: number for number, attempt in numbered}
    attempts = [attempt for _, attempt in numbered if attempt.deleted_at is None]
    present = {attempt.pk for attempt in attempts}
    best = {attempt.run_id: attempt.pk for attempt in attempts if attempt.accepted}
    heads = _find_heads(attempts, best)
    return [
        Version(
            number=numbers[attempt.pk],
            attempt=attempt,
            base=numbers.get(attempt.run.base_id or 0),
            kept=best.get(attempt.run_id) == attempt.pk,
            branched=heads[attempt.run_id] not in (None, attempt.run.base_id)
            and attempt.run.base_id in present
            and attempt.run.kind != Run.Kind.RESTORE,
        )
        for attempt in attempts
    ]


def find_deleted_version(family: uuid.UUID, number: int) -> Attempt | None:
    """Return a deleted version that can be brought back."""
    for found, attempt in _number_attempts(family):
        if found == number and attempt.deleted_at is not None and attempt.render:
            return attempt
    return None


def find_head(found: list[Version]) -> Version | None:
    """Return the newest kept version: the family's current one."""
    return next((version for version in reversed(found) if version.kept), None)


def is_last_accepted(attempt: Attempt, versions: list[Version]) -> bool:
    """Return True if the family would have no current version without this one."""
    return not any(each.attempt.accepted for each in versions if each.attempt.pk != attempt.pk)


def _number_attempts(family: uuid.UUID) -> list[tuple[int, Attempt]]:
    """Return the family's versions with their numbers, deleted ones included."""
    rows = Attempt.objects.filter(Q(run=family) | Q(run__root=family))
    # Only versions can be deleted, and `purge` takes the pictures of those.
    versions = rows.exclude(render="", deleted_at=None)
    attempts = versions.select_related("run", "run__created_by").defer(*HEAVY).order_by("pk")
    return list(enumerate(attempts, start=1))


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
