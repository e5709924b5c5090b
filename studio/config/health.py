"""Health checks of all parts, and metrics for Prometheus, without details for strangers."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from studio.config.topology import DELIVERIES, EXPORTS, RUNS
from studio.runs import worker_presence
from studio.runs.part_probes import ask_database, ask_queue, ask_redis, ask_storage


class NoWorker(Exception):
    """None that takes messages of the kind has said lately that it is there."""


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Return 200 if all parts work, else 503."""
    parts = check_parts()
    return JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503)


def check_parts() -> dict[str, str]:
    """Try each part of the studio.

    A part is "ok" or the type of its error, because the error's text may contain passwords.
    """
    return {
        "database": _answers(ask_database),
        "redis": _answers(ask_redis),
        "queue": _answers(ask_queue),
        "storage": _answers(ask_storage),
        "worker": _answers(lambda: _ask_worker(RUNS)),
        "deliveries": _answers(lambda: _ask_worker(DELIVERIES)),
        "exports": _answers(lambda: _ask_worker(EXPORTS)),
    }


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return metrics in Prometheus's format, for METRICS_TOKEN or from this machine only."""
    from prometheus_client import CollectorRegistry, generate_latest

    from studio.runs.metrics import StudioCollector

    if not _may_read(request):
        raise Http404("Metrics require METRICS_TOKEN as bearer token.")

    registry = CollectorRegistry()
    registry.register(StudioCollector())
    return HttpResponse(
        generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8"
    )


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        received = request.headers.get("Authorization", "")
        expected = f"Bearer {settings.METRICS_TOKEN}"
        return hmac.compare_digest(received.encode(), expected.encode())
    return request.is_local_probe  # type: ignore[attr-defined,no-any-return]


def _ask_worker(kind: str) -> None:
    if not worker_presence.has_worker(kind):
        raise NoWorker


def _answers(ask: Callable[[], object]) -> str:
    try:
        ask()
    except Exception as error:
        return type(error).__name__
    return "ok"
