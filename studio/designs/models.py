"""Database model of a team's design system."""

from __future__ import annotations

from django.db import models

from studio.teams.models import Team, User


class TeamDesign(models.Model):
    """The design system that a team's runs are mapped onto.

    `source` is the tokens' text as it was given; `tokens` what was read from it.
    """

    TEAM = "team"

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="design")
    source = models.TextField(blank=True)
    tokens = models.JSONField(default=dict)
    components = models.JSONField(default=list)  # name, html and css of each
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "design system"

    def __str__(self) -> str:
        return f"the design system of {self.team_id}"
