"""The migrations are the models, and processes of the version before survive them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from tests.processes import ROOT
from tests.studio.config.migration_review import find_danger, list_dangers

# Of before the first release, when there were no older processes.
EARLIER = {("runs", "0002_page_title")}


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def list_later_migrations() -> Iterator[tuple[str, str, Migration]]:
    """Yield our migrations that change tables which exist."""
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        is_ours = type(migration).__module__.startswith("studio.")
        is_first = name == "0001_initial"
        if is_ours and not is_first and (app, name) not in EARLIER:
            yield app, name, migration


def test_older_processes_survive_every_migration_or_operators_are_told() -> None:
    """A migration that they do not survive says so in `downtime`, and the changelog has the sentence."""
    changelog = (ROOT / "CHANGELOG.md").read_text()
    for app, name, migration in list_later_migrations():
        dangers = list(list_dangers(migration))
        downtime = getattr(migration, "downtime", "")
        if dangers:
            assert downtime, f"{app}.{name}: {'; '.join(dangers)}"
            assert downtime in changelog, f"{app}.{name}: the changelog must say: {downtime}"


SAFE = [
    migrations.AddField(
        "run", "address", models.CharField(max_length=9, default="", db_default="")
    ),
    migrations.AddField("run", "width", models.IntegerField(null=True)),
    migrations.AddField("run", "seen_by", models.ManyToManyField("teams.User")),
    migrations.CreateModel("note", [("id", models.BigAutoField(primary_key=True))]),
    migrations.AlterModelOptions("run", {"ordering": ["-created_at"]}),
]
DANGEROUS = [
    migrations.AddField("run", "address", models.CharField(max_length=9, default="")),
    migrations.RemoveField("run", "address"),
    migrations.RenameField("run", "address", "source"),
    migrations.DeleteModel("note"),
    migrations.RenameModel("note", "remark"),
    migrations.AddIndex("run", models.Index(fields=["state"], name="by_state")),
    migrations.AlterField("run", "state", models.CharField(max_length=99)),
    migrations.RunPython(migrations.RunPython.noop),
    migrations.RunSQL("SELECT 1"),
]


@pytest.mark.parametrize("operation", SAFE, ids=lambda one: one.describe())
def test_what_is_added_beside_is_survived(operation: Operation) -> None:
    assert find_danger(operation) == ""


@pytest.mark.parametrize("operation", DANGEROUS, ids=lambda one: one.describe())
def test_what_older_processes_do_not_survive_is_found(operation: Operation) -> None:
    assert find_danger(operation) != ""


def test_a_table_that_is_new_may_be_changed_at_once() -> None:
    class Added(Migration):
        operations = (
            migrations.CreateModel("note", [("id", models.BigAutoField(primary_key=True))]),
            migrations.AddField("note", "words", models.TextField()),
            migrations.AddIndex("note", models.Index(fields=["words"], name="by_words")),
        )

    assert list(list_dangers(Added("later", "notes"))) == []
