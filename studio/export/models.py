"""Database models of repositories and exports."""

from __future__ import annotations

import uuid

from django.db import models

from studio.runs.models import Attempt, Run
from studio.teams.models import Team, User


class Repository(models.Model):
    """A remote repository with its credentials. The secret is sealed (`studio.config.vault`)."""

    class Kind(models.TextChoices):
        GIT = "git", "A git repository"
        GITHUB = "github", "GitHub"
        GITLAB = "gitlab", "GitLab"
        GITEA = "gitea", "Gitea or Forgejo"

    TEAM = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="repositories")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    url = models.CharField(max_length=500)
    username = models.CharField(max_length=100, blank=True)
    sealed = models.TextField(blank=True)
    host_key = models.TextField(blank=True)  # of an ssh server
    base = models.CharField(max_length=200)  # the branch that pull requests target
    can_write = models.BooleanField()
    note = models.TextField(blank=True)  # the reason if it is read-only
    checked_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("url",)
        constraints = (
            models.UniqueConstraint(fields=("team", "url"), name="one_repository_per_address"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.url}"


class Export(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        PLANNED = "planned"  # shown to a person, not pushed yet
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    TEAM = "run__project__team"
    DELETED = ("run__deleted_at", "run__project__deleted_at")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="exports")
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="exports")
    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="exports")
    branch = models.CharField(max_length=200)
    folder = models.CharField(max_length=200, blank=True)
    address = models.CharField(
        max_length=500
    )  # of the version in the studio, as the person who exported it saw it
    created_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="exports"
    )

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    step = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    plan = models.JSONField(default=dict)  # the planned changes, file by file
    confirmed = models.CharField(
        max_length=64, blank=True
    )  # the digest of the plan that a person agreed to
    files = models.FileField(
        max_length=200, blank=True
    )  # a zip of what was exported: the base of the next merge
    commit = models.CharField(max_length=64, blank=True)
    request_url = models.CharField(max_length=500, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=100, blank=True)
    heartbeat = models.DateTimeField(null=True)
    claims = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("state", "heartbeat")),)

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"

    @property
    def request_link(self) -> str:
        """Return the pull request's address if it is safe as a link; older rows were not checked."""
        from studio.export.targets.base import web_address

        return web_address(self.request_url)

    @property
    def is_going(self) -> bool:
        return self.state in (Export.State.QUEUED, Export.State.RUNNING)
