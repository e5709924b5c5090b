"""`manage.py purge`: remove what was deleted a month ago. Safe to run daily."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from studio.projects.soft_delete import KEPT
from studio.runs import retention


class Command(BaseCommand):
    help = f"Remove runs and projects that were deleted more than {KEPT.days} days ago, with their files."

    def handle(self, *args: Any, **options: Any) -> None:
        runs, files = retention.purge()
        self.stdout.write(f"{runs} runs and {files} files removed.")
