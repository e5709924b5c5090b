"""The verbs of projects, and their only writer."""

from __future__ import annotations

from studio.projects.models import Project
from studio.teams.models import Team

FIRST = "First project"


def create_project(*, team: Team, name: str) -> Project:
    return Project.objects.create(team=team, name=name)


def rename_project(*, project: Project, name: str) -> None:
    project.name = name
    project.save(update_fields=["name"])


def first_project(*, team: Team) -> Project:
    """The team's oldest project, made now if it has none."""
    return team.projects.order_by("pk").first() or create_project(team=team, name=FIRST)
