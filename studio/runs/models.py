"""Database models of runs and their attempts.

Written only by `services`, `retention`, and `revisions` and `deletion` in `studio.versions`; an attempt
never changes after it was created, except that it can be deleted and brought back. A family is a
first run (`root` None) and all runs that continue one of its versions; `family` is the id of that
first run.
"""

from __future__ import annotations

import uuid

from django.db import models

from studio.capture.addresses import shorten_address
from studio.projects.models import Project
from studio.projects.soft_delete import Kept
from studio.teams.models import Connection, User
from studio.uploads.models import Upload


class Run(Kept):
    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        FINISHED = "finished"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Kind(models.TextChoices):
        """How the versions of a run are made."""

        GENERATE = "generate"  # from a mockup
        TEXT = "text"  # from instructions alone
        FOLLOW_UP = "follow-up"  # the model changes `base` as the prompt says
        EDIT = "edit"  # a person edited `base` (`changes`)
        RESTORE = "restore"  # `base` as the newest version again
        IMPORT = "import"  # code from elsewhere

    class Stack(models.TextChoices):
        HTML_CSS = "html-css", "HTML + CSS"
        TAILWIND = "tailwind", "HTML + Tailwind"
        REACT = "react", "React + Tailwind"
        VUE = "vue", "Vue + Tailwind"
        BOOTSTRAP = "bootstrap", "Bootstrap"

    TEAM = "project__team"
    DELETED = ("deleted_at", "project__deleted_at")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="runs")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.GENERATE)
    root = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="descendants"
    )
    base = models.ForeignKey(
        "Attempt", on_delete=models.SET_NULL, null=True, related_name="revisions"
    )
    upload = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, related_name="runs"
    )  # None: instructions alone, or a page that is still to be captured
    # Of the page or picture that becomes the mockup; empty for uploads. The worker captures it.
    address = models.CharField(max_length=2000, blank=True, default="", db_default="")
    address_width = models.PositiveSmallIntegerField(null=True)  # of its window, in CSS pixels
    connection = models.ForeignKey(
        Connection, on_delete=models.SET_NULL, null=True
    )  # None: the studio's own model
    stack = models.CharField(max_length=10, choices=Stack.choices, default=Stack.HTML_CSS)
    name = models.CharField(
        max_length=100, blank=True
    )  # set by a person, on the first run of the family
    page_title = models.CharField(
        max_length=100, blank=True
    )  # what the first mockup says, as the worker read it
    prompt = models.TextField(blank=True)
    element = models.TextField(
        blank=True
    )  # describes the part of the page that the prompt is about
    changes = models.JSONField(default=list)  # of an edit
    candidates = models.PositiveSmallIntegerField(
        default=1
    )  # variants of the first attempt that the model writes
    rounds = models.PositiveSmallIntegerField()
    seconds = models.FloatField()
    tokens = models.PositiveIntegerField()
    target = models.FloatField()
    thinking = models.BooleanField(default=False)
    scale = models.FloatField(
        null=True
    )  # the first mockup's device pixel ratio as a person said it

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    stop_reason = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)  # details for people, where the stop reason needs them
    report = models.JSONField(default=dict)

    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # last put on the queue; None: the queue was unavailable
    sent_at = models.DateTimeField(null=True)
    claims = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=100, blank=True)
    heartbeat = models.DateTimeField(null=True)

    mockups: models.ManyToManyField[Upload, Mockup] = models.ManyToManyField(
        Upload, through="Mockup", related_name="further_runs"
    )

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("state", "heartbeat")),)

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"

    @property
    def is_over(self) -> bool:
        return self.state in (Run.State.FINISHED, Run.State.FAILED, Run.State.CANCELLED)

    @property
    def title(self) -> str:
        """Return the run's name in lists."""
        return self.name or self.page_title or self.prompt or self.address_name or "Untitled"

    @property
    def address_name(self) -> str:
        """Return host and path of the page that is captured; empty for uploads."""
        return shorten_address(self.address) if self.address else ""

    @property
    def has_mockup(self) -> bool:
        """Return True if the run has a mockup, or will have one once its page is captured."""
        return self.upload_id is not None or bool(self.address)

    @property
    def needs_capture(self) -> bool:
        return bool(self.address) and self.upload_id is None

    @property
    def mockup_name(self) -> str | None:
        """Return the mockup's file name in reports and zips; None without a mockup."""
        return f"{self.upload.sha256}.png" if self.upload else None

    @property
    def family(self) -> uuid.UUID:
        """Return the id of the family's first run."""
        return self.root_id or self.pk


class Mockup(models.Model):
    """A further picture of the same page at another width; the first one is the run's `upload`."""

    TEAM = "run__project__team"
    DELETED = ("run__deleted_at", "run__project__deleted_at")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="further")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("run", "position"), name="one_mockup_per_position"),
        )

    def __str__(self) -> str:
        return f"mockup {self.position} of {self.run_id}"


class Attempt(models.Model):
    TEAM = "run__project__team"
    DELETED = ("deleted_at", "run__deleted_at", "run__project__deleted_at")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    source = models.CharField(
        max_length=10
    )  # see studio.pipeline.loop.attempts.Source, and 'restore'
    accepted = models.BooleanField()
    likeness = models.FloatField(null=True)  # None: it could not be rendered
    parts = models.JSONField(default=dict)
    quality = models.FloatField(null=True)
    quality_parts = models.JSONField(default=dict)
    differences = models.JSONField(default=list)
    blocks = models.JSONField(
        default=list
    )  # blocks of the mockup found in the page: see `report.list_found_blocks`
    thinking = models.TextField(blank=True)  # the model's thinking before it wrote
    seconds = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    width = models.PositiveIntegerField(null=True)  # of the rendered page, in CSS pixels
    height = models.PositiveIntegerField(null=True)
    bundle = models.FileField(max_length=200)  # a zip of the page's files and assets
    render = models.FileField(max_length=200, blank=True)
    heatmap = models.FileField(max_length=200, blank=True)
    thumbnail = models.FileField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # The row of a deleted version stays, so that the numbers of the others stay; `purge` empties it.
    deleted_at = models.DateTimeField(null=True, editable=False, db_index=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("run", "number"), name="one_attempt_per_number"),
        )

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.run_id}"


class WidthView(models.Model):
    """An attempt at the width of a further mockup.

    The values for the first mockup are in the attempt itself.
    """

    TEAM = "attempt__run__project__team"
    DELETED = (
        "attempt__deleted_at",
        "attempt__run__deleted_at",
        "attempt__run__project__deleted_at",
    )

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="views")
    width = models.PositiveIntegerField()  # in CSS pixels, like all lengths here
    height = models.PositiveIntegerField()
    likeness = models.FloatField()
    parts = models.JSONField(default=dict)
    differences = models.JSONField(default=list)
    blocks = models.JSONField(default=list)
    render = models.FileField(max_length=200)
    heatmap = models.FileField(max_length=200)

    class Meta:
        ordering = ("-width",)
        constraints = (
            models.UniqueConstraint(fields=("attempt", "width"), name="one_view_per_width"),
        )

    def __str__(self) -> str:
        return f"{self.attempt_id} at {self.width} px"
