"""Services that continue an existing version; each creates a run, and so a new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.pipeline.bundle import Bundle
from studio.pipeline.bundle_zip import zip_bundle
from studio.pipeline.editing.file_edits import apply_file_edits, describe_file_edits
from studio.pipeline.editing.manual_edits import ManualEdit, apply_changes, describe_changes
from studio.pipeline.outline.outline_edits import (
    complete_outline,
    describe_outline_changes,
    find_unwritten,
)
from studio.pipeline.outline.schema import Outline, OutlineError, write_outline
from studio.pipeline.stacks.sources import make_readable_sources
from studio.projects.models import Project
from studio.runs import version_files
from studio.runs.models import Attempt, Run
from studio.runs.retention import copy_views
from studio.runs.services import BEGAN, import_name, record_activity, start_run
from studio.teams.models import Connection, User
from studio.teams.storage import store_file
from studio.uploads.models import Upload
from studio.versions.version_outlines import EDITED, read_version_outline

# The columns of an attempt that a restored version takes over.
COPIED = (
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


def follow_up(
    *,
    base: Attempt,
    by: User | None,
    prompt: str,
    element: str = "",
    thinking: bool = False,
    mockup: Upload | None = None,
    **model: Connection | None,
) -> Run:
    """Start a run in which the model changes `base` as `prompt` says.

    `element` describes the part of the page that is meant. `mockup` is what the page is compared
    with from now on, None: as before. `model` is `connection`, or nothing for the one before.
    """
    wishes: dict[str, Any] = {"prompt": prompt, "element": element, "thinking": thinking, **model}
    if mockup is not None:
        wishes |= {"upload": mockup, "also": [], "scale": None}
    return _continue_run(base, by, kind=Run.Kind.FOLLOW_UP, **wishes)


def edit_by_hand(*, base: Attempt, by: User | None, changes: Sequence[ManualEdit]) -> Run:
    """Start a run with `base` edited by a person; a worker renders and scores it.

    Raises EditError.
    """
    changes_data = [asdict(change) for change in changes]
    pictures = version_files.read_pictures(base.run.project.team_id, changes_data)
    apply_changes(version_files.read_bundle_of(base), changes, pictures)
    return _continue_run(
        base,
        by,
        kind=Run.Kind.EDIT,
        prompt=describe_changes(changes),
        changes=changes_data,
        rounds=0,
    )


def edit_code(*, base: Attempt, by: User | None, texts: Mapping[str, str]) -> Run:
    """Start a run with whole files of `base` replaced by what a person wrote.

    Raises EditError.
    """
    sources = make_readable_sources(version_files.read_bundle_of(base), base.run.stack)
    apply_file_edits(sources, texts)
    changes = [{"file": name, "text": text} for name, text in texts.items()]
    prompt = describe_file_edits(texts)
    return _continue_run(base, by, kind=Run.Kind.EDIT, prompt=prompt, changes=changes, rounds=0)


def edit_outline(*, base: Attempt, by: User | None, outline: Outline) -> Run:
    """Start a run that makes the page again from the outline of `base` as a person changed it.

    A model is asked only for added sections whose texts nobody wrote. Raises OutlineError.
    """
    current = read_version_outline(base)
    if current is None:
        raise OutlineError("This version was not made from an outline; edit the page instead.")
    if current.is_edited:
        raise OutlineError(EDITED)
    completed = complete_outline(outline, current.outline)
    prompt = describe_outline_changes(completed, current.outline)
    if not prompt:
        raise OutlineError("Nothing was changed.")
    unwritten = find_unwritten(completed, current.outline)
    changes = [{"outline": write_outline(completed), "write": list(unwritten)}]
    return _continue_run(
        base,
        by,
        kind=Run.Kind.EDIT,
        prompt=prompt,
        changes=changes,
        rounds=1 if unwritten else 0,
    )


def start_import(
    *, project: Project, by: User | None, bundle: Bundle, upload: Upload | None, prompt: str = ""
) -> Run:
    """Start a run from an imported page.

    The file is stored before the transaction commits, because a worker may start at once.
    """
    with transaction.atomic():
        run = start_run(project=project, by=by, upload=upload, prompt=prompt, kind=Run.Kind.IMPORT)
        store_file(team_id=project.team_id, name=import_name(run.pk), data=zip_bundle(bundle))
    return run


def restore(*, base: Attempt, by: User | None) -> Run:
    """Make `base` the newest version again; it was scored before, so no worker is needed."""
    before = base.run
    now = timezone.now()
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
    also = [mockup.upload for mockup in before.further.select_related("upload")]
    same = {
        "upload": before.upload,
        "also": also,
        "connection": before.connection,
        "scale": before.scale,
    }
    return start_run(
        project=before.project,
        by=by,
        stack=before.stack,
        rounds=rounds,
        root_id=before.family,
        base=base,
        **{**same, **wishes},
    )


def _copy(attempt: Attempt, run: Run) -> None:
    """Copy the attempt as attempt 0 of another run; both refer to the same immutable files."""
    twin = Attempt.objects.create(
        run=run,
        number=0,
        source="restore",
        accepted=True,
        seconds={},
        **{name: getattr(attempt, name) for name in COPIED},
    )
    copy_views(attempt, twin)


def _copy_mockups(before: Run, run: Run) -> None:
    for mockup in before.further.all():
        run.further.create(upload_id=mockup.upload_id, position=mockup.position)
