"""What a migration does to processes of the version before it, which run beside it while machines are
replaced one by one.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.migrations import Migration
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelTable,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

REMOVES = (RemoveField, DeleteModel, RenameField, RenameModel, AlterModelTable)
LOCKS = (AddConstraint, AddIndex, AlterField, AlterUniqueTogether)
UNKNOWN = (RunPython, RunSQL, SeparateDatabaseAndState)


def list_dangers(migration: Migration) -> Iterator[str]:
    """Yield a sentence for each operation that older processes do not survive, or wait for."""
    new = {one.name.lower() for one in migration.operations if isinstance(one, CreateModel)}
    for operation in migration.operations:
        model = getattr(operation, "model_name", "").lower()
        if model in new:
            continue  # a table that nobody uses yet
        if sentence := find_danger(operation):
            yield f"{operation.describe()}: {sentence}"


def find_danger(operation: Operation) -> str:
    """Return why older processes do not survive the operation; "" if they do."""
    if isinstance(operation, REMOVES):
        return "older processes still ask for the old name"
    if isinstance(operation, AddField):
        return _find_danger_of_column(operation)
    if isinstance(operation, LOCKS):
        return "the table is locked while all its rows are read"
    if isinstance(operation, UNKNOWN):
        return "only a person can say what it does to older processes"
    return ""


def _find_danger_of_column(operation: AddField) -> str:
    field = operation.field
    if field.many_to_many or field.null or field.db_default is not NOT_PROVIDED:
        return ""
    return "older processes insert rows without the column; give it db_default or null=True"
