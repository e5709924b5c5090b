"""`/api/v1/…`, and its description at `/api/v1/openapi.json`."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from studio.api.auth import TokenAuth, TooManyRequests
from studio.api.parsing import StrictParser
from studio.api.projects import router as projects
from studio.api.runs import router as runs
from studio.api.webhooks import router as webhooks
from studio.teams.errors import TeamError

# No page that shows the description: the usual ones load their scripts from elsewhere.
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
    words = "Send a token of yours: Authorization: Bearer likeness_…; an owner makes one on the team's page."
    return api.create_response(request, {"detail": words}, status=401)


@api.exception_handler(ValidationError)
def unusable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Every field that cannot be used, in one sentence each."""
    words = " ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}." for one in error.errors)
    return api.create_response(request, {"detail": words}, status=422)


patterns, app_name, _ = api.urls
urlpatterns = [one for one in patterns if isinstance(one, URLPattern)]
for one in urlpatterns:
    view = (
        one.callback if one.name not in ("openapi-json", "api-root") else require_safe(one.callback)
    )
    one.callback = login_not_required(view)  # tokens let in here, not sessions
