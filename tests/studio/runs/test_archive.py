"""What a zip unpacks to is counted while it unpacks, and only two ways of packing are read."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.bundle_zip import (
    ArchiveTooLarge,
    PackedUnusually,
    read_bundle,
    read_members,
    zip_bundle,
)
from studio.versions.page_import import ImportRefused, read_import
from tests.processes import ROOT

PAGE = b"<!doctype html><p>x"


def packed(method: int, data: bytes = PAGE, name: str = "index.html") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_bzip2_and_lzma_are_refused_however_small(method: int) -> None:
    with pytest.raises(ImportRefused, match="use stored or deflate"):
        read_import("x.zip", packed(method))
    with pytest.raises(PackedUnusually):
        read_bundle(packed(method))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_stored_and_deflate_are_read(method: int) -> None:
    assert read_import("x.zip", packed(method)).files == {"index.html": PAGE.decode()}


def test_a_member_that_says_it_is_small_is_counted() -> None:
    """The size in both headers is forged to a kilobyte."""
    data = packed(zipfile.ZIP_DEFLATED, b"\0" * 3_000_000)
    forged = data.replace(struct.pack("<I", 3_000_000), struct.pack("<I", 1000))
    with zipfile.ZipFile(io.BytesIO(forged)) as archive:
        [entry] = archive.infolist()
        assert entry.file_size == 1000
        with pytest.raises((ArchiveTooLarge, zipfile.BadZipFile)):
            read_members(archive, {"index.html": entry}, 2_000_000)


def test_bombs_in_every_packing_stay_small_in_memory() -> None:
    """A gigabyte of zeros in a few kB, refused by a process that may not have 300 MB."""
    code = """
import io, os, resource, sys, zipfile
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "studio.config.settings"
django.setup()
from studio.versions.page_import import ImportRefused, read_import
for name in sys.argv[1:]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", int(name)) as archive:
        with archive.open("index.html", "w", force_zip64=True) as member:
            for _ in range(200):
                member.write(bytes(1 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        read_import("x.zip", out.getvalue())
    except ImportRefused as error:
        print(error, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    methods = [str(one) for one in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED)]
    done = subprocess.run(
        [sys.executable, "-c", code, *methods], cwd=ROOT, capture_output=True, text=True, check=True
    )
    grown = [int(line.split()[-1]) for line in done.stdout.splitlines()]
    assert len(grown) == 3
    assert max(grown) < 100


def test_the_files_of_an_endless_directory_are_counted_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One file, listed 350,000 times in 20 MB: zipfile would make an object of each."""
    data = packed(zipfile.ZIP_STORED)
    at, end = data.index(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    entry, count = data[at:end], 20_000_000 // (end - at)
    places = (0, 0, count & 0xFFFF, count & 0xFFFF, len(entry) * count, at, 0)
    bomb = data[:at] + entry * count + struct.pack("<4s4H2LH", b"PK\x05\x06", *places)

    def opened(*args: object) -> None:
        raise AssertionError("the zip was opened")

    monkeypatch.setattr(zipfile, "ZipFile", opened)
    with pytest.raises(ImportRefused, match="more than 20000 files; up to 300 are allowed"):
        read_import("x.zip", bomb)


def test_a_version_is_read_back_as_it_was_kept() -> None:
    bundle = Bundle({"index.html": "<p>x", "src/a.js": "1"}, {"assets/a.png": b"\x89PNG" * 1000})
    assert read_bundle(zip_bundle(bundle)) == bundle


@pytest.mark.parametrize(
    "name",
    [
        "a\u202eb.css",
        "C:/x.css",
        "con.css",
        "a/x.css.",
        "x\x07.css",
        "a" * 256 + ".css",
        "..\\x.css",
    ],
)
def test_names_that_are_not_plain_everywhere_are_refused(name: str) -> None:
    with pytest.raises(ImportRefused, match="only plain files"):
        read_import("x.zip", packed(zipfile.ZIP_STORED, name=name))


def test_files_that_steer_tools_are_left_out() -> None:
    out = io.BytesIO()
    names = (
        ".vscode/tasks.json",
        "AGENTS.md",
        ".postcssrc.js",
        "postcss.config.mjs",
        ".git/config",
        "css/.env.css",
    )
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("index.html", "css/site.css", *names):
            archive.writestr(name, PAGE)
    assert set(read_import("x.zip", out.getvalue()).files) == {"index.html", "css/site.css"}
