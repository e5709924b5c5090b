"""Bundles as zips: how an attempt's code is stored, read back, and handed to the person. Knows no database."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from studio.pipeline.bundle import Bundle, all_files

# A fixed date (the earliest a zip can hold), so that the same bundle is the same bytes.
DATE = (1980, 1, 1, 0, 0, 0)


def bundle_zip(bundle: Bundle) -> bytes:
    return zipped(all_files(bundle))


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in sorted(files.items()):
            # Pictures are compressed already.
            method = zipfile.ZIP_STORED if name.endswith((".png", ".jpg", ".webp")) else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, DATE), data, method)
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_bundle(data: bytes) -> Bundle:
    """The inverse of `bundle_zip`: what lies in assets/ is bytes, all else is text."""
    files = unzipped(data)
    assets = {name: content for name, content in files.items() if name.startswith("assets/")}
    return Bundle({name: content.decode() for name, content in files.items() if name not in assets}, assets)
