"""Runs and their attempts: the truth about what was asked for and what came of it.

Written only by `services`; an attempt never changes once it is there.
"""

from __future__ import annotations

import uuid

from django.db import models

from studio.projects.models import Project
from studio.teams.models import User
from studio.uploads.models import Upload


class Run(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        FINISHED = "finished"
        FAILED = "failed"
        CANCELLED = "cancelled"

    TEAM = "project__team"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="runs")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="runs")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="runs")
    prompt = models.TextField(blank=True)
    rounds = models.PositiveSmallIntegerField()
    seconds = models.FloatField()
    tokens = models.PositiveIntegerField()
    target = models.FloatField()
    thinking = models.BooleanField(default=False)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    stop_reason = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)  # in words, where the reason needs them
    report = models.JSONField(default=dict)

    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)  # last put on the queue; None: it could not be
    claims = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=100, blank=True)
    heartbeat = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("state", "heartbeat")),)

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"

    @property
    def is_over(self) -> bool:
        return self.state in (Run.State.FINISHED, Run.State.FAILED, Run.State.CANCELLED)


class Attempt(models.Model):
    TEAM = "run__project__team"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=10)  # 'draft' or 'model'
    accepted = models.BooleanField()
    likeness = models.FloatField(null=True)  # None: it could not be rendered
    parts = models.JSONField(default=dict)
    keepability = models.FloatField(null=True)
    keep_parts = models.JSONField(default=dict)
    differences = models.JSONField(default=list)
    seconds = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    width = models.PositiveIntegerField(null=True)  # of the rendered page, in CSS pixels
    height = models.PositiveIntegerField(null=True)
    bundle = models.FileField(max_length=200)  # a zip of the page's files and assets
    render = models.FileField(max_length=200, blank=True)
    heatmap = models.FileField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("run", "number"), name="one_attempt_per_number"),)

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.run_id}"
