"""A page from elsewhere becomes a first version; what is sent may be anything."""

from __future__ import annotations

import contextlib
import io
import stat
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from studio.pipeline.bundle import Bundle
from studio.runs.models import Run
from studio.runs.worker import load_base_version
from studio.versions.page_import import MOST_BYTES, ImportRefused, read_import
from tests.studio.runs.making import png

PAGE = '<!doctype html><link rel="stylesheet" href="css/site.css"><h1>Boats</h1><img src="img/a.png" alt="">'


def packed(files: dict[str, bytes], **attributes: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = attributes.get("mode", 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


SITE = {
    "site/index.html": PAGE.encode(),
    "site/css/site.css": b"h1 { background: url(../img/a.png) }",
    "site/img/a.png": png(),
    "site/.git/config": b"secret",
}


def test_a_zip_is_a_page_with_its_pictures_in_assets() -> None:
    bundle = read_import("site.zip", packed(SITE))
    assert set(bundle.files) == {"index.html", "css/site.css"}
    assert set(bundle.assets) == {"assets/img-a.png"}
    assert 'src="assets/img-a.png"' in bundle.files["index.html"]
    assert "url(../assets/img-a.png)" in bundle.files["css/site.css"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"just words", "neither an HTML page nor a zip"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (packed({"a.css": b"x"}), "no HTML page"),
        (packed({"../../etc/passwd": b"x"}), "only plain files inside"),
        (packed({"/index.html": b"<html>"}), "only plain files inside"),
        (
            packed({"index.html": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777),
            "only plain files inside",
        ),
        (packed({f"{n}.css": b"" for n in range(301)}), "the limit is 300"),
        (
            packed({"index.html": b"<html>" + b"\0" * (MOST_BYTES + 1)}),
            "larger than the limit of 30 MB",
        ),
    ],
)
def test_what_cannot_be_taken_is_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(ImportRefused, match=words):
        read_import("x", data)


@given(st.binary(max_size=400))
def test_whatever_is_sent_is_taken_or_refused(data: bytes) -> None:
    for one in (data, packed(SITE)[:200] + data, b"<html>" + data):
        with contextlib.suppress(ImportRefused):
            assert isinstance(read_import("x", one), Bundle)


@pytest.mark.django_db
def test_it_is_a_run_that_begins_with_that_page(client: Client) -> None:
    sent = {"page": SimpleUploadedFile("site.zip", packed(SITE)), "prompt": "Make it blue"}
    answer = client.post("/import", sent)
    run = Run.objects.get()
    assert answer["Location"] == f"/runs/{run.pk}/"
    assert (run.kind, run.upload, run.prompt) == ("import", None, "Make it blue")
    start = load_base_version(run)
    assert start is not None
    assert "Boats" in start.files["index.html"]
    assert set(start.assets) == {"assets/img-a.png"}


@pytest.mark.django_db
def test_a_refusal_is_shown_on_the_page(client: Client) -> None:
    answer = client.post("/import", {"page": SimpleUploadedFile("x.html", b"words")})
    assert answer.status_code == 422
    assert "neither an HTML page nor a zip" in answer.content.decode()
    assert not Run.objects.exists()
