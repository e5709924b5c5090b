"""The context of the run page: one version, the family's versions, and progress. Read only."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings

from studio.projects.models import Project
from studio.runs import events
from studio.runs.block_overlay import make_overlay
from studio.runs.conversation import list_turns
from studio.runs.model_choices import CONNECTED, list_model_choices
from studio.runs.models import Attempt, Run, WidthView
from studio.runs.preview import Shown, Viewer, make_frame_proof, make_token
from studio.runs.progress import Progress, fold_progress
from studio.runs.score_curve import describe_versions, draw_score_curve
from studio.runs.selectors import find_best_attempt, list_code_files
from studio.runs.services import count_runs_before
from studio.runs.usage import compute_spent
from studio.runs.version_numbers import Version, find_head, list_versions
from studio.teams import access
from studio.teams.models import Role, User
from studio.uploads.models import Upload

# Steps of the draft (look, draft, fit, render, compare, read), and of each attempt of the model.
STAGES, STAGES_OF_A_ROUND = 6, 4
# Width by height from which two pictures are larger above each other than side by side, in a canvas
# that is about square (1440 × 900 with both panels open: 780 × 750).
LANDSCAPE = 1.25
DEVICES = (390, 768, 1024, 1280, 1440)

STOPPED = {
    "no model": "No model is set up, so the layout draft is the result.",
    "good enough": "The requested likeness and code quality were reached.",
    "wish carried out": "The requested change was made.",
    "edited": "Your edit was rendered and scored.",
    "restored": "An earlier version was restored.",
    "no longer improving": "Further rounds no longer improved the result.",
    "rounds spent": "All rounds were used.",
    "time spent": "The time for this run was used up.",
    "tokens spent": "The tokens for this run were used up.",
    "budget spent": "The team's daily budget was used up.",
    "model finished": "The model has finished its work on the page.",
    "model failed": "The model could not answer.",
    "cancelled": "Stopped; the attempts so far are kept.",
    "failed": "The run failed.",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The version shown on the run page; the base version until the run has one of its own.

    `seen` is the version at one mockup's width, and `upload` that mockup.
    """

    attempt: Attempt
    version: Version | None
    of_base: bool
    page_token: str
    seen: Attempt | WidthView
    upload: Upload | None
    widths: tuple[int, ...]  # there are mockups of
    cut: tuple[int, int] = (0, 0)  # pixels at the top and bottom of the picture that are no page

    @property
    def cut_query(self) -> str:
        """What makes the mockup's address that of its page alone."""
        return f"?cut={self.cut[0]},{self.cut[1]}" if any(self.cut) else ""

    @property
    def picture_height(self) -> int:
        """Of the mockup's page, in pixels of the picture."""
        return self.upload.height - sum(self.cut) if self.upload else 0

    @property
    def frame_proof(self) -> str:
        return make_frame_proof(self.page_token)

    @property
    def overlay(self) -> Any:
        return make_overlay(self.seen.blocks, self.seen.differences)

    @property
    def mockup_height(self) -> int:
        """Return the mockup's height in CSS pixels at the version's width."""
        if self.upload is None:
            return 0
        return round(self.picture_height * (self.seen.width or 0) / self.upload.width)

    @property
    def at_width(self) -> str:
        """Return the suffix of its pictures' names."""
        return f"-{self.seen.width}" if isinstance(self.seen, WidthView) else ""


def build_run_context(
    run: Run, number: int | None = None, width: int | None = None, *, by: User, viewer: Viewer
) -> dict[str, Any]:
    """Return everything the run page and its fragments show.

    `number`: the attempt to show, None for the best; `width`: of the mockup, None for the first;
    `viewer`: for whom the preview addresses are made.
    """
    versions = list_versions(run.family)
    own = [version for version in versions if version.attempt.run_id == run.pk]
    stage = _build_stage(run, number, width, versions, viewer)
    role = access.find_role(run.project.team, by)
    turns = list_turns(run, versions)
    is_live = not run.is_over and number is None
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
        "versions": versions,
        "turns": turns,
        "titled": turns[0].run,  # the family's name is its first run's
        "variants": sorted(own, key=lambda version: -(version.attempt.likeness or 0.0)),
        "unrendered": run.attempts.filter(render="").only("number", "source", "error"),
        "curve": draw_score_curve(versions),
        "summary": describe_versions(own),
        "spent": compute_spent(run),
        "devices": DEVICES,
        "shape": _find_shape(stage.upload if stage else run.upload),
        "models": [choice for choice in list_model_choices(run.project.team) if choice.writes],
        "model_key": f"{CONNECTED}{run.connection_id}",
        **_find_neighbors(stage.version if stage else None, versions),
        "stopped": STOPPED.get(run.stop_reason, ""),
        "live_token": make_token(Shown(run.pk, None), viewer) if is_live else "",
        "stages": _count_stages(run),
        "now": int(time.time() * 1000),
        **build_activity_context(run),
    }


def _find_shape(upload: Upload | None) -> dict[str, str]:
    """Return the mockup's width by its height, and its name: "landscape" or "portrait"."""
    ratio = upload.width / upload.height if upload else 0.0
    return {
        "name": "landscape" if ratio >= LANDSCAPE else "portrait",
        "ratio": f"{ratio:.4f}",
    }


def _count_stages(run: Run) -> int:
    """Return the maximum of the progress bar."""
    rounds = run.rounds if settings.MODEL_URL else 0
    return STAGES + STAGES_OF_A_ROUND * rounds


def _list_other_projects(run: Run, by: User) -> Any:
    """Return the team's other active projects, to which the run can be moved."""
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
    """Return the steps so far; empty while Redis is away, because the page must still load."""
    try:
        return fold_progress(events.read_events(run.pk), time.time())
    except redis.RedisError:
        return Progress((), None)


def _build_stage(
    run: Run, number: int | None, width: int | None, versions: list[Version], viewer: Viewer
) -> Stage | None:
    own = find_best_attempt(run) if number is None else run.attempts.filter(number=number).first()
    attempt = own or run.base
    if attempt is None:
        return None
    version = next((version for version in versions if version.attempt.pk == attempt.pk), None)
    token = make_token(Shown(attempt.run_id, attempt.number), viewer)
    views = list(attempt.views.all())
    view = next((view for view in views if view.width == width), None)
    widths = (attempt.width or 0, *(view.width for view in views))
    upload = _find_mockup(run, view.width) if view else run.upload
    cut = (0, 0) if view else _cut_of(run)
    return Stage(attempt, version, own is None, token, view or attempt, upload, widths, cut)


def _cut_of(run: Run) -> tuple[int, int]:
    """What a worker cut off the first mockup, once it has said so."""
    above, below = run.report.get("cut", (0, 0))
    return round(above), round(below)


def _find_mockup(run: Run, width: int) -> Upload | None:
    """Return the mockup of that width in CSS pixels; pictures are 1, 2 or 3 times as wide."""

    def measure_scale_error(upload: Upload) -> float:
        scale = upload.width / width
        return abs(scale - max(1, round(scale)))

    uploads = [mockup.upload for mockup in run.further.select_related("upload")]
    return min(uploads, key=measure_scale_error, default=run.upload)


def _find_neighbors(current: Version | None, versions: list[Version]) -> dict[str, Version | None]:
    """Return the versions before and after `current`, and the newest kept one if it is newer."""
    newest = find_head(versions)
    if current is None:
        return {"before": None, "after": None, "newer": None}
    return {
        "before": next((v for v in versions if v.number == current.number - 1), None),
        "after": next((v for v in versions if v.number == current.number + 1), None),
        "newer": newest if newest and newest.number > current.number else None,
    }
