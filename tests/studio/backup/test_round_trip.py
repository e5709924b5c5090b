"""A studio, backed up, restored into an empty one and backed up again, is the same studio."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core import serializers
from django.core.management import CommandError, call_command
from django.utils import timezone

from studio.backup import archive, rows
from studio.config import vault
from studio.projects.models import Project
from studio.teams.models import Connection
from tests.people import adas_team, cast
from tests.processes import ROOT
from tests.studio.runs.making import finished_run, queued_run

pytestmark = pytest.mark.django_db
TOKEN = "sk-of-a-team"


def manage(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of a studio of its own, whose data folder is `data`."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def members(path: Path) -> dict[str, bytes]:
    with archive.open_backup(path) as found:
        return {name: file.read() for name, file in found}


def without(path: Path, target: Path, lost: str) -> Path:
    """Write the backup again without the members whose name begins with `lost`."""
    with tarfile.open(path) as tar, tarfile.open(target, "w:gz") as copy:
        for member in tar:
            if not member.name.startswith(lost):
                copy.addfile(member, tar.extractfile(member))
    return target


def with_member(path: Path, target: Path, name: str, content: bytes) -> Path:
    """Write the backup again with this content; a new member stands before the end."""
    with tarfile.open(path) as tar, tarfile.open(target, "w:gz") as copy:
        known = name in tar.getnames()
        for member in tar:
            is_place = member.name == (name if known else archive.END)
            if is_place:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                copy.addfile(info, io.BytesIO(content))
            if not (is_place and known):
                copy.addfile(member, tar.extractfile(member))
    return target


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a studio with people, runs, files and a sealed key."""
    finished_run()
    queued_run("ben")
    Connection.objects.create(
        team=adas_team(), name="Ours", url="https://models.example.org/v1", key=vault.seal(TOKEN)
    )
    path = tmp_path / "studio.tar.gz"
    archive.write_backup(path)
    return path


def test_what_is_restored_is_the_same(backup: Path, tmp_path: Path) -> None:
    restored = tmp_path / "restored"
    done = manage(restored, "restore", str(backup))
    assert done.returncode == 0, done.stderr
    again = tmp_path / "again.tar.gz"
    done = manage(restored, "backup", str(again))
    assert done.returncode == 0, done.stderr
    first, second = members(backup), members(again)
    assert json.loads(first[archive.END])["files"] > 2
    for name in first.keys() | second.keys():
        if name != archive.MANIFEST:  # it says when it was made
            assert first[name] == second[name], name


@pytest.mark.parametrize("microsecond", [0, 1, 999, 1000, 999_999])
def test_times_are_kept_to_the_microsecond(microsecond: int) -> None:
    project = queued_run().project
    moment = timezone.now().replace(microsecond=microsecond)
    Project.objects.filter(pk=project.pk).update(created_at=moment)
    written = io.StringIO()
    rows.write_rows(Project, written)
    read = [row.object for row in serializers.deserialize("jsonl", written.getvalue())]
    assert moment in [row.created_at for row in read if isinstance(row, Project)]


def test_stored_secrets_can_be_decrypted_after_it(backup: Path, tmp_path: Path) -> None:
    restored = tmp_path / "restored"
    assert manage(restored, "restore", str(backup)).returncode == 0
    code = (
        "from studio.config import vault; from studio.teams.models import Connection; "
        "print(vault.unseal(Connection.objects.get().key))"
    )
    assert manage(restored, "shell", "--no-imports", "-c", code).stdout.strip() == TOKEN


def test_new_rows_get_new_ids_after_it(backup: Path, tmp_path: Path) -> None:
    restored = tmp_path / "restored"
    assert manage(restored, "restore", str(backup)).returncode == 0
    done = manage(restored, "signin", "new@example.org")
    assert "/welcome/" in done.stdout, done.stderr


def test_it_can_be_read_by_its_owner_alone(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600


def test_sessions_are_not_in_it(backup: Path) -> None:
    assert not [name for name in members(backup) if "Session" in name]


def test_keys_can_be_left_out(tmp_path: Path) -> None:
    archive.write_backup(tmp_path / "b", with_keys=False)
    assert not [name for name in members(tmp_path / "b") if name.startswith(archive.KEYS)]


def test_keys_from_variables_are_not_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SECRET_KEY_GIVEN", True)
    monkeypatch.setattr(settings, "VAULT_KEYS", ("k" * 40,))
    assert archive.list_key_files() == []


def test_every_model_with_a_file_is_covered(backup: Path) -> None:
    labels = {model._meta.label for model in rows.list_models()}
    assert {f"{archive.ROWS}{label}.jsonl" for label in labels} <= members(backup).keys()


def test_a_file_that_exists_is_not_overwritten(backup: Path) -> None:
    with pytest.raises(CommandError, match="exists; choose another name"):
        call_command("backup", backup)


def test_a_failed_backup_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(archive, "_dump_rows", fail)
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_a_studio_in_use_is_left_alone(backup: Path) -> None:
    assert cast("ada").pk
    with pytest.raises(CommandError, match="not empty: set DATA_DIR"):
        call_command("restore", backup)


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (archive.END, "cut off"),
        (f"{archive.ROWS}teams.User.jsonl", "but says"),
        (archive.FILES, "but says"),
        (archive.MANIFEST, "not a backup"),
    ],
)
def test_a_damaged_backup_restores_nothing(
    backup: Path, tmp_path: Path, lost: str, words: str
) -> None:
    damaged = without(backup, tmp_path / "damaged.tar.gz", lost)
    restored = tmp_path / "restored"
    done = manage(restored, "restore", str(damaged))
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    if lost == archive.FILES:  # the rows were loaded, and the whole backup finds the place empty
        assert manage(restored, "restore", str(backup)).returncode == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (archive.MANIFEST, b"{", "what no backup holds"),
        (archive.MANIFEST, b'{"format": 1}', "what no backup holds"),
        (archive.END, b"[]", "what no backup holds"),
        (f"{archive.ROWS}teams.User.jsonl", b'{"model": "no.such"}', "what no backup holds"),
        (f"{archive.ROWS}teams.User.jsonl", b"\xff", "what no backup holds"),
        (f"{archive.FILES}../outside.txt", b"x", "outside the storage"),
    ],
)
def test_made_up_contents_are_refused_in_a_sentence(
    backup: Path, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    crafted = with_member(backup, tmp_path / "crafted.tar.gz", name, content)
    restored = tmp_path / "restored"
    done = manage(restored, "restore", str(crafted))
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert manage(restored, "restore", str(backup)).returncode == 0


def test_a_file_that_ends_early_restores_nothing(backup: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.tar.gz"
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    done = manage(tmp_path / "restored", "restore", str(half))
    assert done.returncode == 1
    assert "not a whole backup" in done.stderr


def test_the_backup_of_another_version_is_named(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "list_migrations", lambda: ["runs.0001_initial", "runs.0099_future"])
    other = tmp_path / "other.tar.gz"
    archive.write_backup(other)
    done = manage(tmp_path / "restored", "restore", str(other))
    assert done.returncode == 1
    assert "written by another version" in done.stderr
