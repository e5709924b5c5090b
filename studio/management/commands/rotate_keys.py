"""`manage.py rotate_keys`: encrypt all stored secrets with a new key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from studio.config import vault
from studio.export.models import Repository
from studio.teams.models import Connection, TwoFactor

SECRETS: tuple[tuple[Any, str], ...] = (
    (Connection, "key"),
    (Repository, "sealed"),
    (TwoFactor, "secret"),
)


class Command(BaseCommand):
    help = (
        "Encrypt the stored secrets with a new key (in the data folder) or with the first of VAULT_KEYS. "
        "Older keys still decrypt what other processes write meanwhile; --forget removes them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--forget",
            action="store_true",
            help="remove the older keys from the data folder afterwards",
        )

    def handle(self, *args: Any, forget: bool, **options: Any) -> None:
        ours = not settings.VAULT_KEYS
        try:
            if ours:
                vault.keep_keys((vault.make_key(), *vault.list_keys()))
            count = sum(_reseal_field(model, field) for model, field in SECRETS)
        except vault.VaultError as error:
            raise CommandError(str(error)) from None
        if forget and ours:
            vault.keep_keys(vault.list_keys()[:1])
        secrets = _format_count(count, "stored secret")
        older = _format_count(len(vault.list_keys()) - 1, "older key")
        self.stdout.write(f"{secrets} encrypted with the newest key; {older} can still decrypt.")


def _format_count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _reseal_field(model: Any, field: str) -> int:
    with transaction.atomic():
        rows = list(
            model.objects.select_for_update().exclude(**{field: ""}).values_list("pk", field)
        )
        for pk, sealed in rows:
            model.objects.filter(pk=pk).update(**{field: vault.reseal(sealed)})
    return len(rows)
