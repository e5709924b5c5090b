"""The API's addresses under `/api/v1/`, with its description at `/api/v1/openapi.json`."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from studio.api.auth import TokenAuth, TooManyRequests
from studio.api.comparisons import router as comparisons
from studio.api.parsing import StrictParser
from studio.api.projects import router as projects
from studio.api.runs import router as runs
from studio.api.webhooks import router as webhooks
from studio.teams.errors import TeamError

# No documentation page: the usual ones load scripts from other sites.
api = NinjaAPI(
    title="Likeness",
    version="1",
    urls_namespace="api",
    auth=TokenAuth(),
    docs_url=None,
    parser=StrictParser(),
)
api.add_router("", projects)
api.add_router("", runs)
api.add_router("", comparisons)
api.add_router("", webhooks)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=404)


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=403)


@api.exception_handler(TeamError)
def refused(request: HttpRequest, error: TeamError) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=409)


@api.exception_handler(TooManyRequests)
def too_many(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
    answer = api.create_response(request, {"detail": str(error)}, status=429)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    words = "Send a token: Authorization: Bearer likeness_…; create one on the team's page."
    return api.create_response(request, {"detail": words}, status=401)


@api.exception_handler(ValidationError)
def unusable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Return one sentence for each invalid field."""
    sentences = []
    for problem in error.errors:
        field = ".".join(map(str, problem["loc"][1:]))
        sentences.append(f"{field}: {problem['msg']}.")
    return api.create_response(request, {"detail": " ".join(sentences)}, status=422)


patterns, app_name, _ = api.urls
urlpatterns = [pattern for pattern in patterns if isinstance(pattern, URLPattern)]
for pattern in urlpatterns:
    if pattern.name in ("openapi-json", "api-root"):
        pattern.callback = require_safe(pattern.callback)
    pattern.callback = login_not_required(pattern.callback)  # tokens authenticate, not sessions
