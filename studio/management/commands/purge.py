"""`manage.py purge`: remove what was deleted a month ago, and old lines of the activity log.

Safe to run daily.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from studio.projects.soft_delete import KEPT
from studio.runs import retention
from studio.teams import activity


class Command(BaseCommand):
    help = (
        f"Remove runs and projects that were deleted more than {KEPT.days} days ago, with their files, "
        "and lines of the activity log that are older than AUDIT_DAYS."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        runs, files = retention.purge()
        lines = activity.delete_expired()
        self.stdout.write(
            f"{runs} runs, {files} files and {lines} lines of the activity log removed."
        )
