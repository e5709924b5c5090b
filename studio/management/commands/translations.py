"""`manage.py translations`: update the catalogs from the code, compile them, and list what is missing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Write the texts of the code into the catalogs (studio/languages/locale), compile them and list "
        "the texts that have no translation yet. Needs the tests' packages."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from studio.languages import catalogs
        except ModuleNotFoundError:
            raise CommandError("Babel is missing: run `./setup.sh test` first.") from None
        gaps: list[str] = []
        for domain in catalogs.DOMAINS:
            catalog = catalogs.update_catalog(domain)
            catalogs.write_catalog(domain, catalog)
            path = catalogs.get_catalog_path(domain)
            gaps += [f"{path.name}: {text}" for text in catalogs.list_gaps(catalog)]
        for gap in gaps:
            self.stdout.write(gap)
        if gaps:
            raise CommandError(
                f"{len(gaps)} texts have no translation, or one with other fields: edit the .po files "
                "and run this again."
            )
        self.stdout.write("The catalogs are complete.")
