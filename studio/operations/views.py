"""The operator's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from studio.operations.access import is_operator
from studio.operations.selectors import build_operator_context
from studio.operations.writer_install import start_installation
from studio.teams import access


@never_cache
@require_safe
def operator_page(request: HttpRequest) -> HttpResponse:
    """Show the state of the studio; there is no such page for anybody else."""
    _require_operator(request)
    context = build_operator_context() | {"is_still": "still" in request.GET}
    return render(request, "operations/operator.html", context)


@require_POST
def install_writer(request: HttpRequest) -> HttpResponse:
    """Ask a worker to fetch the small writer."""
    _require_operator(request)
    if problem := start_installation():
        messages.error(request, problem)
    return redirect("operations:operator")


def _require_operator(request: HttpRequest) -> None:
    if not is_operator(access.get_person(request)):
        raise Http404
