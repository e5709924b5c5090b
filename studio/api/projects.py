"""API views of projects and uploads."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile

from studio.api.auth import get_caller
from studio.api.responses import answers
from studio.api.schemas import Problem, ProjectIn, ProjectOut, UploadOut
from studio.pipeline.picture_files import PictureError
from studio.projects import services
from studio.projects.models import Project
from studio.teams import access
from studio.teams.models import Role, Team
from studio.uploads.services import store_upload

router = Router(tags=["projects"])
uploads = Router(tags=["uploads"])


@router.get("/projects", response=answers({200: list[ProjectOut]}))
def list_projects(request: HttpRequest) -> list[ProjectOut]:
    """List the team's projects, including archived ones."""
    visible = access.filter_visible(Project.objects.all(), get_caller(request))
    return [ProjectOut.of(project) for project in visible]


@router.post("/projects", response=answers({201: ProjectOut}, 403, 422))
def create_project(request: HttpRequest, body: ProjectIn) -> Status[ProjectOut]:
    """Create a project in the token's team."""
    team = require_editors_team(request)
    by = get_caller(request).user
    project = services.create_project(team=team, name=body.name.strip(), by=by)
    return Status(201, ProjectOut.of(project))


@uploads.post("/uploads", response=answers({201: UploadOut}, 403, 409, 422))
def upload_mockup(request: HttpRequest, file: File[UploadedFile]) -> Status[UploadOut | Problem]:
    """Store a mockup: PNG, JPEG, WebP, GIF, AVIF, HEIC or the first page of a PDF.

    The same picture again is the same upload.
    """
    try:
        upload = store_upload(team=require_editors_team(request), file=file)
    except PictureError as error:
        return Status(422, Problem(detail=str(error)))
    return Status(201, UploadOut.of(upload))


def require_editors_team(request: HttpRequest) -> Team:
    """Return the token's team; raises PermissionDenied for viewers."""
    token = get_caller(request)
    return access.fetch(Team.objects.all(), token, need=Role.EDITOR, pk=token.team_id)
