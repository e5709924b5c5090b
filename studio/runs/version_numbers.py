"""Counts the versions that came of a first run and of all that go on from it: v1 … vn. Reads only.

Every attempt with a render is a version; its number is its place among the family's, by when it was
made, so that a number never changes while another version is added.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from studio.runs.models import Attempt, Run

HEAVY = ("differences", "blocks", "thinking", "quality_parts", "parts")  # what a list does not show


@dataclass(frozen=True, slots=True)
class Version:
    """`kept`: the best of its run, what a person goes on from; `branched`: it left a newer version
    aside.
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
    """The family's runs, the first one first."""
    return Run.objects.filter(Q(pk=family) | Q(root=family)).order_by("created_at")


def list_versions(family: uuid.UUID) -> list[Version]:
    """v1 … vn, in one query however many there are."""
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
    """The version that the family is at: the newest that was kept."""
    return next((version for version in reversed(found) if version.kept), None)


def _find_heads(attempts: list[Attempt], best: dict[uuid.UUID, int]) -> dict[uuid.UUID, int | None]:
    """For each run the version that the family was at when it was started; None for the first."""
    runs = sorted(
        {attempt.run_id: attempt.run for attempt in attempts}.values(),
        key=lambda run: run.created_at,
    )
    heads: dict[uuid.UUID, int | None] = {}
    at: int | None = None
    for run in runs:
        heads[run.pk] = at
        at = best.get(run.pk, at)
    return heads
