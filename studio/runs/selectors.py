"""Queries for pages that show runs. Read only, independent of HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse

from studio.pipeline.bundle import ENTRY, Bundle, list_files
from studio.pipeline.bundle_zip import unzip_files, zip_files
from studio.pipeline.stacks.kinds import StackError
from studio.pipeline.stacks.sources import make_preview_files, make_readable_sources
from studio.projects.models import Project
from studio.runs import events, version_files
from studio.runs.models import Attempt, Run
from studio.runs.preview import Shown
from studio.runs.progress import fold_written_files
from studio.teams import access
from studio.teams.models import User

RECENT = 12
IN_PROJECT = 200  # runs on a project's page; older ones are still reachable by their own addresses


@dataclass(frozen=True, slots=True)
class CodeFile:
    name: str
    text: str

    @property
    def language(self) -> str:
        return self.name.rpartition(".")[2]


def build_start_context(user: User, project: Project | None) -> dict[str, Any]:
    """Return the newest runs (of one project, or of all) and the projects."""
    return {
        "runs": list_recent_runs(user, project),
        "projects": access.filter_visible(
            Project.objects.filter(archived_at=None).annotate(size=count_listed_runs()), user
        ),
    }


def count_listed_runs() -> Count:
    """Count the first runs that a project's page lists: neither archived nor deleted."""
    listed = Q(runs__root=None, runs__archived_at=None, runs__deleted_at=None)
    return Count("runs", filter=listed)


def list_recent_runs(user: User, project: Project | None = None) -> QuerySet[Run]:
    """Return the newest first runs that are not archived, with their latest `likeness`."""
    first = Run.objects.filter(root=None, archived_at=None).select_related("upload", "project")
    runs = annotate_likeness(access.filter_visible(first, user))
    if project:
        return runs.filter(project=project)[:IN_PROJECT]
    return runs.filter(project__archived_at=None)[:RECENT]


def annotate_likeness(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Annotate first runs with the `likeness` of their family's newest version, and with its run and
    number if it has a thumbnail.
    """
    own, later = (
        Attempt.objects.filter(**{of: OuterRef("pk")}, accepted=True, deleted_at=None)
        .order_by()
        .values(of)
        .annotate(newest=Max("pk"))
        .values("newest")
        for of in ("run", "run__root")
    )
    # Two subqueries that each use an index: with a single OR, SQLite scans all attempts.
    newest = Greatest(Coalesce(Subquery(own), 0), Coalesce(Subquery(later), 0))
    version = Attempt.objects.filter(pk=OuterRef("newest_version"))
    drawn = version.exclude(thumbnail="")
    return runs.annotate(newest_version=newest).annotate(
        likeness=Subquery(version.values("likeness")[:1]),
        newest_run=Subquery(drawn.values("run")[:1], output_field=UUIDField()),
        newest_number=Subquery(drawn.values("number")[:1]),
    )


def describe_run(run: Run, site: str) -> dict[str, Any]:
    """Return the representation of a run in the API and in webhooks.

    `site` is the studio's address; without one its page's `url` is a path.
    """
    names = (
        "family",
        "kind",
        "state",
        "stop_reason",
        "message",
        "prompt",
        "address",
        "stack",
        "created_at",
        "finished_at",
    )
    return {
        "id": run.pk,
        "project": run.project_id,
        "url": site + reverse("runs:run", args=[run.pk]),
        **{name: getattr(run, name) for name in names},
        **{name: run.report.get(name) for name in ("likeness", "quality")},
        **{name: run.report.get(name, {}) for name in ("tokens", "seconds")},
        "scale": run.report.get("scale", run.scale),
        "scale_reason": run.report.get("scale_reason", ""),
        "notes": run.report.get("notes", []),
    }


def find_best_attempt(run: Run) -> Attempt | None:
    """Return the best attempt: the last accepted one, because only improvements are accepted."""
    return run.attempts.filter(accepted=True, deleted_at=None).last()


def find_attempt(run: Run, number: int) -> Attempt | None:
    """Return the attempt with this number; None if there is none or it was deleted."""
    return run.attempts.filter(number=number, deleted_at=None).first()


def read_source_files(attempt: Attempt) -> dict[str, bytes]:
    """Return the version's readable sources and assets in its run's stack."""
    return list_files(
        make_readable_sources(version_files.read_bundle_of(attempt), attempt.run.stack)
    )


def list_code_files(attempt: Attempt) -> list[CodeFile]:
    """Return the version's text files in its run's stack, index.html first."""
    return list_bundle_files(version_files.read_bundle_of(attempt), attempt.run.stack)


def list_bundle_files(bundle: Bundle, stack: str) -> list[CodeFile]:
    """Return the bundle's text files in the stack, index.html first."""
    files = make_readable_sources(bundle, stack).files
    names = sorted(files, key=lambda name: (name != ENTRY, name))
    return [CodeFile(name, files[name]) for name in names]


def read_bundle_files(attempt: Attempt) -> dict[str, bytes]:
    with attempt.bundle.open() as stored:
        return unzip_files(stored.read())


def read_page_files(shown: Shown) -> Mapping[str, bytes]:
    """Return the files of the page that an address shows; empty if there is none."""
    if shown.attempt is not None:
        attempt = (
            Attempt.objects.filter(run=shown.run, number=shown.attempt, deleted_at=None)
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
    except StackError:  # an incomplete component: show the previous page instead
        return version_files.read_preview_files(draft) if draft else {}


def make_download_zip(run: Run, attempt: Attempt) -> bytes:
    """Zip the version as a project of its stack, with a page that opens, pictures and the report."""
    files = version_files.make_take_away_files(attempt)
    for name in ("render", "heatmap"):
        picture = getattr(attempt, name)
        if picture:
            with picture.open() as stored:
                files[f"{name}.png"] = stored.read()
    report = read_report(run) or _describe_unfinished(run, attempt)
    files["report.json"] = (json.dumps(report, indent=2) + "\n").encode()
    return zip_files(files)


def read_report(run: Run) -> dict[str, Any]:
    """Return the report that the run's worker wrote, without deleted attempts; {} before it did."""
    if not run.report:
        return {}
    deleted = set(run.attempts.exclude(deleted_at=None).values_list("number", flat=True))
    attempts = [each for each in run.report.get("attempts", ()) if each["number"] not in deleted]
    return {**run.report, "attempts": attempts}


def _describe_unfinished(run: Run, attempt: Attempt) -> dict[str, Any]:
    """Return a report for a run that was stopped before its worker wrote one."""
    return {
        "mockup": run.mockup_name,
        "stop_reason": run.stop_reason or run.state,
        "best": attempt.number,
        "likeness": attempt.likeness,
        "parts": attempt.parts,
        "differences": [difference["words"] for difference in attempt.differences],
    }
