"""Rows of all models as lines of JSON, and back."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

# Made by `migrate` in each database; and sessions, which would let a reader of the backup in.
LEFT_OUT: tuple[type[Model], ...] = (ContentType, Permission, AbstractBaseSession)
AT_ONCE = 500  # rows fetched together


class ExactEncoder(DjangoJSONEncoder):
    """Writes times to the microsecond, as the database has them; Django's own encoder cuts them to
    milliseconds, and rows that are sorted by time would change places.
    """

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime.datetime | datetime.time):
            return o.isoformat()
        return super().default(o)


def list_models() -> list[type[Model]]:
    """Return the models that a backup holds, in the order of their apps."""
    return [
        model
        for model in apps.get_models()
        if not issubclass(model, LEFT_OUT) and model._meta.managed and not model._meta.proxy
    ]


def list_migrations() -> list[str]:
    """Return the applied migrations as `app.name`, sorted."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def write_rows(model: type[Model], file: IO[str]) -> int:
    """Write all rows of the model, one a line; return how many there are."""
    rows = model._base_manager.order_by("pk")
    found = rows.iterator(chunk_size=AT_ONCE)
    serializers.serialize("jsonl", found, stream=file, cls=ExactEncoder)
    return rows.count()


def load_rows(lines: Iterable[str]) -> int:
    """Insert the rows as they are; return how many there were. Call it inside `suspend_checks`."""
    count = 0
    for row in serializers.deserialize("jsonl", _join(lines)):
        row.save(force_insert=True)
        count += 1
    return count


def check_rows(models: Sequence[type[Model]]) -> None:
    """Check the references between the rows, and let new rows get higher ids than the loaded ones.

    Raises IntegrityError.
    """
    connection.check_constraints([model._meta.db_table for model in models])
    statements = connection.ops.sequence_reset_sql(no_style(), list(models))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def is_empty() -> bool:
    """Return True if no model of a backup has a row."""
    return not any(model._base_manager.exists() for model in list_models())


def _join(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines that hold something: the deserializer refuses empty ones."""
    return (line for line in lines if line.strip())
