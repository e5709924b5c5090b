"""A backup brought back into an empty studio: all of it, or nothing."""

from __future__ import annotations

import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, connection, transaction

from studio.backup import archive, rows
from studio.backup.archive import Counts
from studio.config.environment import replace_secret

Members = Iterator[tuple[str, IO[bytes]]]
LISTED = 3  # migrations named in a message
# What JSON, rows and manifests of another shape raise.
CONTENT_ERRORS = (ValueError, KeyError, TypeError, AttributeError, DeserializationError)


class RestoreError(Exception):
    """Raised when a backup cannot be restored; the message says why and what to do."""


def restore_backup(path: Path) -> Counts:
    """Restore the backup into this studio, whose database is migrated and empty.

    Rows are loaded in one transaction. Raises RestoreError; the database is then as it was.
    """
    if not rows.is_empty():
        raise RestoreError(
            "This studio is not empty: set DATA_DIR, or DATABASE_URL and STORAGE_URL, to a new place."
        )
    stored: list[str] = []
    try:
        with _name_damage(path), archive.open_backup(path) as members:
            counts, keys = _restore(members, stored)
    except BaseException:
        _delete(stored)
        raise
    _write_keys(keys)
    return counts


@contextmanager
def _name_damage(path: Path) -> Iterator[None]:
    """Turn what damaged or made-up contents raise into one sentence."""
    try:
        yield
    except (EOFError, zlib.error, tarfile.TarError) as error:
        raise RestoreError(f"{path} is not a whole backup ({error}); use another copy.") from None
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        raise RestoreError(f"The rows of {path} do not fit together ({reason}).") from None
    except SuspiciousFileOperation:
        raise RestoreError(f"{path} has a file outside the storage, so it was refused.") from None
    except CONTENT_ERRORS as error:
        raise RestoreError(
            f"{path} holds what no backup holds ({type(error).__name__}); use another copy."
        ) from None


def _restore(members: Members, stored: list[str]) -> tuple[Counts, dict[str, str]]:
    """Load rows and files; return what there was, and the keys by their file's name."""
    _check_manifest(members)
    counts = Counts()
    keys: dict[str, str] = {}
    end: dict[str, Any] | None = None
    with transaction.atomic(), connection.constraint_checks_disabled():
        for name, file in members:
            if name.startswith(archive.ROWS):
                lines = io.TextIOWrapper(file, encoding="utf-8")
                label = name.removeprefix(archive.ROWS).removesuffix(".jsonl")
                counts.rows[label] = rows.load_rows(lines)
            elif name.startswith(archive.FILES):
                _store(name.removeprefix(archive.FILES), file, stored)
            elif name.startswith(archive.KEYS):
                keys[name.removeprefix(archive.KEYS)] = file.read().decode()
            elif name == archive.END:
                end = json.load(file)
        counts.files, counts.keys = len(stored), len(keys)
        _check_end(counts, end)
        rows.check_rows(rows.list_models())
    return counts, keys


def _check_manifest(members: Members) -> None:
    name, file = next(members, ("", io.BytesIO()))
    if name != archive.MANIFEST:
        raise RestoreError("The file is not a backup of a studio: manage.py backup writes them.")
    manifest = json.load(file)
    if manifest.get("format") != archive.FORMAT:
        raise RestoreError(
            f"The backup has format {manifest.get('format')}; this version reads {archive.FORMAT}. "
            "Restore it with the version that wrote it."
        )
    theirs, ours = set(manifest["migrations"]), set(rows.list_migrations())
    if theirs != ours:
        some = ", ".join(sorted(theirs ^ ours)[:LISTED])
        raise RestoreError(
            f"The backup was written by another version (migrations that differ: {some}). "
            "Restore it with that version, then upgrade."
        )


def _check_end(counts: Counts, end: dict[str, Any] | None) -> None:
    if end is None:
        raise RestoreError("The backup was cut off: its end is missing. Use another copy.")
    found = (counts.rows, counts.files, counts.keys)
    if found != (end["rows"], end["files"], end["keys"]):
        raise RestoreError(
            f"The backup holds {counts.files} files and {sum(counts.rows.values())} rows, but says "
            f"{end['files']} and {sum(end['rows'].values())}. Use another copy."
        )


def _store(name: str, file: IO[bytes], stored: list[str]) -> None:
    if default_storage.exists(name):
        raise RestoreError(f"The storage already has {name}: set STORAGE_URL to an empty place.")
    saved = default_storage.save(name, File(file))
    stored.append(saved)
    if saved != name:
        raise RestoreError(
            f"The storage renamed {name} to {saved}: set STORAGE_URL to another one."
        )


def _write_keys(keys: dict[str, str]) -> None:
    """Write the secrets, except those that variables give here."""
    for path in archive.list_key_files():
        if path.name in keys:
            replace_secret(path, keys[path.name])


def _delete(stored: list[str]) -> None:
    for name in stored:
        default_storage.delete(name)
