"""The verbs of projects, and their only writer."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from studio.projects.models import Project
from studio.teams.activity import record
from studio.teams.models import Team, User

FIRST = "First project"


def create_project(*, team: Team, name: str, by: User | None = None) -> Project:
    """`by` None: the studio makes it, as part of something else, and the activity log has no line
    of it.
    """
    if by:
        record(team=team, actor=by, verb="made the project", target=name)
    return Project.objects.create(team=team, name=name)


def duplicate_project(*, project: Project) -> Project:
    """An empty one of the same team beside it; its runs are generation's to copy."""
    return create_project(team=project.team, name=copy_name(project.name))


def copy_name(name: str) -> str:
    return f"{name[:93]} (copy)"


def rename_project(*, project: Project, name: str) -> None:
    project.name = name
    project.save(update_fields=["name"])


def archive_project(*, project: Project, archived: bool = True) -> None:
    """Put it out of the way, or back; its runs stay in reach."""
    _set(project, archived_at=timezone.now() if archived else None)


def delete_project(*, project: Project, by: User) -> None:
    """It and its runs seem gone; `undelete_project` brings all of it back."""
    _set(project, deleted_at=timezone.now())
    record(team=project.team, actor=by, verb="deleted the project", target=project.name)


def undelete_project(*, project: Project, by: User) -> None:
    _set(project, deleted_at=None)
    record(team=project.team, actor=by, verb="brought back the project", target=project.name)


def get_first_project(*, team: Team) -> Project:
    """The team's oldest project at hand, made now if it has none."""
    at_hand = team.projects.filter(archived_at=None, deleted_at=None)
    return at_hand.order_by("pk").first() or create_project(team=team, name=FIRST)


def _set(project: Project, **values: datetime | None) -> None:
    Project.objects.filter(pk=project.pk).update(**values)
