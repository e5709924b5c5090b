"""Gathers what the pages show of runs. Reads only; knows no HTTP."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery

from studio.generation import events
from studio.generation.archive import unzipped, zipped
from studio.generation.models import Attempt, Run
from studio.generation.preview import Shown, make_token
from studio.generation.progress import Progress, progress_of, writing_of
from studio.generation.services import runs_before
from studio.projects.models import Project
from studio.teams import access
from studio.teams.models import User

RECENT = 12
IN_PROJECT = 200  # runs on a project's page; older ones are found through their own addresses
# What a page shows of a long list of differences; the report has them all.
SHOWN_DIFFERENCES = 40
# Steps of the draft (look, draft, fit, render, compare, read), and of each of the model's attempts.
STAGES, STAGES_OF_A_ROUND = 6, 4

STOPPED = {
    "no model": "No model is set up, so the layout draft is the result.",
    "good enough": "Good enough: the likeness asked for was reached, in code to keep.",
    "no longer improving": "Further rounds no longer improved it.",
    "rounds spent": "All rounds were used.",
    "time spent": "The time for this run was used up.",
    "tokens spent": "The tokens for this run were used up.",
    "model failed": "The model could not answer.",
    "cancelled": "Stopped by you; what was there is kept.",
    "failed": "The run broke off.",
}


@dataclass(frozen=True, slots=True)
class CodeFile:
    name: str
    text: str

    @property
    def language(self) -> str:
        return self.name.rpartition(".")[2]


def start_context(user: User, project: Project | None) -> dict[str, Any]:
    """The newest runs (of one project, or of all), and the projects there are."""
    return {
        "runs": recent_runs(user, project),
        "projects": access.visible(Project.objects.annotate(size=Count("runs")), user),
    }


def recent_runs(user: User, project: Project | None = None) -> QuerySet[Run]:
    """The newest runs, each with `likeness` of its best attempt."""
    best = Attempt.objects.filter(run=OuterRef("pk"), accepted=True).order_by("-number").values("likeness")[:1]
    runs = access.visible(Run.objects.select_related("upload", "project"), user).annotate(likeness=Subquery(best))
    return runs.filter(project=project)[:IN_PROJECT] if project else runs[:RECENT]


def best_attempt(run: Run) -> Attempt | None:
    """An attempt is accepted only when it beats all before it, so the last accepted one is the best."""
    return run.attempts.filter(accepted=True).last()


def run_context(run: Run) -> dict[str, Any]:
    """Everything the run page and its fragments show."""
    attempts = list(run.attempts.all())
    best = next((attempt for attempt in reversed(attempts) if attempt.accepted), None)
    return {
        "run": run,
        "attempts": attempts,
        "best": best,
        "files": code_files(best) if best else [],
        "differences": best.differences[:SHOWN_DIFFERENCES] if best else [],
        "stopped": STOPPED.get(run.stop_reason, ""),
        "page_token": make_token(Shown(run.pk, best.number)) if best else "",
        "live_token": "" if run.is_over else make_token(Shown(run.pk, None)),
        "stages": STAGES + STAGES_OF_A_ROUND * run.rounds * bool(settings.MODEL_URL),
        "now": int(time.time() * 1000),
        **activity_context(run),
    }


def activity_context(run: Run) -> dict[str, Any]:
    if run.is_over:
        return {"progress": None, "ahead": 0}
    return {"progress": live_progress(run), "ahead": runs_before(run.pk) if run.state == Run.State.QUEUED else 0}


def live_progress(run: Run) -> Progress:
    """The steps so far; none while Redis is away, for the page must show what the database knows."""
    try:
        return progress_of(events.read(run.pk), time.time())
    except redis.RedisError:
        return Progress((), None)


def code_files(attempt: Attempt) -> list[CodeFile]:
    """The page's text files, index.html first."""
    files = bundle_files(attempt)
    texts = [name for name in files if not name.startswith("assets/")]
    return [
        CodeFile(name, files[name].decode()) for name in sorted(texts, key=lambda name: (name != "index.html", name))
    ]


def bundle_files(attempt: Attempt) -> dict[str, bytes]:
    with attempt.bundle.open() as stored:
        return unzipped(stored.read())


def page_files(shown: Shown) -> dict[str, bytes]:
    """The files of the page that an address shows; empty when there is none (any more)."""
    if shown.attempt is not None:
        attempt = Attempt.objects.filter(run=shown.run, number=shown.attempt).first()
        return bundle_files(attempt) if attempt else {}
    written = writing_of(events.read(shown.run))
    draft = Attempt.objects.filter(run=shown.run).first()
    assets = bundle_files(draft) if draft else {}
    return {**{name: data for name, data in assets.items() if name.startswith("assets/")}, **written}


def download_zip(run: Run, attempt: Attempt) -> bytes:
    """The page's files and assets, the pictures that prove its likeness, and the report."""
    files = bundle_files(attempt)
    for name in ("render", "heatmap"):
        picture = getattr(attempt, name)
        if picture:
            with picture.open() as stored:
                files[f"{name}.png"] = stored.read()
    files["report.json"] = (json.dumps(run.report or _unfinished(run, attempt), indent=2) + "\n").encode()
    return zipped(files)


def _unfinished(run: Run, attempt: Attempt) -> dict[str, Any]:
    """What can be reported of a run that was stopped before its worker could."""
    return {
        "mockup": f"{run.upload.sha256}.png",
        "stop_reason": run.stop_reason or run.state,
        "best": attempt.number,
        "likeness": attempt.likeness,
        "parts": attempt.parts,
        "differences": [difference["words"] for difference in attempt.differences],
    }
