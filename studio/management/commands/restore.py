"""`manage.py restore FILE`: bring a backup back into an empty studio."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.backup.restore import RestoreError, restore_backup
from studio.processes.serve import ServeError, migrate_database


class Command(BaseCommand):
    help = "Restore a backup into an empty studio: a new DATA_DIR, or a new database and storage."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            migrate_database()
            counts = restore_backup(file)
        except (ServeError, RestoreError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{file} cannot be read ({error.strerror or error}).") from None
        self.stdout.write(
            f"{sum(counts.rows.values())} rows, {counts.files} files and {counts.keys} keys restored."
        )
