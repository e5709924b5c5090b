"""Database models of webhooks and their deliveries."""

from __future__ import annotations

import uuid

from django.db import models

from studio.runs.models import Run
from studio.teams.models import Team, User


class Webhook(models.Model):
    """One webhook.

    Its secret is derived from the studio's secret and `nonce`, so the database alone does not
    reveal it.
    """

    TEAM = "team"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="webhooks")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    url = models.URLField(max_length=500)
    nonce = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"webhook {self.pk} of {self.team_id}"


class Delivery(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        GIVEN_UP = "given up"

    TEAM = "webhook__team"
    DELETED = ("run__deleted_at", "run__project__deleted_at")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)
    answer = models.CharField(max_length=200, blank=True)  # the result of the last try
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=("webhook", "run"), name="one_delivery_per_run"),
        )

    def __str__(self) -> str:
        return f"delivery {self.id} ({self.state})"
