"""Name, move, copy, archive, delete and restore runs; each call acts on a whole family of versions."""

from __future__ import annotations

import copy
import uuid
from typing import TypeVar

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from studio.projects.models import Project
from studio.projects.services import copy_name, duplicate_project
from studio.projects.soft_delete import filter_expired
from studio.runs import version_numbers
from studio.runs.models import Attempt, Mockup, Run, WidthView
from studio.runs.services import cancel_run, import_name, record_activity
from studio.teams.models import StoredFile, User
from studio.teams.storage import (
    SETTLED,
    count_older_files,
    delete_files,
    named_files,
    unnamed_files,
)
from studio.uploads.models import Upload

M = TypeVar("M", bound=Model)
FOLDERS = (
    "imports",
    "exports",
)  # flat ones, whose files from before they were counted are found by listing


def rename_run(*, run: Run, name: str) -> None:
    """An empty name: it is called by its prompt again."""
    Run.objects.filter(pk=run.family).update(name=name)


def move_run(*, run: Run, project: Project) -> None:
    """Into another project of the same team; raises ValueError for one of another, whose uploads it
    could not see.
    """
    if project.team_id != run.project.team_id:
        raise ValueError(
            f"{project.name} belongs to another team; a run can be moved within its team only."
        )
    version_numbers.list_members(run.family).update(project=project)


def archive_run(*, run: Run, archived: bool = True) -> None:
    version_numbers.list_members(run.family).update(
        archived_at=timezone.now() if archived else None
    )


def delete_run(*, run: Run, by: User) -> None:
    """Stop what is under way; it seems gone, until `undelete_run` or for good after a while
    (`purge`).
    """
    for one in version_numbers.list_members(run.family):
        cancel_run(run_id=one.pk)
    version_numbers.list_members(run.family).update(deleted_at=timezone.now())
    record_activity(run, by, "deleted")


def undelete_run(*, run: Run, by: User) -> None:
    version_numbers.list_members(run.family).update(deleted_at=None)
    record_activity(run, by, "brought back")


def copy_project(*, project: Project) -> Project:
    """The project beside itself, with a copy of every run that is over."""
    with transaction.atomic():
        twin = duplicate_project(project=project)
        for run in project.runs.filter(root=None, deleted_at=None).order_by("created_at"):
            duplicate_run(run=run, project=twin)
    return twin


def duplicate_run(*, run: Run, project: Project | None = None) -> Run | None:
    """The family's runs that are over, again as a family of its own; None when the first one is
    still under way.

    Files never change, so the copies name the same ones.
    """
    with transaction.atomic():
        runs = [one for one in version_numbers.list_members(run.family) if one.is_over]
        if not runs or runs[0].pk != run.family:
            return None
        twins: dict[uuid.UUID, Run] = {}
        attempts: dict[int, Attempt] = {}
        for one in runs:
            twin = twins[one.pk] = _copy_row(one)
            twin.project = project or one.project
            twin.root = twins[run.family] if one.root_id else None
            twin.base = attempts.get(one.base_id or 0)
            if not one.root_id and project is None:
                twin.name = copy_name(one.title)
            twin.save(force_insert=True)
            Mockup.objects.bulk_create(_copy_row(mockup, run=twin) for mockup in one.further.all())
            for attempt in one.attempts.order_by("pk"):
                attempts[attempt.pk] = _copy_row(attempt, run=twin)
                attempts[attempt.pk].save(force_insert=True)
                copy_views(attempt, attempts[attempt.pk])
    return twins[run.family]


def copy_views(attempt: Attempt, twin: Attempt) -> None:
    """Give `twin` the further widths of `attempt`; files never change, so both name the same ones."""
    WidthView.objects.bulk_create(_copy_row(view, attempt=twin) for view in attempt.views.all())


def purge() -> tuple[int, int]:
    """Remove for good what was deleted long ago, and the files that nothing names; (runs, files)."""
    count_older_files()
    before = _needed_files()
    with transaction.atomic():
        runs = _purge_rows()
    needed = _needed_files()
    doomed = (before | unnamed_files(needed) | _listed_files()) - needed
    return runs, delete_files(doomed)


def _purge_rows() -> int:
    """Delete the rows of expired runs and projects, and uploads that no run shows any more."""
    gone = Run.objects.filter(
        Q(pk__in=filter_expired(Run.objects.all()))
        | Q(project__in=filter_expired(Project.objects.all()))
    )
    uploads = list(Upload.objects.filter(Q(runs__in=gone) | Q(further_runs__in=gone)).distinct())
    runs = gone.count()
    gone.delete()
    filter_expired(Project.objects.all()).delete()
    for upload in uploads:
        if not (upload.runs.exists() or upload.further_runs.exists()):
            names = (upload.file.name, upload.thumbnail.name)
            StoredFile.objects.filter(team=upload.team_id, name__in=names).delete()
            upload.delete()
    return runs


def _needed_files() -> set[str]:
    """What rows name, and the imports that wait for their run."""
    waiting = Run.objects.filter(
        kind=Run.Kind.IMPORT, state__in=(Run.State.QUEUED, Run.State.RUNNING)
    )
    return named_files() | {import_name(run_id) for run_id in waiting.values_list("pk", flat=True)}


def _listed_files() -> set[str]:
    """What lies in the flat folders and has been there for a while, counted or not."""
    found = set()
    for folder in FOLDERS:
        try:
            _, names = default_storage.listdir(folder)
        except FileNotFoundError:  # nothing was stored there yet
            continue
        paths = (f"{folder}/{name}" for name in names)
        found |= {
            path
            for path in paths
            if timezone.now() - default_storage.get_modified_time(path) > SETTLED
        }
    return found


def _copy_row(row: M, **values: object) -> M:
    twin = copy.copy(row)
    twin._state = copy.copy(row._state)
    twin.pk = uuid.uuid4() if isinstance(row, Run) else None
    for name, value in values.items():
        setattr(twin, name, value)
    return twin
