"""Bundles as zips, for storage and download. Knows no database."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from studio.pipeline.bundle import Bundle, list_files

# A fixed date (the earliest a zip can hold), so that equal bundles are equal bytes.
DATE = (1980, 1, 1, 0, 0, 0)
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CHUNK = 2**20  # bytes unpacked at once
MOST_UNPACKED = 500_000_000  # bytes of one version: its code and all pictures cut from a mockup


class PackedUnusually(Exception):
    """A member is packed in another way than stored or deflate."""


class ArchiveTooLarge(Exception):
    """The members have more bytes than the caller allows."""


def zip_bundle(bundle: Bundle) -> bytes:
    return zip_files(list_files(bundle))


def zip_files(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in sorted(files.items()):
            is_compressed = name.endswith((".png", ".jpg", ".webp"))
            method = zipfile.ZIP_STORED if is_compressed else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, DATE), data, method)
    return out.getvalue()


def unzip_files(data: bytes) -> dict[str, bytes]:
    """Return the files of a zip that this studio wrote."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return read_members(
            archive, {entry.filename: entry for entry in archive.infolist()}, MOST_UNPACKED
        )


def read_members(
    archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], most: int
) -> dict[str, bytes]:
    """Return the members' bytes, at most `most` in all.

    Raises PackedUnusually and ArchiveTooLarge. Bytes are counted while unpacking, because the sizes that
    an archive declares are not trusted. bzip2 and LZMA unpack gigabytes before they return the first byte,
    so neither is read.
    """
    if any(entry.compress_type not in PACKINGS for entry in entries.values()):
        raise PackedUnusually
    members: dict[str, bytes] = {}
    remaining = most
    for name, entry in entries.items():
        with archive.open(entry) as stream:
            pieces = []
            while piece := stream.read(min(CHUNK, remaining + 1)):
                pieces.append(piece)
                remaining -= len(piece)
                if remaining < 0:
                    raise ArchiveTooLarge
        members[name] = b"".join(pieces)
    return members


def read_bundle(data: bytes) -> Bundle:
    """Return the inverse of `zip_bundle`: files in assets/ are bytes, all others text."""
    files = unzip_files(data)
    assets = {name: content for name, content in files.items() if name.startswith("assets/")}
    return Bundle(
        {name: content.decode() for name, content in files.items() if name not in assets}, assets
    )
