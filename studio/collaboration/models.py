"""Share links and comments of runs."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from studio.runs.models import Run
from studio.teams.models import User


class ShareLink(models.Model):
    """A link that lets anyone with its address view one run. The address is signed, not stored."""

    TEAM = "run__project__team"
    DELETED = ("run__deleted_at", "run__project__deleted_at")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="share_links")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"a link to {self.run_id} until {self.expires_at:%F}"

    @property
    def is_open(self) -> bool:
        return self.expires_at > timezone.now()


class Comment(models.Model):
    """A comment on a run, optionally pinned to an element of one attempt."""

    TEAM = "run__project__team"
    DELETED = ("run__deleted_at", "run__project__deleted_at")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="comments")
    text = models.TextField()
    attempt = models.PositiveSmallIntegerField(null=True)  # number of the attempt it is about
    # CSS path of the element in that attempt's page
    element = models.CharField(max_length=500, blank=True)
    box = models.JSONField(
        null=True
    )  # x, y, width, height of the element when it was pinned, CSS pixels
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return f"{self.author_id} on {self.run_id}: {self.text[:40]}"
