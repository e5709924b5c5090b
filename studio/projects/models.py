"""Projects: folders of runs that belong to one team."""

from __future__ import annotations

from django.db import models

from studio.projects.soft_delete import Kept
from studio.teams.models import Team


class Project(Kept):
    TEAM = "team"
    DELETED = ("deleted_at",)

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="projects")
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name
