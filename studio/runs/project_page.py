"""Who works in a project, and what was done there lately. Read only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from studio.projects.models import Project
from studio.runs.models import Run
from studio.runs.services import BEGAN
from studio.teams.models import Membership

LISTED = 12  # actions on a project's page; the team's activity log has all


@dataclass(frozen=True, slots=True)
class ProjectMember:
    """A member of the project's team, and how many runs of the project they started."""

    name: str
    role: str
    runs: int


@dataclass(frozen=True, slots=True)
class ProjectAction:
    """One line: who did what with which run."""

    actor: str  # "" for a former member
    verb: str
    run: Run
    title: str  # of the family's first run, which carries its name
    at: datetime


def build_project_context(project: Project) -> dict[str, Any]:
    """Return the members and the newest actions, with three queries."""
    return {"members": _list_members(project), "actions": _list_actions(project)}


def _list_members(project: Project) -> list[ProjectMember]:
    started = Counter(_runs(project).order_by().values_list("created_by", flat=True))
    rows = Membership.objects.filter(team=project.team_id).select_related("user")
    members = [ProjectMember(row.user.name, row.role, started[row.user_id]) for row in rows]
    return sorted(members, key=lambda member: (-member.runs, member.name))


def _list_actions(project: Project) -> list[ProjectAction]:
    newest = _runs(project).select_related("created_by", "root").order_by("-created_at")
    return [_describe_run(run) for run in newest[:LISTED]]


def _runs(project: Project) -> Any:
    return Run.objects.filter(project=project, deleted_at=None)


def _describe_run(run: Run) -> ProjectAction:
    return ProjectAction(
        run.created_by.name if run.created_by else "",
        BEGAN[Run.Kind(run.kind)],
        run,
        (run.root or run).title,
        run.created_at,
    )
