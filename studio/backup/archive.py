"""The file of a backup: written in one pass, and read in one pass."""

from __future__ import annotations

import io
import json
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction

from studio.backup import rows
from studio.config import vault
from studio.config.environment import SECRET_KEY_FILE
from studio.runs.retention import list_needed_files

FORMAT = 1
MANIFEST, END = "manifest.json", "end.json"
ROWS, FILES, KEYS = "rows/", "files/", "keys/"
LEVEL = 1  # of gzip: most of a studio is pictures, which do not get smaller
OWNER_ONLY = 0o600


@dataclass
class Counts:
    """What a backup holds. `missing`: files that rows name and the storage does not have."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    megabytes: float = 0.0
    keys: int = 0
    missing: list[str] = field(default_factory=list)


def write_backup(path: Path, *, with_keys: bool = True) -> Counts:
    """Write a backup of this studio, which may go on working meanwhile.

    Rows are read in one transaction; files never change once they are stored. The file can be read
    by its owner alone, because it holds everything. Raises FileExistsError and OSError.
    """
    counts = Counts()
    with _create(path) as tar:
        _add(tar, MANIFEST, _make_manifest())
        with tempfile.TemporaryDirectory() as folder:
            names = _dump_rows(Path(folder), counts)
            for file in sorted(Path(folder).iterdir()):
                tar.add(file, f"{ROWS}{file.name}")
        for name in sorted(names):
            _add_stored(tar, name, counts)
        if with_keys:
            for file in list_key_files():
                tar.add(file, f"{KEYS}{file.name}")
                counts.keys += 1
        _add(tar, END, _to_json(asdict(counts)))
    return counts


def list_key_files() -> list[Path]:
    """Return the files of the secrets that the studio made itself, and no variable gives."""
    files = []
    if not settings.SECRET_KEY_GIVEN:
        files.append(settings.DATA_DIR / SECRET_KEY_FILE)
    if not settings.VAULT_KEYS:
        vault.list_keys()  # makes the file where nothing needed it yet
        files.append(vault.get_key_file())
    return files


def _make_manifest() -> bytes:
    manifest = {
        "format": FORMAT,
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "migrations": rows.list_migrations(),
    }
    return _to_json(manifest)


def _dump_rows(folder: Path, counts: Counts) -> set[str]:
    """Write a file of rows for each model; return the names of the files that the rows need."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for model in rows.list_models():
            with (folder / f"{model._meta.label}.jsonl").open("w", encoding="utf-8") as file:
                counts.rows[model._meta.label] = rows.write_rows(model, file)
        return list_needed_files()


def _add_stored(tar: tarfile.TarFile, name: str, counts: Counts) -> None:
    try:
        size = default_storage.size(name)
        with default_storage.open(name) as stored:
            info = tarfile.TarInfo(f"{FILES}{name}")
            info.size = size
            tar.addfile(info, stored)
    except FileNotFoundError:
        counts.missing.append(name)
        return
    counts.files += 1
    counts.megabytes = round(counts.megabytes + size / 1e6, 6)


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def _to_json(value: Any) -> bytes:
    return json.dumps(value, indent=1).encode()


@contextmanager
def _create(path: Path) -> Iterator[tarfile.TarFile]:
    """Yield a new archive; after an error there is no file."""
    path.touch(mode=OWNER_ONLY, exist_ok=False)
    try:
        with tarfile.open(path, "w:gz", compresslevel=LEVEL) as tar:
            yield tar
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def open_backup(path: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Yield the members of a backup as (name, file), to be read in their order.

    Raises OSError, EOFError and tarfile.TarError.
    """
    with tarfile.open(path, "r:gz") as tar:
        yield _list_members(tar)


def _list_members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member)
        if content is not None:
            yield member.name, content
