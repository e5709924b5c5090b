"""API views of the outline that a version from words was made from."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest
from ninja import Router, Status

from studio.api.auth import get_caller
from studio.api.responses import answers
from studio.api.runs import build_run_out, get_version
from studio.api.schemas import OutlineIn, OutlineOut, Problem, RunOut
from studio.pipeline.outline.schema import OutlineError, read_outline, write_outline
from studio.teams.models import Role
from studio.versions.revisions import edit_outline
from studio.versions.version_outlines import read_version_outline

router = Router(tags=["versions"])


@router.get(
    "/runs/{uuid:run_id}/versions/{int:number}/outline", response=answers({200: OutlineOut}, 404)
)
def get_outline(request: HttpRequest, run_id: uuid.UUID, number: int) -> OutlineOut:
    """Return the outline that this version was made from; only pages from words have one."""
    found = read_version_outline(get_version(request, run_id, number))
    if found is None:
        raise Http404(f"Version {number} was not made from an outline.")
    return OutlineOut(outline=write_outline(found.outline), is_edited=found.is_edited)


@router.post(
    "/runs/{uuid:run_id}/versions/{int:number}/outline",
    response=answers({201: RunOut}, 403, 404, 409, 422),
)
def change_outline(
    request: HttpRequest, run_id: uuid.UUID, number: int, body: OutlineIn
) -> Status[RunOut | Problem]:
    """Make the page again from a changed outline; creates a version of the same family.

    No model is asked but for added sections without texts of their own.
    """
    base = get_version(request, run_id, number, Role.EDITOR)
    try:
        run = edit_outline(
            base=base, by=get_caller(request).user, outline=read_outline(body.outline)
        )
    except OutlineError as error:
        return Status(422, Problem(detail=str(error)))
    return Status(201, build_run_out(request, run))
