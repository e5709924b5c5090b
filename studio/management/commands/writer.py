"""`manage.py writer`: fetch the small writer's weights into the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.processes.writer_weights import WriterError, fetch_weights, has_writer


class Command(BaseCommand):
    help = "Fetch the small writer, which writes the texts of pages from words alone."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, help="take this file instead of downloading it")

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        try:
            path = fetch_weights(settings.DATA_DIR, self.stdout.write, file)
        except WriterError as error:
            raise CommandError(str(error)) from None
        if not has_writer(settings.DATA_DIR):
            raise CommandError("xllamacpp is not installed: run `make writer`.")
        self.stdout.write(f"The writer is in {path}; `make run` serves it.")
