"""What the operator's page shows. Read only; whatever does not answer is said instead of failing."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from datetime import timedelta
from importlib import metadata
from typing import Any

import redis
from django.conf import settings
from django.db.models import Count, Min, Sum
from django.utils import timezone

from studio.config.health import check_parts
from studio.config.topology import hide_login
from studio.export.models import Export
from studio.operations.writer_install import read_installation
from studio.processes.writer_server import find_writer
from studio.processes.writer_weights import has_writer
from studio.runs import worker_presence
from studio.runs.model_choices import can_write
from studio.runs.models import Run
from studio.teams.models import StoredFile, Team
from studio.webhooks.models import Delivery

PERIOD = timedelta(days=7)  # of the failed runs
LISTED = 20  # failed runs and teams
# Packages whose versions decide how pages look and models answer.
PACKAGES = ("django", "celery", "playwright", "rapidocr", "onnxruntime", "torch", "xllamacpp")


@dataclass(frozen=True, slots=True)
class TeamStorage:
    name: str
    files: int
    megabytes: float
    share: float  # of TEAM_MEGABYTES, 0 to 1


def build_operator_context() -> dict[str, Any]:
    """Return everything the operator's page shows."""
    return {
        "now": timezone.now(),
        "parts": check_parts(),
        "queue": _describe_queue(),
        "workers": _list_workers(),
        "model": _describe_model(),
        "storage": _describe_storage(),
        "failures": _list_failures(),
        "failures_days": PERIOD.days,
        "versions": _list_versions(),
    }


def _describe_queue() -> dict[str, Any]:
    waiting = Run.objects.filter(state=Run.State.QUEUED)
    found = waiting.aggregate(number=Count("pk"), oldest=Min("created_at"))
    running = Run.objects.filter(state=Run.State.RUNNING).select_related("project__team")
    return {
        "waiting": found["number"],
        "oldest": found["oldest"],
        "running": running.order_by("started_at")[:LISTED],
        "running_count": running.count(),
        "exports": Export.objects.filter(
            state__in=(Export.State.QUEUED, Export.State.RUNNING)
        ).count(),
        "deliveries": Delivery.objects.filter(state=Delivery.State.WAITING).count(),
    }


def _list_workers() -> list[worker_presence.PresentWorker]:
    try:
        return worker_presence.list_workers()
    except redis.RedisError:
        return []


def _describe_model() -> dict[str, Any]:
    writer = find_writer(settings.DATA_DIR)
    return {
        "address": "" if settings.MODEL_URL == "none" else hide_login(settings.MODEL_URL),
        "name": settings.MODEL_NAME,
        "writes": can_write(settings.MODEL_URL),
        "writer_installed": has_writer(settings.DATA_DIR),
        "writer_runs": bool(writer),
        "writer_install": read_installation(),
        "writer_download": settings.WRITER_DOWNLOAD,
    }


def _describe_storage() -> dict[str, Any]:
    disk = shutil.disk_usage(settings.DATA_DIR)
    found = Team.objects.annotate(
        files=Count("stored_files"), used=Sum("stored_files__size")
    ).filter(used__gt=0)
    teams = [
        TeamStorage(team.name, team.files, team.used / 1e6, team.used / max(1, settings.TEAM_BYTES))
        for team in found.order_by("-used")[:LISTED]
    ]
    total = StoredFile.objects.aggregate(number=Count("pk"), size=Sum("size"))
    return {
        "free_gigabytes": disk.free / 1e9,
        "total_gigabytes": disk.total / 1e9,
        "used_share": 1 - disk.free / disk.total,
        "files": total["number"],
        "megabytes": (total["size"] or 0) / 1e6,
        "teams": teams,
    }


def _list_failures() -> list[Run]:
    """Return the newest failed runs. Their names are the teams' own and not shown."""
    since = timezone.now() - PERIOD
    failed = Run.objects.filter(state=Run.State.FAILED, finished_at__gte=since)
    return list(failed.select_related("project__team").order_by("-finished_at")[:LISTED])


def _list_versions() -> list[tuple[str, str]]:
    return [
        ("Python", platform.python_version()),
        *((name, _find_version(name)) for name in PACKAGES),
    ]


def _find_version(package: str) -> str:
    """Return an installed package's version; "" where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
