"""Stored mockups: one row per team and content; files are named by their content."""

from __future__ import annotations

from django.db import models

from studio.teams.models import Team


class Upload(models.Model):
    TEAM = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="uploads")
    sha256 = models.CharField(max_length=64)  # of the stored PNG
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file = models.FileField(max_length=200)
    thumbnail = models.FileField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("team", "sha256"), name="one_upload_per_content"),
        )

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.width}×{self.height})"
