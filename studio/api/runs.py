"""API views of runs and their versions."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Header, Query, Router, Status

from studio.api.auth import get_caller
from studio.api.model_choices import choose_model
from studio.api.parsing import Id, Moment, write_moment
from studio.api.projects import require_editors_team
from studio.api.responses import answers, answers_with
from studio.api.schemas import FilesOut, FollowUpIn, Problem, RunIn, RunOut, RunsOut, VersionOut
from studio.capture.addresses import CaptureError, read_optional_address
from studio.projects.models import Project
from studio.projects.services import get_first_project
from studio.runs import selectors, services, version_numbers
from studio.runs.event_stream import has_seen_end, read_event_id, stream_events
from studio.runs.models import Attempt, Run
from studio.teams import access
from studio.teams.access import Asked
from studio.teams.models import Role, Team
from studio.teams.site_address import get_site
from studio.uploads.models import Upload
from studio.versions import deletion, revisions

PAGE = 50
PICTURES = ("render", "heatmap")
router = Router(tags=["runs"])
versions = Router(tags=["versions"])


@router.get("/runs", response=answers({200: RunsOut}, 422))
def list_runs(
    request: HttpRequest, project: Query[Id | None] = None, before: Query[Moment | None] = None
) -> RunsOut:
    """List runs, newest first, 50 per page."""
    rows = access.filter_visible(Run.objects.all(), get_caller(request)).order_by("-created_at")
    if project is not None:
        rows = rows.filter(project=project)
    if before is not None:
        rows = rows.filter(created_at__lt=before)
    runs = list(rows[: PAGE + 1])
    last = write_moment(runs[PAGE - 1].created_at) if len(runs) > PAGE else None
    return RunsOut(runs=[build_run_out(request, run) for run in runs[:PAGE]], next=last)


@router.post("/runs", response=answers({201: RunOut}, 403, 404, 409, 422))
def start_run(request: HttpRequest, body: RunIn) -> Status[RunOut | Problem]:
    """Start a run. Follow its events, or poll it until its `state` is final."""
    team = require_editors_team(request)
    try:
        address = read_optional_address(body.address)
    except CaptureError as error:
        return Status(422, Problem(detail=str(error)))
    if problem := _find_problem(body, address):
        return Status(422, Problem(detail=problem))
    uploads = [_upload(request, sha256) for sha256 in body.mockups]
    choice, connection = choose_model(team, body.model)
    wishes = body.model_dump(exclude={"project", "mockups", "model", "address"})
    if choice.is_draft and body.model is not None:
        wishes["rounds"] = 0
    run = services.start_run(
        project=_get_project(request, body.project, team),
        by=get_caller(request).user,
        upload=uploads[0] if uploads else None,
        also=uploads[1:],
        connection=connection,
        address=address,
        **wishes,
    )
    return Status(201, build_run_out(request, run))


@router.get("/runs/{uuid:run_id}", response=answers({200: RunOut}, 404))
def get_run(request: HttpRequest, run_id: uuid.UUID) -> RunOut:
    """Return a run: its state, its scores once it is over, and what it cost."""
    return build_run_out(request, _run(request, run_id))


@router.post("/runs/{uuid:run_id}/cancel", response=answers({200: RunOut}, 403, 404))
def cancel_run(request: HttpRequest, run_id: uuid.UUID) -> RunOut:
    """Stop the run and keep what exists. A finished run stays as it is."""
    services.cancel_run(run_id=_run(request, run_id, Role.EDITOR).pk)
    return build_run_out(request, _run(request, run_id))


@router.get(
    "/runs/{uuid:run_id}/events",
    response=answers({}, 404),
    openapi_extra=answers_with(
        "text/event-stream",
        "Server-sent events, until the run is over.",
        s204="The run is over and the reader has seen its last event; an EventSource ends.",
    ),
)
def follow_events(
    request: HttpRequest,
    run_id: uuid.UUID,
    last_event_id: str = Header("", alias="Last-Event-ID"),  # type: ignore[type-arg]
) -> StreamingHttpResponse | HttpResponse:
    """Stream server-sent events until the run is over, from the first or after `Last-Event-ID`.

    Each has an `id`, an `event` (claimed, step, mockup, hints, outline, tool, chunk, part, attempt,
    requeued, silent, over) and JSON `data`. An event `refused` with a `detail` comes last if the token loses
    access or has too many streams open.
    """
    run = _run(request, run_id)
    last = read_event_id(last_event_id)
    if has_seen_end(run, last):
        return HttpResponse(status=204)
    token = get_caller(request)
    stream = stream_events(Asked(run.pk, token.user_id, token=token.pk), last)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(stream, content_type="text/event-stream", headers=headers)


@versions.get("/runs/{uuid:run_id}/versions", response=answers({200: list[VersionOut]}, 404))
def list_versions(request: HttpRequest, run_id: uuid.UUID) -> list[VersionOut]:
    """List v1 … vn of the run's family."""
    run = _run(request, run_id)
    return [VersionOut.of(version) for version in version_numbers.list_versions(run.family)]


