"""The services of projects, and the only code that writes their rows."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop

from studio.projects.models import Project
from studio.teams.activity import record
from studio.teams.models import Team, User

FIRST = "First project"


def create_project(*, team: Team, name: str, by: User | None = None) -> Project:
    """Create a project; `by` None creates it without a line in the activity log."""
    if by:
        record(team=team, actor=by, verb=gettext_noop("made the project"), target=name)
    return Project.objects.create(team=team, name=name)


def duplicate_project(*, project: Project) -> Project:
    """Create an empty copy of the project; the caller copies its runs."""
    return create_project(team=project.team, name=copy_name(project.name))


def copy_name(name: str) -> str:
    return f"{name[:93]} (copy)"


def rename_project(*, project: Project, name: str) -> None:
    project.name = name
    project.save(update_fields=["name"])


def archive_project(*, project: Project, archived: bool = True) -> None:
    """Archive the project or undo that; its runs stay reachable."""
    _set(project, archived_at=timezone.now() if archived else None)


def delete_project(*, project: Project, by: User) -> None:
    """Delete the project and its runs softly; `undelete_project` restores them."""
    _set(project, deleted_at=timezone.now())
    record(
        team=project.team, actor=by, verb=gettext_noop("deleted the project"), target=project.name
    )


def undelete_project(*, project: Project, by: User) -> None:
    _set(project, deleted_at=None)
    record(
        team=project.team,
        actor=by,
        verb=gettext_noop("brought back the project"),
        target=project.name,
    )


def get_first_project(*, team: Team) -> Project:
    """Return the team's oldest active project; create one if there is none."""
    active = team.projects.filter(archived_at=None, deleted_at=None)
    return active.order_by("pk").first() or create_project(team=team, name=FIRST)


def _set(project: Project, **values: datetime | None) -> None:
    Project.objects.filter(pk=project.pk).update(**values)
