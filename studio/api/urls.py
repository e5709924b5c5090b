"""The API's addresses under `/api/v1/`, with its description at `/api/v1/openapi.json`."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.operation import Operation

from studio.api.auth import TokenAuth, TooManyRequests
from studio.api.comparisons import router as comparisons
from studio.api.designs import router as designs
from studio.api.model_choices import UnknownModel
from studio.api.model_choices import router as models
from studio.api.outlines import router as outlines
from studio.api.parsing import StrictParser
from studio.api.projects import router as projects
from studio.api.projects import uploads
from studio.api.runs import router as runs
from studio.api.runs import versions
from studio.api.webhooks import router as webhooks
from studio.teams.errors import TeamError

DESCRIPTION = (
    "Turns mockups of web pages into code that looks like them, with the measured likeness."
)
# What the studio posts to webhooks, as OpenAPI 3.1 describes it.
WEBHOOKS = {
    "run.over": {
        "post": {
            "operationId": "run_over",
            "summary": "A run of the team is over",
            "requestBody": {
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["event", "run"],
                            "properties": {
                                "event": {"const": "run.over"},
                                "run": {"$ref": "#/components/schemas/RunOut"},
                            },
                        }
                    }
                }
            },
            "responses": {"2XX": {"description": "Delivered; anything else is tried again."}},
        }
    }
}


class DescribedAPI(NinjaAPI):
    """The API; its operations are named like their functions, not like their modules."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)


# No documentation page: the usual ones load scripts from other sites.
api = DescribedAPI(
    title="Likeness",
    version="1",
    description=DESCRIPTION,
    servers=[{"url": "/", "description": "This studio"}],
    openapi_extra={"webhooks": WEBHOOKS},
    urls_namespace="api",
    auth=TokenAuth(),
    docs_url=None,
    parser=StrictParser(),
)
for router in (projects, uploads, models, runs, versions, outlines, comparisons, designs, webhooks):
    api.add_router("", router)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=404)


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=403)


@api.exception_handler(TeamError)
def refused(request: HttpRequest, error: TeamError) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=409)


@api.exception_handler(UnknownModel)
def unknown_model(request: HttpRequest, error: UnknownModel) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=422)


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
