"""Gathers what the pages show of runs. Reads only; knows no HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import redis
from django.db.models import Count, OuterRef, QuerySet, Subquery

from studio.generation import events
from studio.generation.archive import unzipped, zipped
from studio.generation.models import Attempt, Run
from studio.generation.progress import Progress, progress_of

RECENT = 12
# What a page shows of a long list of differences; the report has them all.
SHOWN_DIFFERENCES = 40

STOPPED = {
    "no model": "No model is set up, so the layout draft is the result.",
    "good enough": "Good enough: the likeness asked for was reached.",
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


def recent_runs() -> QuerySet[Run]:
    """The newest runs, each with `likeness` of its best attempt and `tries`."""
    best = Attempt.objects.filter(run=OuterRef("pk"), accepted=True).order_by("-number").values("likeness")[:1]
    return Run.objects.select_related("upload").annotate(likeness=Subquery(best), tries=Count("attempts"))[:RECENT]


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
        **activity_context(run),
    }


def activity_context(run: Run) -> dict[str, Any]:
    if run.is_over:
        return {"progress": None, "ahead": 0}
    ahead = Run.objects.filter(state=Run.State.QUEUED, created_at__lt=run.created_at).count()
    return {"progress": live_progress(run), "ahead": ahead}


def live_progress(run: Run) -> Progress:
    """The steps so far; none while Redis is away, for the page must show what the database knows."""
    try:
        return progress_of(events.read(run.pk), events.now())
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
