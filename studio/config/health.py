"""Says of every part whether it answers, and counts for Prometheus. Neither tells a stranger more
than that.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from studio.config.celery import app
from studio.config.topology import DELIVERIES, EXPORTS, RUNS
from studio.runs import worker_presence
from studio.runs.events import get_connection


class NoWorker(Exception):
    """None that takes messages of the kind has said lately that it is there."""


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when every part answers, else 503; a part is 'ok' or the kind of its error (the text may
    hold passwords).
    """
    parts = {
        "database": _answers(connection.ensure_connection),
        "redis": _answers(lambda: get_connection().ping()),
        "queue": _answers(_ask_queue),
        "storage": _answers(lambda: default_storage.exists("health")),
        "worker": _answers(lambda: _ask_worker(RUNS)),
        "deliveries": _answers(lambda: _ask_worker(DELIVERIES)),
        "exports": _answers(lambda: _ask_worker(EXPORTS)),
    }
    return JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus's text format, for who has the token; without one set, for this machine itself."""
    from prometheus_client import CollectorRegistry, generate_latest

    from studio.runs.metrics import StudioCollector

    if not _may_read(request):
        raise Http404("Metrics are for METRICS_TOKEN's holder.")

    registry = CollectorRegistry()
    registry.register(StudioCollector())
    return HttpResponse(
        generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8"
    )


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        sent = request.headers.get("Authorization", "")
        return hmac.compare_digest(sent.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # What a proxy on this machine forwards comes from elsewhere.
    forwarded = any(
        name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
    )
    return not forwarded and ip_address(request.META["REMOTE_ADDR"]).is_loopback


def _ask_queue() -> None:
    with app.connection_for_write() as queue:
        queue.ensure_connection(max_retries=1, timeout=2)


def _ask_worker(kind: str) -> None:
    if not worker_presence.has_worker(kind):
        raise NoWorker


def _answers(ask: Callable[[], object]) -> str:
    try:
        ask()
    except Exception as error:
        return type(error).__name__
    return "ok"
