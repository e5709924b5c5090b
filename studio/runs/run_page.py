"""The context of the run page: its status, one version, the history, and the next request. Read only."""

from __future__ import annotations

import time
from typing import Any

import redis
from django.conf import settings
from django.utils.translation import gettext_lazy

from studio.capture.widths import USUAL_WIDTH
from studio.pipeline.bundle import Bundle
from studio.projects.models import Project
from studio.runs import events
from studio.runs.conversation import list_turns
from studio.runs.model_choices import CONNECTED, list_model_choices
from studio.runs.models import Attempt, Run
from studio.runs.outline_names import find_shown_outline
from studio.runs.preview import Shown, Viewer, make_token
from studio.runs.progress import Progress, fold_progress
from studio.runs.run_stage import Stage, build_stage, find_shape
from studio.runs.score_curve import describe_versions, draw_score_curve
from studio.runs.selectors import list_bundle_files
from studio.runs.services import count_runs_before
from studio.runs.usage import compute_spent
from studio.runs.version_files import read_bundle_of
from studio.runs.version_numbers import Version, find_head, is_last_accepted, list_versions
from studio.teams import access
from studio.teams.models import Role, User

# Steps of the draft (look, draft, fit, render, compare, read), and of each attempt of the model.
STAGES, STAGES_OF_A_ROUND = 6, 4
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


def build_run_context(
    run: Run, number: int | None = None, width: int | None = None, *, by: User, viewer: Viewer
) -> dict[str, Any]:
    """Return everything the run page and its fragments show.

    `number`: the attempt to show, None for the best; `width`: of the mockup, None for the first;
    `viewer`: for whom the preview addresses are made.
    """
    versions = list_versions(run.family)
    stage = build_stage(run, number, width, versions, viewer)
    bundle = read_bundle_of(stage.attempt) if stage else None
    status = _build_status(run)
    is_live = not run.is_over and number is None
    return {
        "run": run,
        "asked": number,
        "wide": width,
        "live_token": make_token(Shown(run.pk, None), viewer) if is_live else "",
        "outline": find_shown_outline(run, status["progress"], bundle),
        **status,
        **_describe_stage(run, stage, bundle),
        **_describe_history(run, stage, versions),
        **_describe_next_request(run, by),
    }


def _build_status(run: Run) -> dict[str, Any]:
    """Return how far the run is, why it stopped, and its steps with their seconds."""
    return {
        "stopped": STOPPED.get(run.stop_reason, ""),
        "stages": _count_stages(run),
        "now": int(time.time() * 1000),
        "spent": compute_spent(run),
        **_build_activity(run),
    }


def _describe_stage(run: Run, stage: Stage | None, bundle: Bundle | None) -> dict[str, Any]:
    """Return the version that is shown, its files, and the shape of its canvas."""
    return {
        "stage": stage,
        "files": list_bundle_files(bundle, stage.attempt.run.stack) if stage and bundle else [],
        "devices": DEVICES,
        "shape": find_shape(stage.upload if stage else run.upload),
    }


def _describe_history(run: Run, stage: Stage | None, versions: list[Version]) -> dict[str, Any]:
    """Return the family's versions and turns, and where the version that is shown stands in them."""
    own = [version for version in versions if version.attempt.run_id == run.pk]
    best = stage.attempt if stage and not stage.of_base else None
    turns = list_turns(run, versions)
    return {
        "best": best,
        "is_deletable": _is_deletable(run, best, versions),
        "successor": _find_successor(run, versions) if best is None and run.is_over else None,
        "versions": versions,
        "turns": turns,
        "titled": turns[0].run,  # the family's name is its first run's
        "variants": sorted(own, key=lambda version: -(version.attempt.likeness or 0.0)),
        "unrendered": run.attempts.filter(render="", deleted_at=None).only(
            "number", "source", "error"
        ),
        "curve": draw_score_curve(versions),
        "summary": describe_versions(own),
        **_find_neighbors(stage.version if stage else None, versions),
    }


def _describe_next_request(run: Run, by: User) -> dict[str, Any]:
    """Return what a person may do with the run, and what the form for the next request offers."""
    team = run.project.team
    role = access.find_role(team, by)
    return {
        "role": role,
        "may_edit": role in Role.EDITOR.at_least,
        "assumed_width": run.address_width or USUAL_WIDTH,
        "usual_width": USUAL_WIDTH,
        "elsewhere": _list_other_projects(run, by),
        "models": [choice for choice in list_model_choices(team) if choice.writes],
        "model_key": f"{CONNECTED}{run.connection_id}",
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


def _build_activity(run: Run) -> dict[str, Any]:
    """Return the steps of a run that goes on, and how many runs are before one that waits."""
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
