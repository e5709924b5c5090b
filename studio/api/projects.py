"""Projects and uploads over the API."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile

from studio.api.auth import get_caller
from studio.api.schemas import Problem, ProjectIn, ProjectOut, UploadOut
from studio.pipeline.picture_files import PictureError
from studio.projects import services
from studio.projects.models import Project
from studio.teams import access
from studio.teams.models import Role, Team
from studio.uploads.services import store_upload

router = Router()


@router.get("/projects", response=list[ProjectOut])
def list_projects(request: HttpRequest) -> list[ProjectOut]:
    """The team's projects, archived ones included."""
    return [
        ProjectOut.of(one)
        for one in access.filter_visible(Project.objects.all(), get_caller(request))
    ]


@router.post("/projects", response={201: ProjectOut, 403: Problem})
def create_project(request: HttpRequest, body: ProjectIn) -> Status[ProjectOut]:
    team, by = require_editors_team(request), get_caller(request).user
    return Status(
        201, ProjectOut.of(services.create_project(team=team, name=body.name.strip(), by=by))
    )


@router.post("/uploads", response={201: UploadOut, 403: Problem, 422: Problem})
def upload_mockup(request: HttpRequest, file: File[UploadedFile]) -> Status[UploadOut | Problem]:
    """Store a mockup: PNG, JPEG, WebP, GIF, AVIF, HEIC or the first page of a PDF.

    The same picture again is the same upload.
    """
    try:
        return Status(
            201, UploadOut.of(store_upload(team=require_editors_team(request), file=file))
        )
    except PictureError as error:
        return Status(422, Problem(detail=str(error)))


def require_editors_team(request: HttpRequest) -> Team:
    """The token's team; raises PermissionDenied when the token may only look."""
    token = get_caller(request)
    return access.fetch(Team.objects.all(), token, need=Role.EDITOR, pk=token.team_id)
