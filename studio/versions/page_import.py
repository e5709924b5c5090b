"""Pages from elsewhere as bundles: an HTML file, or a zip of a page and what lies beside it. What
is sent is hostile.

Knows no database. What cannot be taken is refused with one sentence; nothing is written to disk.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from studio.pipeline.bounds import OutOfBounds, check_code
from studio.pipeline.bundle import ENTRY, MOST_CHARACTERS, TEXT_TYPES, Bundle
from studio.pipeline.bundle_zip import ArchiveTooLarge, PackedUnusually, read_members
from studio.pipeline.paths import PathError, check_path, steers_tools

MOST_ENTRIES = 300
# Entries of a zip's directory, those that are left out (node_modules) among them. zipfile makes an
# object of 500 bytes of each before anybody can count: 20 MB hold 350,000.
MOST_RECORDS = 20_000
RECORD = b"PK\x01\x02"  # how each begins
MOST_BYTES = 30_000_000  # unpacked, in all; a zip that says less than it holds is cut off there
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".woff", ".woff2", ".ico")
JUNK = re.compile(r"(?:^|/)(?:__MACOSX|node_modules|\.git|\.DS_Store|Thumbs\.db)(?:/|$)")


class ImportRefused(Exception):
    """One sentence: what cannot be taken, and what can."""


def read_import(name: str, data: bytes) -> Bundle:
    """The page as a bundle: its entry is index.html, its pictures lie in assets/. Raises
    ImportRefused.
    """
    if not data:
        raise ImportRefused("The file is empty; send an HTML file or a zip of a page.")
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _bundle(_unpack_zip(data))
    if not re.search(rb"<(?:!doctype html|html|body|head|div|main|p)\b", data[:20_000], re.I):
        raise ImportRefused(f"{name[:80]!r} is neither an HTML page nor a zip of one.")
    return _bundle({ENTRY: data})


def _unpack_zip(data: bytes) -> dict[str, bytes]:
    if data.count(RECORD) > MOST_RECORDS:
        raise ImportRefused(
            f"The zip holds more than {MOST_RECORDS} files; up to {MOST_ENTRIES} are allowed."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [
                entry
                for entry in archive.infolist()
                if not entry.is_dir() and not JUNK.search(entry.filename)
            ]
            if len(entries) > MOST_ENTRIES:
                raise ImportRefused(
                    f"The zip holds {len(entries)} files; up to {MOST_ENTRIES} are allowed."
                )
            wanted = {_check_entry(entry): entry for entry in entries}
            wanted = {path: entry for path, entry in wanted.items() if not steers_tools(path)}
            return read_members(archive, wanted, MOST_BYTES)
    except ArchiveTooLarge:
        raise ImportRefused(
            f"Unpacked, the zip is larger than the {MOST_BYTES // 10**6} MB that are allowed."
        ) from None
    except PackedUnusually:
        raise ImportRefused(
            "The zip is packed in an unusual way; only stored and deflate are allowed."
        ) from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        UnicodeDecodeError,
    ):
        raise ImportRefused(
            "The zip cannot be read: it is broken, encrypted or packed in an unusual way."
        ) from None


def _check_entry(entry: zipfile.ZipInfo) -> str:
    """The entry's path; one that is hidden is refused as little as one that a tool would read:
    neither is taken.
    """
    shown = "/".join(part.lstrip(".") or part for part in entry.filename.split("/"))
    try:
        check_path(shown)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise PathError("only plain files are allowed")
    except PathError as error:
        raise ImportRefused(
            f"The zip holds {entry.filename[:80]!r}; only plain files inside the page's folder are allowed ({error})."
        ) from None
    return entry.filename


def _bundle(files: Mapping[str, bytes]) -> Bundle:
    pages = sorted((path for path in files if path.lower().endswith((".html", ".htm"))), key=_rank)
    if not pages:
        raise ImportRefused("The zip holds no HTML page; put an index.html into it.")
    folder = pages[0].rpartition("/")[0]
    texts: dict[str, str] = {}
    assets: dict[str, bytes] = {}
    moved: dict[str, str] = {}
    for path, data in files.items():
        own = path.removeprefix(f"{folder}/") if folder and path.startswith(f"{folder}/") else path
        suffix = PurePosixPath(path).suffix.lower()
        if path == pages[0]:
            texts[ENTRY] = data.decode("utf-8", "replace")
        elif suffix in PICTURES:
            moved[own] = own if own.startswith("assets/") else f"assets/{own.replace('/', '-')}"
            assets[moved[own]] = data
        elif suffix in TEXT_TYPES and suffix != ".html":
            texts[own] = data.decode("utf-8", "replace")
    if sum(map(len, texts.values())) > MOST_CHARACTERS:
        raise ImportRefused(
            f"The page's code is longer than the {MOST_CHARACTERS} characters that are allowed."
        )
    try:
        check_code(texts)
    except OutOfBounds as error:
        raise ImportRefused(str(error)) from None
    return Bundle(
        {path: _rewrite_addresses(text, path, moved) for path, text in texts.items()}, assets
    )


def _rank(path: str) -> tuple[int, bool, str]:
    """index.html before others, what lies higher before what lies deeper."""
    return path.count("/"), path.rpartition("/")[2].lower() != ENTRY, path


def _rewrite_addresses(text: str, at: str, moved: Mapping[str, str]) -> str:
    """The text with its pictures' new addresses; a style sheet in a folder says '../img/a.png'."""
    up = "../" * at.count("/")
    for old, new in sorted(moved.items(), key=lambda pair: -len(pair[0])):
        beside = old.removeprefix(at.rpartition("/")[0] + "/") if "/" in at else old
        for spelled in dict.fromkeys((f"{up}{old}", f"./{beside}", f"/{old}", beside)):
            text = re.sub(rf"(?<=[\"'(=]){re.escape(spelled)}(?=[\"')\s>?#])", f"{up}{new}", text)
    return text
