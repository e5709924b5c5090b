"""No file is forgotten: what nothing names is removed, what a copy still names stays.

The tests walk all models and the whole storage, so that a new kind of file cannot be left out.
"""

from __future__ import annotations

import ast
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from studio.export.models import Export, Repository
from studio.export.services import keep_files
from studio.pipeline.bundle import Bundle
from studio.runs import retention
from studio.runs.models import Attempt, Run, WidthView
from studio.runs.services import cancel_run, import_name
from studio.runs.worker import load_base_version
from studio.teams.models import StoredFile
from studio.teams.storage import file_fields, store_file, used_bytes
from studio.versions.revisions import restore, start_import
from tests.people import adas_team, cast
from tests.processes import ROOT
from tests.studio.runs.making import finished_run, project

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=31)


@pytest.fixture(autouse=True)
def empty_storage(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


def all_files(folder: str = "") -> Iterator[str]:
    """Every file there is in the storage."""
    folders, names = default_storage.listdir(folder)
    yield from (f"{folder}{name}" for name in names)
    for one in folders:
        yield from all_files(f"{folder}{one}/")


def stored(name: str) -> str:
    return store_file(team_id=adas_team().pk, name=name, data=b"something")


def full_run() -> Run:
    """A run with every kind of file that there is."""
    run = finished_run()
    attempt = run.attempts.get()
    view = {name: stored(f"runs/{run.pk}/0/{name}-390.png") for name in ("render", "heatmap")}
    WidthView.objects.create(attempt=attempt, width=390, height=800, likeness=0.5, **view)
    where = {"base": "main", "can_write": True, "checked_at": timezone.now()}
    repository, _ = Repository.objects.get_or_create(
        team=adas_team(), url="https://forge.example/a/b", defaults=where
    )
    export = Export.objects.create(
        run=run, attempt=attempt, repository=repository, branch="b", address="a"
    )
    export.files = keep_files(export=export, data=b"a zip")
    export.save()
    return run


def delete_long_ago(*runs: Run) -> None:
    for run in runs:
        retention.delete_run(run=run, by=cast("ada"))
    Run.objects.exclude(deleted_at=None).update(deleted_at=timezone.now() - LONG_AGO)


def test_a_full_run_has_a_file_in_every_field_there_is() -> None:
    full_run()
    for model, field in file_fields():
        assert model._default_manager.exclude(**{field: ""}).exists(), (
            f"{model.__name__}.{field} is not tested below"
        )
        assert model.TEAM, f"{model.__name__} does not say whose storage its files take"  # type: ignore[attr-defined]


def test_a_purged_run_leaves_no_file_at_all() -> None:
    run = full_run()
    assert len(list(all_files())) >= 8
    delete_long_ago(run)
    call_command("purge")
    assert list(all_files()) == []
    assert not StoredFile.objects.exists()


def test_what_a_copy_or_a_restored_version_names_stays() -> None:
    run = full_run()
    twin = retention.duplicate_run(run=run)
    assert twin
    names = {view.render.name for view in WidthView.objects.all()}
    assert WidthView.objects.count() == 2  # the copy has the further width, too
    delete_long_ago(run)
    call_command("purge")
    kept = WidthView.objects.get(attempt__run=twin)
    assert kept.render.name in names
    assert default_storage.exists(str(kept.render.name))
    assert default_storage.exists(str(kept.heatmap.name))


def test_a_restored_version_keeps_its_further_widths() -> None:
    run = full_run()
    again = restore(base=run.attempts.get(), by=cast("ada"))
    old, new = WidthView.objects.get(attempt__run=run), WidthView.objects.get(attempt__run=again)
    assert (new.width, new.likeness, new.render) == (old.width, old.likeness, old.render)


class TestImports:
    def start(self) -> Run:
        return start_import(
            project=project(), by=cast("ada"), bundle=Bundle({"index.html": "<p>Hi"}), upload=None
        )

    def test_the_file_is_there_until_its_run_is_over(self) -> None:
        run = self.start()
        call_command("purge")
        StoredFile.objects.update(created_at=timezone.now() - LONG_AGO)
        call_command("purge")
        assert load_base_version(run) is not None
        cancel_run(run_id=run.pk)
        Run.objects.filter(pk=run.pk).update(state=Run.State.CANCELLED)

    @pytest.mark.django_db(transaction=True)
    def test_it_is_removed_with_the_runs_end(self, valkey: None) -> None:
        run = self.start()
        assert default_storage.exists(import_name(run.pk))
        cancel_run(run_id=run.pk)
        assert not default_storage.exists(import_name(run.pk))

    def test_a_purge_finds_what_was_left_before_files_were_counted(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in (f"imports/{uuid.uuid4()}.zip", f"exports/{uuid.uuid4()}.zip"):
            default_storage.save(name, ContentFile(b"old"))
        call_command("purge")
        assert len(list(all_files())) == 2  # it may be somebody's in a moment
        monkeypatch.setattr(
            FileSystemStorage,
            "get_modified_time",
            lambda self, name: timezone.now() - timedelta(days=2),
        )
        call_command("purge")
        assert list(all_files()) == []


def test_files_of_an_attempt_that_was_thrown_away_are_removed() -> None:
    """A worker died, its run began anew: the first try's rows are gone, its files were not."""
    run = full_run()
    orphan = stored(f"runs/{run.pk}/0/bundle.zip")
    call_command("purge")
    assert default_storage.exists(orphan)  # it may be named in a moment
    StoredFile.objects.update(created_at=timezone.now() - timedelta(days=2))
    call_command("purge")
    assert not default_storage.exists(orphan)
    assert default_storage.exists(str(run.attempts.get().bundle.name))


def test_files_from_before_they_were_counted_are_counted() -> None:
    run = full_run()
    before = used_bytes(adas_team().pk)
    StoredFile.objects.all().delete()
    call_command("purge")
    assert used_bytes(adas_team().pk) == before > 0
    assert Attempt.objects.filter(run=run).exists()


# The module itself, a probe that deletes what it wrote, and rows that come with their files.
UNCOUNTED = ("teams/storage.py", "diagnosis/services.py", "backup/restore.py")


def test_all_code_stores_files_through_the_module_that_counts_them() -> None:
    for path in (ROOT / "studio").rglob("*.py"):
        if str(path.relative_to(ROOT / "studio")) in UNCOUNTED:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Attribute) or node.attr not in ("save", "delete"):
                continue
            by_storage = isinstance(node.value, ast.Name) and node.value.id == "default_storage"
            assert not by_storage, f"{path} line {node.lineno}: use store_file or delete_files"
