"""A person sees how their mockup was read, and may say its pixel ratio."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from studio.runs.models import Run
from tests.people import cast
from tests.studio.runs.making import finished_run, png

pytestmark = pytest.mark.django_db

READ = {
    "likeness": 0.9,
    "scale": 3.0,
    "scale_reason": "390 CSS px is a device's width",
    "notes": ["The top 10 px are the phone's status bar, not the page; they were cut off."],
    "cut": [10, 0],
}


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(cast("ada"))
    return client


def test_the_runs_page_says_the_ratio_its_reason_and_what_was_cut_off(ada: Client) -> None:
    run = finished_run(**READ)
    page = ada.get(f"/runs/{run.pk}/").content.decode()
    assert "390 CSS px is a device&#x27;s width" in page
    assert "status bar, not the page" in page


def test_the_runs_page_shows_the_mockup_without_what_was_cut_off(ada: Client) -> None:
    run = finished_run(**READ)
    assert run.upload is not None
    page = ada.get(f"/runs/{run.pk}/").content.decode()
    assert f"{run.upload.sha256}.png?cut=10,0" in page
    answer = ada.get(f"/uploads/{run.upload.sha256}.png?cut=10,0")
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.size == (run.upload.width, run.upload.height - 10)


def test_the_start_form_takes_a_ratio(ada: Client) -> None:
    ada.post("/", {"mockup": SimpleUploadedFile("a.png", png()), "scale": "2.625"})
    assert Run.objects.get().scale == 2.625


def test_an_impossible_ratio_is_refused_in_words(ada: Client) -> None:
    answer = ada.post("/", {"mockup": SimpleUploadedFile("a.png", png()), "scale": "9"})
    assert answer.status_code == 422
    assert "Pixel ratio: use a number from 0.5 to 4" in answer.content.decode()
    assert not Run.objects.exists()
