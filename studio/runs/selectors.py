"""Gathers what the pages show of runs. Reads only; knows no HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse

from studio.pipeline.bundle import ENTRY, Bundle, list_files
from studio.pipeline.bundle_zip import unzip_files, zip_files
from studio.pipeline.stacks import StackError
from studio.pipeline.stacks.sources import make_preview_files, make_readable_sources
from studio.projects.models import Project
from studio.runs import events, version_files
from studio.runs.models import Attempt, Run
from studio.runs.preview import Shown
from studio.runs.progress import fold_written_files
from studio.teams import access
from studio.teams.models import User

RECENT = 12
IN_PROJECT = 200  # runs on a project's page; older ones are found through their own addresses


@dataclass(frozen=True, slots=True)
class CodeFile:
    name: str
    text: str

    @property
    def language(self) -> str:
        return self.name.rpartition(".")[2]


def build_start_context(user: User, project: Project | None) -> dict[str, Any]:
    """The newest runs (of one project, or of all), and the projects there are."""
    present = Count("runs", filter=Q(runs__deleted_at=None))
    return {
        "runs": list_recent_runs(user, project),
        "projects": access.filter_visible(
            Project.objects.filter(archived_at=None).annotate(size=present), user
        ),
    }


def list_recent_runs(user: User, project: Project | None = None) -> QuerySet[Run]:
    """The newest first runs at hand, each with the `likeness` of its family's newest version."""
    first = Run.objects.filter(root=None, archived_at=None).select_related("upload", "project")
    runs = annotate_likeness(access.filter_visible(first, user))
    return (
        runs.filter(project=project)[:IN_PROJECT]
        if project
        else runs.filter(project__archived_at=None)[:RECENT]
    )


def annotate_likeness(runs: QuerySet[Run]) -> QuerySet[Run]:
    """First runs, each with the `likeness` of its family's newest version."""
    own, later = (
        Attempt.objects.filter(**{of: OuterRef("pk")}, accepted=True)
        .order_by()
        .values(of)
        .annotate(newest=Max("pk"))
        .values("newest")
        for of in ("run", "run__root")
    )
    # Two subqueries that each use an index: with "one or the other" SQLite reads every attempt
    # there is.
    newest = Greatest(Coalesce(Subquery(own), 0), Coalesce(Subquery(later), 0))
    version = Attempt.objects.filter(pk=OuterRef("newest_version"))
    return runs.annotate(newest_version=newest).annotate(
        likeness=Subquery(version.values("likeness")[:1])
    )


def describe_run(run: Run) -> dict[str, Any]:
    """What programs are told of a run; its page is at `path`."""
    names = (
        "family",
        "kind",
        "state",
        "stop_reason",
        "message",
        "prompt",
        "stack",
        "created_at",
        "finished_at",
    )
    return {
        "id": run.pk,
        "project": run.project_id,
        "path": reverse("runs:run", args=[run.pk]),
        **{name: getattr(run, name) for name in names},
        **{name: run.report.get(name) for name in ("likeness", "quality")},
        **{name: run.report.get(name, {}) for name in ("tokens", "seconds")},
        "scale": run.report.get("scale", run.scale),
        "scale_reason": run.report.get("scale_reason", ""),
        "notes": run.report.get("notes", []),
    }


def find_best_attempt(run: Run) -> Attempt | None:
    """An attempt is accepted only when it beats all before it, so the last accepted one is the
    best.
    """
    return run.attempts.filter(accepted=True).last()


def read_source_files(attempt: Attempt) -> dict[str, bytes]:
    """All that a person reads of the version, and its pictures, in its run's stack."""
    return list_files(
        make_readable_sources(version_files.read_bundle_of(attempt), attempt.run.stack)
    )


def list_code_files(attempt: Attempt) -> list[CodeFile]:
    """The version's text files in its run's stack, index.html first."""
    files = make_readable_sources(version_files.read_bundle_of(attempt), attempt.run.stack).files
    return [
        CodeFile(name, files[name])
        for name in sorted(files, key=lambda name: (name != ENTRY, name))
    ]


def read_bundle_files(attempt: Attempt) -> dict[str, bytes]:
    with attempt.bundle.open() as stored:
        return unzip_files(stored.read())


def read_page_files(shown: Shown) -> Mapping[str, bytes]:
    """The files of the page that an address shows; empty when there is none (any more)."""
    if shown.attempt is not None:
        attempt = (
            Attempt.objects.filter(run=shown.run, number=shown.attempt)
            .select_related("run")
            .first()
        )
        return version_files.read_preview_files(attempt) if attempt else {}
    written = {
        name: text.decode()
        for name, text in fold_written_files(events.read_events(shown.run)).items()
    }
    draft = Attempt.objects.filter(run=shown.run).select_related("run").first()
    assets = read_bundle_files(draft) if draft else {}
    bundle = Bundle(
        written, {name: data for name, data in assets.items() if name.startswith("assets/")}
    )
    try:
        return make_preview_files(
            bundle, Run.objects.values_list("stack", flat=True).get(pk=shown.run)
        )
    except StackError:  # half a component; the page as it was is better than none
        return version_files.read_preview_files(draft) if draft else {}


def make_download_zip(run: Run, attempt: Attempt) -> bytes:
    """The version as a project of its stack, the pictures that prove its likeness, and the report."""
    files = version_files.make_project_files(attempt)
    for name in ("render", "heatmap"):
        picture = getattr(attempt, name)
        if picture:
            with picture.open() as stored:
                files[f"{name}.png"] = stored.read()
    files["report.json"] = (
        json.dumps(run.report or _describe_unfinished(run, attempt), indent=2) + "\n"
    ).encode()
    return zip_files(files)


def _describe_unfinished(run: Run, attempt: Attempt) -> dict[str, Any]:
    """What can be reported of a run that was stopped before its worker could."""
    return {
        "mockup": run.mockup_name,
        "stop_reason": run.stop_reason or run.state,
        "best": attempt.number,
        "likeness": attempt.likeness,
        "parts": attempt.parts,
        "differences": [difference["words"] for difference in attempt.differences],
    }
