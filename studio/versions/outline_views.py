"""The outline editor: the page of a version's outline, whose buttons work without script.

Every button but "Generate" shows the form again with the outline changed; nothing is stored until
then.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from studio.pipeline.outline.schema import Outline, OutlineError
from studio.runs.models import Attempt
from studio.teams import access
from studio.teams.errors import TeamError
from studio.teams.models import Role
from studio.versions.outline_form import build_form_context, read_form, take_step
from studio.versions.revisions import edit_outline
from studio.versions.version_outlines import VersionOutline, read_version_outline


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def outline(request: HttpRequest, run_id: uuid.UUID, number: int) -> HttpResponse:
    """Show a version's outline to the team; its editors change it and have the page made again."""
    need = Role.EDITOR if request.method == "POST" else Role.VIEWER
    rows = Attempt.objects.select_related("run__project__team", "run__upload")
    base = access.fetch(rows, access.get_person(request), need=need, run=run_id, number=number)
    current = read_version_outline(base)
    if current is None:
        raise Http404(gettext("This version was not made from an outline."))
    if request.method != "POST":
        return _show(request, base, current, current.outline)
    shown = current.outline
    try:
        shown = read_form(request.POST, current.outline)
        step = take_step(shown, request.POST.get("do", ""), request.POST)
        if not step.is_done:
            return _show(request, base, current, step.outline, place=step.place)
        run = edit_outline(base=base, by=access.get_person(request), outline=step.outline)
    except (OutlineError, TeamError) as error:
        return _show(request, base, current, shown, error=str(error))
    return redirect("runs:run", run.pk)


def _show(
    request: HttpRequest,
    base: Attempt,
    current: VersionOutline,
    shown: Outline,
    *,
    place: int | None = None,
    error: str = "",
) -> HttpResponse:
    role = access.find_role(base.run.project.team, access.get_person(request))
    may_edit = role in Role.EDITOR.at_least and not current.is_edited
    context: dict[str, Any] = {
        **build_form_context(shown, place),
        "attempt": base,
        "run": base.run,
        "role": role,
        "may_edit": may_edit,
        "is_edited": current.is_edited,
        "is_changed": shown != current.outline,
        "focus": place,
        "error": error,
    }
    return render(request, "runs/outline.html", context, status=422 if error else 200)
