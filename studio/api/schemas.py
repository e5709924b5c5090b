"""Request and response bodies of the API."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

from studio.api.parsing import Id, UploadId
from studio.capture.widths import LEAST_WIDTH, MOST_WIDTH
from studio.pipeline.loop.limits import MOST_CANDIDATES
from studio.pipeline.stacks.kinds import Stack
from studio.projects.models import Project
from studio.runs.forms import LEAST_SCALE, MOST_FILES, MOST_SCALE, MOST_WORDS
from studio.runs.models import Run
from studio.runs.selectors import describe_run
from studio.runs.version_numbers import Version
from studio.uploads.models import Upload


class Problem(Schema):
    detail: str = Field(description="One sentence: what was got, what is allowed.")


class ProjectIn(Schema):
    name: str = Field(min_length=1, max_length=100, pattern=r"\S")


class ProjectOut(Schema):
    id: int
    name: str
    archived: bool
    created_at: datetime

    @classmethod
    def of(cls, project: Project) -> ProjectOut:
        archived = project.archived_at is not None
        return cls(
            id=project.pk, name=project.name, archived=archived, created_at=project.created_at
        )


class UploadOut(Schema):
    id: str = Field(description="The SHA-256 of the stored picture.")
    width: int
    height: int

    @classmethod
    def of(cls, upload: Upload) -> UploadOut:
        return cls(id=upload.sha256, width=upload.width, height=upload.height)


class RunIn(Schema):
    project: Id | None = Field(
        None, description="A project's id; without one the team's first project."
    )
    mockups: list[UploadId] = Field(
        [],
        max_length=MOST_FILES,
        description="Ids of uploads: the page, then the same page at other widths.",
    )
    address: str = Field(
        "",
        max_length=2000,
        description="Of a page or picture on the web, instead of `mockups`: the worker captures it.",
    )
    address_width: int | None = Field(
        None,
        ge=LEAST_WIDTH,
        le=MOST_WIDTH,
        description="Of the window that such a page is captured in; without one 1280.",
    )
    prompt: str = Field(
        "",
        max_length=MOST_WORDS,
        description="Instructions; required without mockups and address.",
    )
    stack: Stack = "html-css"
    model: str | None = Field(
        None, max_length=100, description="An id of `GET /models`; without one its first."
    )
    thinking: bool = False
    candidates: int = Field(
        1, ge=1, le=MOST_CANDIDATES, description="Variants of the model's first attempt."
    )
    rounds: int | None = Field(None, ge=0, le=20)
    scale: float | None = Field(
        None,
        ge=LEAST_SCALE,
        le=MOST_SCALE,
        description="The first mockup's device pixel ratio; without one it is found.",
    )


class FollowUpIn(Schema):
    prompt: str = Field(min_length=1, max_length=MOST_WORDS, pattern=r"\S")
    element: str = Field(
        "", max_length=500, description="A description of the part of the page that is meant."
    )
    thinking: bool = False


class OutlineOut(Schema):
    outline: dict[str, Any] = Field(
        description="Kind, language, name, look and sections, each with its texts and items."
    )
    is_edited: bool = Field(
        description="The page was edited by hand since; its outline can no longer be changed."
    )


class OutlineIn(Schema):
    outline: dict[str, Any] = Field(
        description="As `GET` returns it. Kind, language, subject, tone and topic stay as they are; "
        "texts that are empty are filled with ours."
    )


class RunOut(Schema):
    id: uuid.UUID
    family: uuid.UUID = Field(description="The first run of the family.")
    project: int
    kind: str
    state: Literal["queued", "running", "finished", "failed", "cancelled"]
    stop_reason: str
    message: str
    prompt: str
    address: str = Field(description="Of the page that became the mockup; empty for uploads.")
    stack: Stack
    likeness: float | None = Field(description="Of its best attempt, 0–1.")
    quality: float | None
    tokens: dict[str, int]
    seconds: dict[str, float]
    scale: float | None = Field(
        description="The device pixel ratio that the mockup was read at; null before it is."
    )
    scale_reason: str = Field(description="What spoke for that ratio.")
    notes: list[str] = Field(description="What a person should know of how the mockup was read.")
    created_at: datetime
    finished_at: datetime | None
    url: str = Field(description="Its page in the studio.")

    @classmethod
    def of(cls, run: Run, site: str) -> RunOut:
        return cls.model_validate(describe_run(run, site))


class RunsOut(Schema):
    runs: list[RunOut]
    next: str | None = Field(description="`before` of the next, older page; null on the last.")


class VersionOut(Schema):
    number: int = Field(description="v1 … vn of the family.")
    run: uuid.UUID
    attempt: int
    base: int | None = Field(description="The version it continues; it may be deleted.")
    source: str
    author: str | None
    prompt: str
    likeness: float | None
    quality: float | None
    kept: bool = Field(description="The best of its run.")
    created_at: datetime

    @classmethod
    def of(cls, version: Version) -> VersionOut:
        attempt = version.attempt
        run = version.run
        return cls(
            number=version.number,
            run=run.pk,
            attempt=attempt.number,
            base=version.base,
            source=attempt.source,
            author=run.created_by.name if run.created_by else None,
            prompt=run.prompt,
            likeness=attempt.likeness,
            quality=attempt.quality,
            kept=version.kept,
            created_at=attempt.created_at,
        )


class FilesOut(Schema):
    files: dict[str, str] = Field(description="Its text files by name; pictures are in the zip.")
