"""Reads uploaded pages (an HTML file, or a zip with a page) as bundles. The input is hostile.

No database and nothing written to disk. What cannot be imported raises ImportRefused with one
sentence.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from django.utils.translation import gettext

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
    """Raised for an import that cannot be used. The message says what is wrong and what is allowed."""


def read_import(name: str, data: bytes) -> Bundle:
    """Return the page as a bundle with index.html as entry and pictures in assets/.

    Raises ImportRefused.
    """
    if not data:
        raise ImportRefused(gettext("The file is empty; send an HTML file or a zip with a page."))
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _bundle(_unpack_zip(data))
    if not re.search(rb"<(?:!doctype html|html|body|head|div|main|p)\b", data[:20_000], re.I):
        raise ImportRefused(
            gettext("{name!r} is neither an HTML page nor a zip with one.").format(name=name[:80])
        )
    return _bundle({ENTRY: data})


def _unpack_zip(data: bytes) -> dict[str, bytes]:
    if data.count(RECORD) > MOST_RECORDS:
        raise ImportRefused(
            gettext(
                "The zip holds more than {most_records} files; up to {most_entries} are allowed."
            ).format(most_records=MOST_RECORDS, most_entries=MOST_ENTRIES)
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
                    gettext(
                        "The zip contains {entries} files; the limit is {most_entries}."
                    ).format(entries=len(entries), most_entries=MOST_ENTRIES)
                )
            members = {_check_entry(entry): entry for entry in entries}
            members = {path: entry for path, entry in members.items() if not steers_tools(path)}
            return read_members(archive, members, MOST_BYTES)
    except ArchiveTooLarge:
        raise ImportRefused(
            gettext("Unpacked, the zip is larger than the limit of {megabytes} MB.").format(
                megabytes=MOST_BYTES // 10**6
            )
        ) from None
    except PackedUnusually:
        raise ImportRefused(
            gettext("The zip uses an unusual compression; use stored or deflate.")
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
            gettext(
                "The zip cannot be read: it is damaged, encrypted or uses an unusual compression."
            )
        ) from None


def _check_entry(entry: zipfile.ZipInfo) -> str:
    """Return the entry's path; refuse entries that are no plain files inside the folder.

    Hidden files and files that tools would run pass here; the caller ignores them.
    """
    shown = "/".join(part.lstrip(".") or part for part in entry.filename.split("/"))
    try:
        check_path(shown)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise PathError(gettext("only plain files are allowed"))
    except PathError as error:
        raise ImportRefused(
            gettext(
                "The zip contains {filename!r}; use only plain files inside the page's folder "
                "({error})."
            ).format(filename=entry.filename[:80], error=error)
        ) from None
    return entry.filename


def _bundle(files: Mapping[str, bytes]) -> Bundle:
    pages = sorted((path for path in files if path.lower().endswith((".html", ".htm"))), key=_rank)
    if not pages:
        raise ImportRefused(gettext("The zip contains no HTML page; add an index.html."))
    folder = pages[0].rpartition("/")[0]
    texts: dict[str, str] = {}
    assets: dict[str, bytes] = {}
    moved: dict[str, str] = {}
    for path, data in files.items():
        own = path.removeprefix(f"{folder}/") if folder else path
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
            gettext(
                "The page's code is longer than the limit of {most_characters} characters."
            ).format(most_characters=MOST_CHARACTERS)
        )
    try:
        check_code(texts)
    except OutOfBounds as error:
        raise ImportRefused(str(error)) from None
    rewritten = {path: _rewrite_addresses(text, path, moved) for path, text in texts.items()}
    return Bundle(rewritten, assets)


def _rank(path: str) -> tuple[int, bool, str]:
    """Sort index.html before other names and shallow paths before deep ones."""
    return path.count("/"), path.rpartition("/")[2].lower() != ENTRY, path


def _rewrite_addresses(text: str, path: str, moved: Mapping[str, str]) -> str:
    """Replace the addresses of moved pictures; style sheets in folders use "../img/a.png"."""
    up = "../" * path.count("/")
    for old, new in sorted(moved.items(), key=lambda pair: -len(pair[0])):
        relative = old.removeprefix(path.rpartition("/")[0] + "/") if "/" in path else old
        for spelling in dict.fromkeys((f"{up}{old}", f"./{relative}", f"/{old}", relative)):
            text = re.sub(rf"(?<=[\"'(=]){re.escape(spelling)}(?=[\"')\s>?#])", f"{up}{new}", text)
    return text
