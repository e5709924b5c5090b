"""`manage.py backup FILE`: the whole studio in one file, while it goes on working."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.backup.archive import Counts, write_backup

NAMED = 5  # missing files that the message names


class Command(BaseCommand):
    help = "Write the database, all files and the studio's own keys to FILE (tar.gz)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--without-keys",
            action="store_true",
            help="leave the keys out; stored tokens and keys can then not be decrypted elsewhere",
        )

    def handle(self, *args: Any, file: Path, without_keys: bool, **options: Any) -> None:
        try:
            counts = write_backup(file, with_keys=not without_keys)
        except FileExistsError:
            raise CommandError(f"{file} exists; choose another name.") from None
        except OSError as error:
            reason = error.strerror or error
            raise CommandError(f"{file} cannot be written ({reason}).") from None
        self._report(file, counts)

    def _report(self, file: Path, counts: Counts) -> None:
        self.stdout.write(
            f"{file}: {sum(counts.rows.values())} rows, {counts.files} files "
            f"({counts.megabytes:,.1f} MB), {counts.keys} keys. Keep it private."
        )
        given = settings.SECRET_KEY_GIVEN or bool(settings.VAULT_KEYS)
        if given:
            self.stdout.write("Keys that are set as variables are not in it: keep them as well.")
        if counts.missing:
            some = ", ".join(counts.missing[:NAMED])
            self.stderr.write(
                f"{len(counts.missing)} files that rows name are not in the storage: {some}."
            )