@versions.get("/runs/{uuid:run_id}/versions/{int:number}", response=answers({200: FilesOut}, 404))
def get_files(request: HttpRequest, run_id: uuid.UUID, number: int) -> FilesOut:
    """Return a version's code."""
    attempt = get_version(request, run_id, number)
    return FilesOut(files={file.name: file.text for file in selectors.list_code_files(attempt)})


@versions.get(
    "/runs/{uuid:run_id}/versions/{int:number}/zip",
    response=answers({}, 404),
    openapi_extra=answers_with("application/zip", "The project as a zip."),
)
def get_zip(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    """Return a version's project with pictures, render, heat-map and report."""
    attempt = get_version(request, run_id, number)
    services.record_activity(attempt.run, get_caller(request).user, services.DOWNLOADED)
    return HttpResponse(
        selectors.make_download_zip(attempt.run, attempt), content_type="application/zip"
    )


@versions.get(
    "/runs/{uuid:run_id}/versions/{int:number}/{str:picture}.png",
    response=answers({}, 404),
    openapi_extra=answers_with("image/png", "The picture."),
)
def get_picture(request: HttpRequest, run_id: uuid.UUID, number: int, picture: str) -> HttpResponse:
    """Return a picture: `render` or `heatmap`."""
    stored = None
    if picture in PICTURES:
        stored = getattr(get_version(request, run_id, number), picture)
    if not stored:
        raise Http404(f"This version has no picture {picture[:40]}; use {' or '.join(PICTURES)}.")
    with stored.open() as file:
        return HttpResponse(file.read(), content_type="image/png")


@versions.post(
    "/runs/{uuid:run_id}/versions/{int:number}/follow-up",
    response=answers({201: RunOut}, 403, 404, 409, 422),
)
def follow_up(
    request: HttpRequest, run_id: uuid.UUID, number: int, body: FollowUpIn
) -> Status[RunOut]:
    """Let the model change this version as the prompt says; creates a version of the same family."""
    base = get_version(request, run_id, number, Role.EDITOR)
    run = revisions.follow_up(base=base, by=get_caller(request).user, **body.model_dump())
    return Status(201, build_run_out(request, run))


@versions.post(
    "/runs/{uuid:run_id}/versions/{int:number}/restore",
    response=answers({201: RunOut}, 403, 404),
)
def restore_version(request: HttpRequest, run_id: uuid.UUID, number: int) -> Status[RunOut]:
    """Make this version the newest one again."""
    base = get_version(request, run_id, number, Role.EDITOR)
    run = revisions.restore(base=base, by=get_caller(request).user)
    return Status(201, build_run_out(request, run))


@versions.delete(
    "/runs/{uuid:run_id}/versions/{int:number}", response=answers({204: None}, 403, 404, 409)
)
def delete_version(request: HttpRequest, run_id: uuid.UUID, number: int) -> Status[None]:
    """Delete a version; the numbers of the others stay. It can be brought back for 30 days."""
    attempt = get_version(request, run_id, number, Role.EDITOR)
    deletion.delete_version(attempt=attempt, by=get_caller(request).user)
    return Status(204, None)


@versions.post(
    "/runs/{uuid:run_id}/versions/{int:number}/undelete",
    response=answers({204: None}, 403, 404, 409),
)
def undelete_version(request: HttpRequest, run_id: uuid.UUID, number: int) -> Status[None]:
    """Bring back a deleted version."""
    run = _run(request, run_id, Role.EDITOR)
    attempt = version_numbers.find_deleted_version(run.family, number)
    if attempt is None:
        raise Http404(f"This run has no deleted version {number}.")
    deletion.undelete_version(attempt=attempt, by=get_caller(request).user)
    return Status(204, None)


def _find_problem(body: RunIn, address: str) -> str:
    """Return why no run can be made of this; "" if one can."""
    if body.mockups and address:
        return "Got mockups and an address; send one of the two."
    if body.mockups or address or body.prompt.strip():
        return ""
    return "Got neither mockups nor a prompt nor an address; send at least one of the three."


def _run(request: HttpRequest, run_id: uuid.UUID, need: Role = Role.VIEWER) -> Run:
    return access.fetch(
        Run.objects.select_related("project", "upload"), get_caller(request), need=need, pk=run_id
    )


def get_version(
    request: HttpRequest, run_id: uuid.UUID, number: int, need: Role = Role.VIEWER
) -> Attempt:
    """Return version `number` of the run's family. Raises Http404 and PermissionDenied."""
    versions = version_numbers.list_versions(_run(request, run_id, need).family)
    version = next((each for each in versions if each.number == number), None)
    if version is None:
        raise Http404(f"This run has no version {number}.")
    return Attempt.objects.select_related("run__project", "run__upload").get(pk=version.attempt.pk)


def _get_project(request: HttpRequest, project_id: int | None, team: Team) -> Project:
    if project_id is None:
        return get_first_project(team=team)
    return access.fetch(Project.objects.all(), get_caller(request), need=Role.EDITOR, pk=project_id)


def _upload(request: HttpRequest, sha256: str) -> Upload:
    return access.fetch(Upload.objects.all(), get_caller(request), sha256=sha256)


def build_run_out(request: HttpRequest, run: Run) -> RunOut:
    """Return the run as programs get it, with addresses of the site that was asked."""
    return RunOut.of(run, get_site(request))
