"""The context of the run page: one version, the family's versions, and progress. Read only."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings
from django.utils.translation import gettext_lazy

from studio.capture.widths import USUAL_WIDTH
from studio.projects.models import Project
from studio.runs import events
from studio.runs.block_overlay import make_overlay
from studio.runs.conversation import list_turns
from studio.runs.model_choices import CONNECTED, list_model_choices
from studio.runs.models import Attempt, Run, WidthView
from studio.runs.outline_names import find_shown_outline
from studio.runs.preview import Shown, Viewer, make_frame_proof, make_token
from studio.runs.progress import Progress, fold_progress
from studio.runs.score_curve import describe_versions, draw_score_curve
from studio.runs.selectors import find_attempt, find_best_attempt, list_bundle_files
from studio.runs.services import count_runs_before
from studio.runs.usage import compute_spent
from studio.runs.version_files import read_bundle_of
from studio.runs.version_numbers import Version, find_head, is_last_accepted, list_versions
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
    "no model": gettext_lazy("No model wrote this page: the layout draft is the result."),
    "good enough": gettext_lazy("The requested likeness and code quality were reached."),
    "wish carried out": gettext_lazy("The requested change was made."),
    "edited": gettext_lazy("Your edit was rendered and scored."),
    "restored": gettext_lazy("An earlier version was restored."),
    "no longer improving": gettext_lazy("Further rounds no longer improved the result."),
    "rounds spent": gettext_lazy("All rounds were used."),
    "time spent": gettext_lazy("The time for this run was used up."),
    "tokens spent": gettext_lazy("The tokens for this run were used up."),
    "budget spent": gettext_lazy("The team's daily budget was used up."),
    "model finished": gettext_lazy("The model has finished its work on the page."),
    "model failed": gettext_lazy("The model could not answer."),
    "cancelled": gettext_lazy("Stopped; the attempts so far are kept."),
    "failed": gettext_lazy("The run failed."),
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
    # Pixels at the picture's top, bottom, left and right that are no page.
    cut: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def cut_query(self) -> str:
        """What makes the mockup's address that of its page alone."""
        return f"?cut={','.join(map(str, self.cut))}" if any(self.cut) else ""

    @property
    def picture_width(self) -> int:
        """Of the mockup's page, in pixels of the picture."""
        return self.upload.width - self.cut[2] - self.cut[3] if self.upload else 0

    @property
    def picture_height(self) -> int:
        """Of the mockup's page, in pixels of the picture."""
        return self.upload.height - self.cut[0] - self.cut[1] if self.upload else 0

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
        return round(self.picture_height * (self.seen.width or 0) / self.picture_width)

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
    best = stage.attempt if stage and not stage.of_base else None
    role = access.find_role(run.project.team, by)
    turns = list_turns(run, versions)
    is_live = not run.is_over and number is None
    activity = build_activity_context(run)
    bundle = read_bundle_of(stage.attempt) if stage else None
    return {
        "run": run,
        "role": role,
        "may_edit": role in Role.EDITOR.at_least,
        "assumed_width": run.address_width or USUAL_WIDTH,
        "usual_width": USUAL_WIDTH,
        "elsewhere": _list_other_projects(run, by),
        "asked": number,
        "wide": width,
        "stage": stage,
        "best": best,
        "is_deletable": _is_deletable(run, best, versions),
        "successor": _find_successor(run, versions) if best is None and run.is_over else None,
        "files": list_bundle_files(bundle, stage.attempt.run.stack) if stage and bundle else [],
        "versions": versions,
        "turns": turns,
        "titled": turns[0].run,  # the family's name is its first run's
        "variants": sorted(own, key=lambda version: -(version.attempt.likeness or 0.0)),
        "unrendered": run.attempts.filter(render="", deleted_at=None).only(
            "number", "source", "error"
        ),
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
        "outline": find_shown_outline(run, activity["progress"], bundle),
        **activity,
    }


def _is_deletable(run: Run, shown: Attempt | None, versions: list[Version]) -> bool:
    """Return True if the version that is shown may be deleted: another kept one stays."""
    if shown is None or not shown.render or not run.is_over:
        return False
    return not is_last_accepted(shown, versions)


def _find_successor(run: Run, versions: list[Version]) -> Run | None:
    """Return the family's current run if all kept versions of this one were deleted."""
    head = find_head(versions)
    if head is None or not run.attempts.filter(accepted=True).exclude(deleted_at=None).exists():
        return None
    return head.run


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
    own = find_best_attempt(run) if number is None else find_attempt(run, number)
    base = run.base if run.base and run.base.deleted_at is None else None
    attempt = own or base
    if attempt is None:
        return None
    version = next((version for version in versions if version.attempt.pk == attempt.pk), None)
    token = make_token(Shown(attempt.run_id, attempt.number), viewer)
    views = list(attempt.views.all())
    view = next((view for view in views if view.width == width), None)
    widths = (attempt.width or 0, *(view.width for view in views))
    upload = _find_mockup(run, view.width) if view else run.upload
    cut = (0, 0, 0, 0) if view else _cut_of(run)
    return Stage(attempt, version, own is None, token, view or attempt, upload, widths, cut)


def _cut_of(run: Run) -> tuple[int, int, int, int]:
    """What a worker cut off the first mockup, once it has said so."""
    above, below, left, right = (*run.report.get("cut", ()), 0, 0, 0, 0)[:4]
    return round(above), round(below), round(left), round(right)


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
        "before": next((v for v in reversed(versions) if v.number < current.number), None),
        "after": next((v for v in versions if v.number > current.number), None),
        "newer": newest if newest and newest.number > current.number else None,
    }
