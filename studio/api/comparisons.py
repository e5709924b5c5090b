"""API views that measure a page against a mockup, by a worker."""

from __future__ import annotations

import base64
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status

from studio.api.auth import get_caller
from studio.api.responses import answers
from studio.api.schemas import Problem
from studio.capture.addresses import MOST_CHARACTERS
from studio.jobs import services
from studio.jobs.references import find_version, read_mockup_reference
from studio.jobs.services import JobOutcome, JobRequest
from studio.pipeline.bundle import MOST_FILES
from studio.pipeline.tools.inputs import MOST_AREAS, NARROWEST, WIDEST, Area
from studio.pipeline.tools.results import ToolError

LONGEST = 100  # characters of an id
router = Router(tags=["comparisons"])


class CompareIn(Schema):
    mockup: str = Field(
        max_length=MOST_CHARACTERS,
        description="Id of an upload, or of a run made from it; or the address of a page or picture "
        "(https://…), which is captured `width` px wide (1280) and kept as an upload.",
    )
    version: str = Field(
        "", max_length=LONGEST, description="A version as RUN/NUMBER; leave it out to send files."
    )
    files: dict[str, str] = Field(
        {},
        max_length=MOST_FILES,
        description="The page's text files, path to content, with index.html; instead of a version.",
    )
    width: int | None = Field(
        None, ge=NARROWEST, le=WIDEST, description="The mockup's width in CSS px; by default found."
    )
    ignore: list[Area] = Field(
        [], max_length=MOST_AREAS, description="Areas not compared, in CSS px."
    )
    pictures: bool = Field(False, description="Also the worst places, and a heat-map.")


class PictureOut(Schema):
    words: str
    png: str = Field(description="A PNG in base64.")


class CompareOut(Schema):
    id: str
    state: Literal["waiting", "finished", "failed"]
    error: str = Field(description="Why it failed, in one sentence.")
    likeness: float | None = Field(description="0–1; null until it is finished.")
    parts: dict[str, float]
    differences: list[dict[str, Any]] = Field(description="The worst first.")
    width: int | None
    pictures: list[PictureOut]

    @classmethod
    def of(cls, outcome: JobOutcome) -> CompareOut:
        data = outcome.result.data if outcome.result else {}
        pictures = outcome.result.pictures if outcome.result else ()
        return cls(
            id=outcome.id,
            state=outcome.state,
            error=outcome.error,
            likeness=data.get("likeness"),
            parts=data.get("parts", {}),
            differences=data.get("differences", []),
            width=data.get("width"),
            pictures=[
                PictureOut(words=one.words, png=base64.b64encode(one.png).decode())
                for one in pictures
            ],
        )


@router.post(
    "/compare",
    response=answers({202: CompareOut}, 403, 404, 409, 422),
)
def start_comparison(request: HttpRequest, body: CompareIn) -> Status[CompareOut | Problem]:
    """Measure a page against a mockup: a worker does it, `GET /compare/{id}` has the outcome."""
    caller = get_caller(request)
    if bool(body.version) == bool(body.files):
        return Status(422, Problem(detail="Send either a version or files, and not both."))
    try:
        mockup = read_mockup_reference(caller, body.mockup, body.width)
        attempt = find_version(caller, body.version) if body.version else None
        arguments = body.model_dump(include={"width", "ignore", "pictures"})
        job = services.start_job(
            caller=caller,
            request=JobRequest(
                caller.team_id,
                "compare",
                {**arguments, "mockup": "mockup", "page": "page"},
                mockup.upload.pk if mockup.upload else None,
                attempt.pk if attempt else None,
                body.files or None,
                mockup.address,
            ),
        )
    except ToolError as error:
        return Status(422, Problem(detail=str(error)))
    return Status(202, CompareOut.of(JobOutcome(job, "waiting")))


@router.get("/compare/{job}", response=answers({200: CompareOut}, 404, 422))
def get_comparison(request: HttpRequest, job: str) -> Status[CompareOut | Problem]:
    """Return a comparison's outcome; it is kept for ten minutes."""
    try:
        outcome = services.read_job(caller=get_caller(request), job=job[:LONGEST])
    except ToolError as error:
        return Status(422, Problem(detail=str(error)))
    if outcome is None:
        raise Http404("There is no such comparison; they are kept for ten minutes.")
    return Status(200, CompareOut.of(outcome))
