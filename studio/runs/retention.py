"""Name, move, copy, archive, delete and restore runs; each call acts on a whole family of versions."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterable
from typing import TypeVar

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from studio.projects.models import Project
from studio.projects.services import copy_name, duplicate_project
from studio.projects.soft_delete import expired
from studio.runs import version_numbers
from studio.runs.models import Attempt, Mockup, Run
from studio.runs.services import cancel_run, note
from studio.teams.models import User
from studio.uploads.models import Upload

M = TypeVar("M", bound=Model)
STORED = ("bundle", "render", "heatmap", "thumbnail")  # an attempt's files


def rename_run(*, run: Run, name: str) -> None:
    """An empty name: it is called by its prompt again."""
    Run.objects.filter(pk=run.family).update(name=name)


def move_run(*, run: Run, project: Project) -> None:
    """Into another project of the same team; raises ValueError for one of another, whose uploads it could not see."""
    if project.team_id != run.project.team_id:
        raise ValueError(f"{project.name} belongs to another team; a run can be moved within its team only.")
    version_numbers.members(run.family).update(project=project)


def archive_run(*, run: Run, archived: bool = True) -> None:
    version_numbers.members(run.family).update(archived_at=timezone.now() if archived else None)


def delete_run(*, run: Run, by: User) -> None:
    """Stop what is under way; it seems gone, until `undelete_run` or for good after a while (`purge`)."""
    for one in version_numbers.members(run.family):
        cancel_run(run_id=one.pk)
    version_numbers.members(run.family).update(deleted_at=timezone.now())
    note(run, by, "deleted")


def undelete_run(*, run: Run, by: User) -> None:
    version_numbers.members(run.family).update(deleted_at=None)
    note(run, by, "brought back")


def copy_project(*, project: Project) -> Project:
    """The project beside itself, with a copy of every run that is over."""
    with transaction.atomic():
        twin = duplicate_project(project=project)
        for run in project.runs.filter(root=None, deleted_at=None).order_by("created_at"):
            duplicate_run(run=run, project=twin)
    return twin


def duplicate_run(*, run: Run, project: Project | None = None) -> Run | None:
    """The family's runs that are over, again as a family of its own; None when the first one is still under way.

    Files never change, so the copies name the same ones.
    """
    with transaction.atomic():
        runs = [one for one in version_numbers.members(run.family) if one.is_over]
        if not runs or runs[0].pk != run.family:
            return None
        twins: dict[uuid.UUID, Run] = {}
        attempts: dict[int, Attempt] = {}
        for one in runs:
            twin = twins[one.pk] = _again(one)
            twin.project = project or one.project
            twin.root = twins[run.family] if one.root_id else None
            twin.base = attempts.get(one.base_id or 0)
            if not one.root_id and project is None:
                twin.name = copy_name(one.title)
            twin.save(force_insert=True)
            Mockup.objects.bulk_create(_again(mockup, run=twin) for mockup in one.further.all())
            for attempt in one.attempts.order_by("pk"):
                attempts[attempt.pk] = _again(attempt, run=twin)
                attempts[attempt.pk].save(force_insert=True)
    return twins[run.family]


def purge() -> tuple[int, int]:
    """Take out for good what was deleted long ago, and the mockups nothing uses any more; (runs, files)."""
    gone = Run.objects.filter(Q(pk__in=expired(Run.objects.all())) | Q(project__in=expired(Project.objects.all())))
    attempts = Attempt.objects.filter(run__in=gone)
    names = {str(getattr(attempt, field)) for attempt in attempts.iterator() for field in STORED}
    with transaction.atomic():
        uploads = list(Upload.objects.filter(Q(runs__in=gone) | Q(further_runs__in=gone)).distinct())
        runs = gone.count()
        gone.delete()
        expired(Project.objects.all()).delete()
        unused = [one for one in uploads if not (one.runs.exists() or one.further_runs.exists())]
        names |= {str(getattr(one, field)) for one in unused for field in ("file", "thumbnail")}
        Upload.objects.filter(pk__in=[one.pk for one in unused]).delete()
    unnamed = sorted(names - {""} - _named())
    for name in unnamed:
        default_storage.delete(name)
    return runs, len(unnamed)


def _named() -> set[str]:
    """Every file that some row still names; copies share theirs."""
    attempts: Iterable[tuple[str, ...]] = Attempt.objects.values_list(*STORED)
    uploads: Iterable[tuple[str, ...]] = Upload.objects.values_list("file", "thumbnail")
    return {name for rows in (attempts, uploads) for row in rows for name in row}


def _again(row: M, **values: object) -> M:
    twin = copy.copy(row)
    twin._state = copy.copy(row._state)
    twin.pk = uuid.uuid4() if isinstance(row, Run) else None
    for name, value in values.items():
        setattr(twin, name, value)
    return twin
