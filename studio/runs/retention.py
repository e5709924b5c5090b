"""Name, move, copy, archive, delete and restore runs; each call acts on a whole family of versions.

`studio.versions.deletion` deletes single versions; `purge` here removes what both deleted.
"""

from __future__ import annotations

import copy
import uuid
from typing import TypeVar

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

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
)  # files there that predate the size accounting are found by listing the folders


def rename_run(*, run: Run, name: str) -> None:
    """Set the name; an empty name shows the prompt again."""
    Run.objects.filter(pk=run.family).update(name=name)


def move_run(*, run: Run, project: Project) -> None:
    """Move the run to another project of the same team.

    Raises ValueError for another team's project, which has no access to the uploads.
    """
    if project.team_id != run.project.team_id:
        raise ValueError(
            gettext(
                "{name} belongs to another team; a run can be moved within its team only."
            ).format(name=project.name)
        )
    version_numbers.list_members(run.family).update(project=project)


def archive_run(*, run: Run, archived: bool = True) -> None:
    version_numbers.list_members(run.family).update(
        archived_at=timezone.now() if archived else None
    )


def delete_run(*, run: Run, by: User) -> None:
    """Cancel active runs of the family and hide it until `undelete_run` or `purge`."""
    for member in version_numbers.list_members(run.family):
        cancel_run(run_id=member.pk)
    version_numbers.list_members(run.family).update(deleted_at=timezone.now())
    record_activity(run, by, gettext_noop("deleted"))


def undelete_run(*, run: Run, by: User) -> None:
    version_numbers.list_members(run.family).update(deleted_at=None)
    record_activity(run, by, gettext_noop("brought back"))


def copy_project(*, project: Project) -> Project:
    """Duplicate the project with a copy of every finished run."""
    with transaction.atomic():
        twin = duplicate_project(project=project)
        for run in project.runs.filter(root=None, deleted_at=None).order_by("created_at"):
            duplicate_run(run=run, project=twin)
    return twin


def duplicate_run(*, run: Run, project: Project | None = None) -> Run | None:
    """Copy the family's finished runs as a new family; None while the first one is active.

    Files never change, so the copies refer to the same ones.
    """
    with transaction.atomic():
        runs = [member for member in version_numbers.list_members(run.family) if member.is_over]
        if not runs or runs[0].pk != run.family:
            return None
        twins: dict[uuid.UUID, Run] = {}
        attempts: dict[int, Attempt] = {}
        for member in runs:
            twin = twins[member.pk] = _copy_row(member)
            twin.project = project or member.project
            twin.root = twins[run.family] if member.root_id else None
            twin.base = attempts.get(member.base_id or 0)
            if not member.root_id and project is None:
                twin.name = copy_name(member.title)
            twin.save(force_insert=True)
            Mockup.objects.bulk_create(
                _copy_row(mockup, run=twin) for mockup in member.further.all()
            )
            for attempt in member.attempts.order_by("pk"):
                attempts[attempt.pk] = _copy_row(attempt, run=twin)
                attempts[attempt.pk].save(force_insert=True)
                copy_views(attempt, attempts[attempt.pk])
    return twins[run.family]


def copy_views(attempt: Attempt, twin: Attempt) -> None:
    """Copy the further widths of `attempt` to `twin`; both refer to the same immutable files."""
    WidthView.objects.bulk_create(_copy_row(view, attempt=twin) for view in attempt.views.all())


def purge() -> tuple[int, int]:
    """Delete expired runs and versions for good, and files without a row; return (runs, files)."""
    count_older_files()
    before = list_needed_files()
    with transaction.atomic():
        runs = _purge_rows()
        _empty_deleted_versions()
    needed = list_needed_files()
    doomed = (before | unnamed_files(needed) | _listed_files()) - needed
    return runs, delete_files(doomed)


def _purge_rows() -> int:
    """Delete the rows of expired runs and projects, and uploads no run uses any more."""
    expired = Run.objects.filter(
        Q(pk__in=filter_expired(Run.objects.all()))
        | Q(project__in=filter_expired(Project.objects.all()))
    )
    uploads = list(
        Upload.objects.filter(Q(runs__in=expired) | Q(further_runs__in=expired)).distinct()
    )
    runs = expired.count()
    expired.delete()
    filter_expired(Project.objects.all()).delete()
    for upload in uploads:
        if not (upload.runs.exists() or upload.further_runs.exists()):
            names = (upload.file.name, upload.thumbnail.name)
            StoredFile.objects.filter(team=upload.team_id, name__in=names).delete()
            upload.delete()
    return runs


def _empty_deleted_versions() -> None:
    """Remove the content of expired versions; their rows stay, because versions are numbered by them."""
    expired = filter_expired(Attempt.objects.exclude(bundle=""))
    WidthView.objects.filter(attempt__in=expired).delete()
    expired.update(
        bundle="",
        render="",
        heatmap="",
        thumbnail="",
        thinking="",
        differences=[],
        blocks=[],
    )


def list_needed_files() -> set[str]:
    """Return the files that rows name, and the imports of unfinished runs."""
    waiting = Run.objects.filter(
        kind=Run.Kind.IMPORT, state__in=(Run.State.QUEUED, Run.State.RUNNING)
    )
    return named_files() | {import_name(run_id) for run_id in waiting.values_list("pk", flat=True)}


def _listed_files() -> set[str]:
    """Return old files in the flat folders, whether accounted for or not."""
    old_files = set()
    for folder in FOLDERS:
        try:
            _, names = default_storage.listdir(folder)
        except FileNotFoundError:  # nothing was stored there yet
            continue
        paths = (f"{folder}/{name}" for name in names)
        old_files |= {
            path
            for path in paths
            if timezone.now() - default_storage.get_modified_time(path) > SETTLED
        }
    return old_files


def _copy_row(row: M, **values: object) -> M:
    twin = copy.copy(row)
    twin._state = copy.copy(row._state)
    twin.pk = uuid.uuid4() if isinstance(row, Run) else None
    for name, value in values.items():
        setattr(twin, name, value)
    return twin
