"""Views of one version: its page, follow-ups, edits, restoring and diffs."""

from __future__ import annotations

import itertools
import json
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from studio.pipeline.editing.edit_error import EditError
from studio.pipeline.editing.manual_edits import read_change
from studio.pipeline.editing.restyling.requests import NOT_READ
from studio.pipeline.outline.wishes import WISH_NOT_READ
from studio.pipeline.picture_files import PictureError
from studio.processes.writer_server import find_writer
from studio.projects import undo
from studio.runs.forms import FollowUpForm, read_number
from studio.runs.model_choices import find_connection, has_model, list_model_choices
from studio.runs.models import Attempt, Run
from studio.runs.panel_sizes import read_panel_sizes
from studio.runs.preview import Shown, Viewer, make_token
from studio.runs.run_page import build_run_context
from studio.runs.selectors import read_source_files
from studio.runs.version_numbers import list_versions
from studio.teams import access
from studio.teams.errors import TeamError
from studio.teams.models import Role
from studio.uploads.services import store_upload
from studio.versions import deletion, revisions
from studio.versions.diffs import diff_files
from studio.versions.version_outlines import explain_unread


@require_safe
@never_cache
def version(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    attempt = _get_attempt(request, run_id, number)
    context = build_run_context(
        attempt.run,
        number,
        read_number(request, "width"),
        by=access.get_person(request),
        viewer=Viewer.of(request),
    )
    return render(request, "runs/run.html", {**context, "panels": read_panel_sizes(request)})


@require_safe
@never_cache
def alone(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    """Show the generated page in the whole window, still in its frame."""
    attempt = _get_attempt(request, run_id, number)
    return render(
        request,
        "runs/alone.html",
        {"attempt": attempt, "page_token": _make_frame_token(request, attempt)},
    )


@require_POST
def follow_up(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    base = _get_attempt(request, run_id, number, Role.EDITOR)
    team = base.run.project.team
    form = FollowUpForm(request.POST, choices=list_model_choices(team))
    if not form.is_valid():
        errors = itertools.chain.from_iterable(form.errors.values())
        return _redirect_with_error(request, base, " ".join(map(str, errors)))
    if problem := _explain_unread(base, form.cleaned_data):
        return _redirect_with_error(request, base, problem)
    wishes = {name: form.cleaned_data[name] for name in ("prompt", "element", "thinking")}
    if key := form.cleaned_data["model"]:
        wishes["connection"] = find_connection(team, key)
    try:
        if file := request.FILES.get("mockup"):
            wishes["mockup"] = store_upload(team=team, file=file)
        run = revisions.follow_up(base=base, by=access.get_person(request), **wishes)
    except (PictureError, TeamError) as error:
        return _redirect_with_error(request, base, str(error))
    return redirect("runs:run", run.pk)


def _explain_unread(base: Attempt, data: dict[str, Any]) -> str:
    """Return why nothing here can carry out the instructions; "" where a model or rules can."""
    if has_model(base.run.project.team):
        return ""
    if data["element"]:
        return NOT_READ
    problem = explain_unread(base, data["prompt"])
    may_ask_writer = problem == WISH_NOT_READ and bool(find_writer(settings.DATA_DIR))
    return "" if may_ask_writer else problem


@require_POST
def edit(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    base = _get_attempt(request, run_id, number, Role.EDITOR)
    try:
        data = _read_list(request.POST.get("changes", ""))
        if file := request.FILES.get("picture"):
            upload = store_upload(team=base.run.project.team, file=file)
            data = [_name_picture(item, upload.sha256) for item in data]
        changes = [read_change(item) for item in data]
        run = revisions.edit_by_hand(base=base, by=access.get_person(request), changes=changes)
    except (EditError, PictureError, TeamError) as error:
        return _redirect_with_error(request, base, str(error))
    return redirect("runs:run", run.pk)


@require_POST
def edit_code(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    """Make a version of the files that a person edited: a JSON object of names and texts."""
    base = _get_attempt(request, run_id, number, Role.EDITOR)
    try:
        texts = _read_texts(request.POST.get("files", ""))
        run = revisions.edit_code(base=base, by=access.get_person(request), texts=texts)
    except EditError as error:
        return _redirect_with_error(request, base, str(error))
    return redirect("runs:run", run.pk)


@require_POST
def restore(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    base = _get_attempt(request, run_id, number, Role.EDITOR)
    run = revisions.restore(base=base, by=access.get_person(request))
    return redirect("runs:run", run.pk)


@require_POST
def delete(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    attempt = _get_attempt(request, run_id, number, Role.EDITOR)
    try:
        version = deletion.delete_version(attempt=attempt, by=access.get_person(request))
    except TeamError as error:
        return _redirect_with_error(request, attempt, str(error))
    undo.offer(
        request,
        gettext("v{number} is deleted.").format(number=version),
        reverse("versions:undelete", args=[run_id, number]),
    )
    return redirect("runs:run", run_id)


@require_POST
def undelete(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    rows = Attempt.objects.exclude(deleted_at=None).filter(
        run__deleted_at=None, run__project__deleted_at=None
    )
    attempt = access.fetch(
        rows.select_related("run__project"),
        access.get_person(request),
        need=Role.EDITOR,
        deleted=True,
        run=run_id,
        number=number,
    )
    deletion.undelete_version(attempt=attempt, by=access.get_person(request))
    return redirect("versions:version", run_id, number)


@require_safe
def diff(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Show the diff of two versions of the family; by default the first and the newest."""
    run = access.fetch(Run.objects.select_related("project"), access.get_person(request), pk=run_id)
    versions = {version.number: version for version in list_versions(run.family)}
    old = versions.get(read_number(request, "from") or min(versions, default=0))
    new = versions.get(read_number(request, "to") or max(versions, default=0))
    if old is None or new is None:
        raise Http404(gettext("There is no such version of this run."))
    files = diff_files(read_source_files(old.attempt), read_source_files(new.attempt))
    context = {
        "run": run,
        "old": old,
        "new": new,
        "files": files,
        "versions": list(versions.values()),
    }
    return render(request, "runs/diff.html", context)


def _get_attempt(
    request: HttpRequest, run_id: uuid.UUID, number: int, need: Role = Role.VIEWER
) -> Attempt:
    rows = Attempt.objects.select_related("run__upload", "run__project__team", "run__base")
    return access.fetch(rows, access.get_person(request), need=need, run=run_id, number=number)


def _make_frame_token(request: HttpRequest, attempt: Attempt) -> str:
    return make_token(Shown(attempt.run_id, attempt.number), Viewer.of(request))


def _redirect_with_error(request: HttpRequest, base: Attempt, words: str) -> HttpResponse:
    messages.error(request, words)
    return redirect("versions:version", base.run_id, base.number)


def _read_list(sent: str) -> list[dict[str, Any]]:
    data = _parse_json(sent)
    if not isinstance(data, list) or not data or not all(isinstance(item, dict) for item in data):
        raise EditError(gettext("Nothing was changed."))
    return data


def _name_picture(change: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the change of a `src` with the name of the picture that came with the form."""
    return {**change, "value": name} if change.get("name") == "src" else change


def _read_texts(sent: str) -> dict[str, str]:
    data = _parse_json(sent)
    if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
        raise EditError(gettext("Nothing was changed."))
    return data


def _parse_json(sent: str) -> Any:
    try:
        return json.loads(sent)
    except (ValueError, RecursionError):  # not JSON, or nested deeper than any change
        return None
