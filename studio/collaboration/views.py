"""Views for sharing runs, comments and shared pages."""

from __future__ import annotations

import itertools
import uuid
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.collaboration import selectors, services
from studio.collaboration.forms import CommentForm, ShareForm
from studio.collaboration.models import Comment, ShareLink
from studio.pipeline.bundle import ENTRY
from studio.projects import undo
from studio.runs import preview
from studio.runs.models import Run
from studio.runs.selectors import read_page_files
from studio.teams import access
from studio.teams.models import Role
from studio.teams.site_address import link_to


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def share(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Show the run's links, or create one."""
    run = _run(request, run_id, Role.EDITOR)
    form = ShareForm(request.POST or None)
    if form.is_valid():
        services.share_run(run=run, by=access.get_person(request), days=form.cleaned_data["days"])
        return redirect("collaboration:share", run_id)
    context = {
        "run": run,
        "form": form,
        "links": selectors.list_links(run, partial(link_to, request)),
    }
    return render(
        request, "collaboration/share.html", context, status=422 if form.is_bound else 200
    )


@require_POST
def close(request: HttpRequest, run_id: uuid.UUID, link_id: int) -> HttpResponse:
    links = ShareLink.objects.select_related("run__project__team").filter(run=run_id)
    user = access.get_person(request)
    services.close_link(link=access.fetch(links, user, need=Role.EDITOR, pk=link_id), by=user)
    return redirect("collaboration:share", run_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def comments(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Show the run's comments as a fragment, or add one; every member may comment."""
    run = _run(request, run_id)
    by = access.get_person(request)
    form = CommentForm(request.POST or None)
    if form.is_valid():
        services.add_comment(run=run, by=by, **form.cleaned_data)
    elif form.is_bound:
        error = " ".join(map(str, itertools.chain.from_iterable(form.errors.values())))
        if _is_script_request(request):
            context = selectors.list_comments(run, by) | {"error": error}
            return render(request, "collaboration/comments.html", context, status=422)
        messages.error(request, error)
    if request.method == "POST" and not _is_script_request(request):
        return redirect("runs:run", run_id)
    return render(request, "collaboration/comments.html", selectors.list_comments(run, by))


@require_POST
def resolve(request: HttpRequest, run_id: uuid.UUID, comment_id: int) -> HttpResponse:
    """Resolve a comment; allowed for its author and for editors."""
    comment = _fetch_own_comment(request, run_id, comment_id)
    services.resolve_comment(comment=comment, resolved=request.POST.get("resolved") != "no")
    return redirect("collaboration:comments" if _is_script_request(request) else "runs:run", run_id)


@require_POST
def delete(request: HttpRequest, run_id: uuid.UUID, comment_id: int) -> HttpResponse:
    """Delete a comment and offer to undo it; allowed for its author and for editors."""
    token = services.delete_comment(comment=_fetch_own_comment(request, run_id, comment_id))
    if _is_script_request(request):
        context = selectors.list_comments(_run(request, run_id), access.get_person(request))
        return render(request, "collaboration/comments.html", context | {"undo": token})
    address = reverse("collaboration:restore", args=[run_id])
    undo.offer(request, gettext("The comment is deleted."), address, token=token)
    return redirect("runs:run", run_id)


@require_POST
def restore(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Bring back a comment that was just deleted, with the token of its deletion."""
    run = _run(request, run_id)
    if not services.restore_comment(run=run, token=request.POST.get("token", "")):
        messages.error(request, gettext("The comment can no longer be restored."))
    return redirect("collaboration:comments" if _is_script_request(request) else "runs:run", run_id)


@login_not_required
@require_safe
@never_cache
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show a run to anyone with the link."""
    link = services.open_link(token=token)
    if link is None:
        return render(request, "collaboration/shared.html", {"refused": True}, status=410)
    return render(
        request,
        "collaboration/shared.html",
        {"token": token, **selectors.build_shared_context(link, preview.get_site(request))},
    )


@login_not_required
@require_safe
def shared_picture(request: HttpRequest, token: str, name: str) -> HttpResponse:
    link = services.open_link(token=token)
    content = selectors.read_shared_picture(link.run, name) if link else None
    if content is None:
        raise Http404(gettext("There is no such picture, or the link was closed."))
    return HttpResponse(
        content, content_type="image/png", headers={"Cache-Control": "private, no-store"}
    )


@login_not_required
@require_safe
def shared_page(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """Serve a file of a shared page while the link is open, like `studio.runs.views.page`."""
    opened = services.open_page(token=token)
    if opened is None:
        raise Http404(gettext("The link was closed."))
    link, attempt, site = opened
    if request.headers.get("Sec-Fetch-Dest") == "document":
        return redirect(
            site + reverse("collaboration:shared", args=[services.make_link_token(link)])
        )
    content = read_page_files(preview.Shown(link.run_id, attempt)).get(name)
    if content is None:
        raise Http404(gettext("The page has no file {name}.").format(name=name))
    own = reverse("collaboration:shared-page", args=[token, ENTRY]).removesuffix(ENTRY)
    return preview.build_response(
        name, content, request.build_absolute_uri(own), site=site, lasting=False
    )


def _fetch_own_comment(request: HttpRequest, run_id: uuid.UUID, comment_id: int) -> Comment:
    """Return a comment of the person, or any one of the run to editors."""
    user = access.get_person(request)
    rows = Comment.objects.filter(run=run_id)
    comment = access.fetch(rows, user, pk=comment_id)
    if comment.author_id != user.pk:
        access.fetch(rows, user, need=Role.EDITOR, pk=comment_id)
    return comment


def _run(request: HttpRequest, run_id: uuid.UUID, need: Role = Role.VIEWER) -> Run:
    return access.fetch(
        Run.objects.select_related("upload", "project__team"),
        access.get_person(request),
        need=need,
        pk=run_id,
    )


def _is_script_request(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
