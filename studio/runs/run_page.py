"""Gathers what a run's page shows: one version, the list of all in its family, and how the run
goes. Reads only.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings

from studio.projects.models import Project
from studio.runs import events
from studio.runs.block_overlay import make_overlay
from studio.runs.model_choices import has_model
from studio.runs.models import Attempt, Run, WidthView
from studio.runs.preview import Shown, Viewer, frame_proof, make_token
from studio.runs.progress import Progress, fold_progress
from studio.runs.score_curve import describe_versions, draw_score_curve
from studio.runs.selectors import find_best_attempt, list_code_files
from studio.runs.services import count_runs_before
from studio.runs.usage import compute_spent
from studio.runs.version_numbers import Version, find_head, list_versions
from studio.teams import access
from studio.teams.models import Role, User
from studio.uploads.models import Upload

# Steps of the draft (look, draft, fit, render, compare, read), and of each of the model's attempts.
STAGES, STAGES_OF_A_ROUND = 6, 4
DEVICES = (390, 768, 1024, 1280, 1440)

STOPPED = {
    "no model": "No model is set up, so the layout draft is the result.",
    "good enough": "Good enough: the likeness asked for was reached, in code to keep.",
    "wish carried out": "What you asked for is done.",
    "edited": "Your change, rendered and judged.",
    "restored": "An earlier version, once more.",
    "no longer improving": "Further rounds no longer improved it.",
    "rounds spent": "All rounds were used.",
    "time spent": "The time for this run was used up.",
    "tokens spent": "The tokens for this run were used up.",
    "budget spent": "What the team may use in a day was used up.",
    "model failed": "The model could not answer.",
    "cancelled": "Stopped by you; what was there is kept.",
    "failed": "The run broke off.",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What is looked at: a version, or while there is none yet the version that the run goes on
    from.

    `seen` is the version at one mockup's width, and `upload` that mockup.
    """

    attempt: Attempt
    version: Version | None
    of_base: bool
    page_token: str
    seen: Attempt | WidthView
    upload: Upload | None
    widths: tuple[int, ...]  # there are mockups of

    @property
    def frame_proof(self) -> str:
        return frame_proof(self.page_token)

    @property
    def overlay(self) -> Any:
        return make_overlay(self.seen.blocks, self.seen.differences)

    @property
    def mockup_height(self) -> int:
        """In the CSS pixels of the version's width."""
        return (
            round(self.upload.height * (self.seen.width or 0) / self.upload.width)
            if self.upload
            else 0
        )

    @property
    def at_width(self) -> str:
        """What the names of its pictures end in."""
        return f"-{self.seen.width}" if isinstance(self.seen, WidthView) else ""


def build_run_context(
    run: Run, number: int | None = None, width: int | None = None, *, by: User, viewer: Viewer
) -> dict[str, Any]:
    """Everything the run page and its fragments show.

    `number`: of the attempt to look at, None for the best; `width`: of the mockup, None for the
    first; `viewer`: for whom its previews' addresses are.
    """
    found = list_versions(run.family)
    own = [version for version in found if version.attempt.run_id == run.pk]
    stage = _build_stage(run, number, width, found, viewer)
    role = access.find_role(run.project.team, by)
    return {
        "run": run,
        "role": role,
        "may_edit": role in Role.EDITOR.at_least,
        "elsewhere": _list_other_projects(run, by),
        "asked": number,
        "wide": width,
        "stage": stage,
        "best": stage.attempt if stage and not stage.of_base else None,
        "files": list_code_files(stage.attempt) if stage else [],
        "versions": found,
        "variants": sorted(own, key=lambda version: -(version.attempt.likeness or 0.0)),
        "unrendered": run.attempts.filter(render="").only("number", "source", "error"),
        "curve": draw_score_curve(found),
        "summary": describe_versions(own),
        "spent": compute_spent(run),
        "devices": DEVICES,
        "model": has_model(run.project.team),
        **_find_neighbors(stage.version if stage else None, found),
        "stopped": STOPPED.get(run.stop_reason, ""),
        "live_token": ""
        if run.is_over or number is not None
        else make_token(Shown(run.pk, None), viewer),
        "stages": STAGES + STAGES_OF_A_ROUND * run.rounds * bool(settings.MODEL_URL),
        "now": int(time.time() * 1000),
        **build_activity_context(run),
    }


def _list_other_projects(run: Run, by: User) -> Any:
    """The team's other projects at hand, where the run can be moved to."""
    others = Project.objects.filter(team=run.project.team_id, archived_at=None).exclude(
        pk=run.project_id
    )
    return access.filter_visible(others, by, need=Role.EDITOR).order_by("name")


def build_activity_context(run: Run) -> dict[str, Any]:
    if run.is_over:
        return {"progress": None, "ahead": 0}
    return {
        "progress": read_live_progress(run),
        "ahead": count_runs_before(run.pk) if run.state == Run.State.QUEUED else 0,
    }


def read_live_progress(run: Run) -> Progress:
    """The steps so far; none while Redis is away, for the page must show what the database knows."""
    try:
        return fold_progress(events.read_events(run.pk), time.time())
    except redis.RedisError:
        return Progress((), None)


def _build_stage(
    run: Run, number: int | None, width: int | None, found: list[Version], viewer: Viewer
) -> Stage | None:
    own = find_best_attempt(run) if number is None else run.attempts.filter(number=number).first()
    attempt = own or run.base
    if attempt is None:
        return None
    version = next((one for one in found if one.attempt.pk == attempt.pk), None)
    token = make_token(Shown(attempt.run_id, attempt.number), viewer)
    views = list(attempt.views.all())
    seen = next((view for view in views if view.width == width), None)
    widths = (attempt.width or 0, *(view.width for view in views))
    upload = _find_mockup(run, seen.width) if seen else run.upload
    return Stage(attempt, version, own is None, token, seen or attempt, upload, widths)


def _find_mockup(run: Run, width: int) -> Upload | None:
    """The further mockup of that width in CSS pixels: its own width is once, twice or three times
    as many.
    """

    def off(upload: Upload) -> float:
        scale = upload.width / width
        return abs(scale - max(1, round(scale)))

    return min(
        (one.upload for one in run.further.select_related("upload")), key=off, default=run.upload
    )


def _find_neighbors(at: Version | None, found: list[Version]) -> dict[str, Version | None]:
    """The versions before and after, and the newest that was kept where it is another one."""
    newest = find_head(found)
    if at is None:
        return {"before": None, "after": None, "newer": None}
    return {
        "before": next((v for v in found if v.number == at.number - 1), None),
        "after": next((v for v in found if v.number == at.number + 1), None),
        "newer": newest if newest and newest.number > at.number else None,
    }
