"""Bundles as zips: how an attempt's code is stored, read back, and handed to the person. Knows no
database.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from studio.pipeline.bundle import Bundle, list_files

# A fixed date (the earliest a zip can hold), so that the same bundle is the same bytes.
DATE = (1980, 1, 1, 0, 0, 0)
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CHUNK = 2**20  # bytes unpacked at once
MOST_UNPACKED = 500_000_000  # bytes of one version: its code and every picture cut from a mockup


class PackedUnusually(Exception):
    """A member is packed in another way than stored or deflate."""


class ArchiveTooLarge(Exception):
    """The members have more bytes than were asked for."""


def zip_bundle(bundle: Bundle) -> bytes:
    return zip_files(list_files(bundle))


def zip_files(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in sorted(files.items()):
            # Pictures are compressed already.
            method = (
                zipfile.ZIP_STORED
                if name.endswith((".png", ".jpg", ".webp"))
                else zipfile.ZIP_DEFLATED
            )
            archive.writestr(zipfile.ZipInfo(name, DATE), data, method)
    return out.getvalue()


def unzip_files(data: bytes) -> dict[str, bytes]:
    """The files of a zip that this studio wrote."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return read_members(
            archive, {entry.filename: entry for entry in archive.infolist()}, MOST_UNPACKED
        )


def read_members(
    archive: zipfile.ZipFile, wanted: Mapping[str, zipfile.ZipInfo], most: int
) -> dict[str, bytes]:
    """The members' bytes. Raises PackedUnusually, and ArchiveTooLarge when there are more than
    `most` in all.

    Counted while unpacking: what an archive says of its members' sizes is not believed. bzip2 and
    LZMA unpack gigabytes before they hand back the first byte, so neither is read.
    """
    if any(entry.compress_type not in PACKINGS for entry in wanted.values()):
        raise PackedUnusually
    found: dict[str, bytes] = {}
    left = most
    for name, entry in wanted.items():
        with archive.open(entry) as stream:
            pieces = []
            while piece := stream.read(min(CHUNK, left + 1)):
                pieces.append(piece)
                left -= len(piece)
                if left < 0:
                    raise ArchiveTooLarge
        found[name] = b"".join(pieces)
    return found


def read_bundle(data: bytes) -> Bundle:
    """The inverse of `zip_bundle`: what lies in assets/ is bytes, all else is text."""
    files = unzip_files(data)
    assets = {name: content for name, content in files.items() if name.startswith("assets/")}
    return Bundle(
        {name: content.decode() for name, content in files.items() if name not in assets}, assets
    )
