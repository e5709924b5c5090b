"""The verbs that go on from a version that is there; each makes a run of its own, and so a new
version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.pipeline.bundle import Bundle
from studio.pipeline.bundle_zip import zip_bundle
from studio.pipeline.editing.manual_edits import ManualEdit, apply_changes, describe_changes
from studio.projects.models import Project
from studio.runs import version_files
from studio.runs.models import Attempt, Run
from studio.runs.retention import copy_views
from studio.runs.services import BEGAN, import_name, record_activity, start_run
from studio.teams.models import User
from studio.teams.storage import store_file
from studio.uploads.models import Upload


def follow_up(
    *, base: Attempt, by: User | None, prompt: str, element: str = "", thinking: bool = False
) -> Run:
    """The model changes `base` as `prompt` says; `element`, in words, is the part of the page that
    is meant.
    """
    return _continue_run(
        base, by, kind=Run.Kind.FOLLOW_UP, prompt=prompt, element=element, thinking=thinking
    )


def edit_by_hand(*, base: Attempt, by: User | None, changes: Sequence[ManualEdit]) -> Run:
    """`base` with words, colours or spaces changed by hand; a worker judges what came of it. Raises
    EditError.
    """
    apply_changes(version_files.read_bundle_of(base), changes)
    told = [asdict(change) for change in changes]
    return _continue_run(
        base, by, kind=Run.Kind.EDIT, prompt=describe_changes(changes), changes=told, rounds=0
    )


def start_import(
    *, project: Project, by: User | None, bundle: Bundle, upload: Upload | None, prompt: str = ""
) -> Run:
    """A page that was made elsewhere, as a first version; the file first, for a worker may be
    quicker than this.
    """
    with transaction.atomic():
        run = start_run(project=project, by=by, upload=upload, prompt=prompt, kind=Run.Kind.IMPORT)
        store_file(team_id=project.team_id, name=import_name(run.pk), data=zip_bundle(bundle))
    return run


def restore(*, base: Attempt, by: User | None) -> Run:
    """`base` once more, as the newest version. It was judged before, so no worker need see it."""
    before, now = base.run, timezone.now()
    with transaction.atomic():
        run = Run.objects.create(
            project_id=before.project_id,
            created_by=by,
            upload_id=before.upload_id,
            kind=Run.Kind.RESTORE,
            root_id=before.family,
            base=base,
            stack=before.stack,
            prompt=before.prompt,
            scale=before.scale,
            rounds=0,
            seconds=0,
            tokens=0,
            target=before.target,
            state=Run.State.FINISHED,
            stop_reason="restored",
            started_at=now,
            finished_at=now,
            sent_at=now,
        )
        _copy_mockups(before, run)
        _copy(base, run)
        record_activity(run, by, BEGAN[Run.Kind.RESTORE])
    return run


def _continue_run(
    base: Attempt, by: User | None, *, rounds: int | None = None, **wishes: Any
) -> Run:
    before = base.run
    also = [one.upload for one in before.further.select_related("upload")]
    return start_run(
        project=before.project,
        by=by,
        upload=before.upload,
        also=also,
        stack=before.stack,
        rounds=rounds,
        root_id=before.family,
        base=base,
        connection=before.connection,
        scale=before.scale,
        **wishes,
    )


def _copy(attempt: Attempt, run: Run) -> None:
    """The same version as attempt 0 of another run; files never change, so both rows name the same
    ones.
    """
    twin = Attempt.objects.create(
        run=run,
        number=0,
        source="restore",
        accepted=True,
        seconds={},
        **{
            name: getattr(attempt, name)
            for name in (
                "likeness",
                "parts",
                "quality",
                "quality_parts",
                "differences",
                "blocks",
                "width",
                "height",
                "bundle",
                "render",
                "heatmap",
                "thumbnail",
            )
        },
    )
    copy_views(attempt, twin)


def _copy_mockups(before: Run, run: Run) -> None:
    for one in before.further.all():
        run.further.create(upload_id=one.upload_id, position=one.position)
