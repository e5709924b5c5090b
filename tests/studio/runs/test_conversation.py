"""The conversation: what each run of a family was asked, its new mockups, and its versions."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from studio.runs.conversation import list_turns
from studio.runs.models import Run
from studio.runs.services import record_page_title
from studio.runs.version_numbers import list_versions
from studio.runs.worker import load_base_version
from studio.uploads.models import Upload
from studio.versions.revisions import edit_code, restore
from tests.people import cast
from tests.studio.runs.making import BEN, claimed_run, finished_run, png

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]


def turns(run: Run) -> list[Any]:
    return list_turns(run, list_versions(run.family))


def test_the_first_turn_has_the_mockup_and_later_ones_only_new_ones() -> None:
    run = finished_run()
    again = restore(base=run.attempts.get(), by=cast("ben"))
    first, second = turns(again)
    assert (first.request, second.request) == ("Generate this page", "Restored v1")
    assert first.mockups == (run.upload,)
    assert second.mockups == ()
    assert [version.number for turn in (first, second) for version in turn.versions] == [1, 2]


def test_code_edited_by_hand_is_what_the_next_version_is_made_of() -> None:
    run = finished_run()
    edited = edit_code(base=run.attempts.get(), by=cast("ben"), texts={"styles.css": "h1 {}"})
    assert turns(edited)[-1].request == "Code edited: styles.css"
    bundle = load_base_version(edited)
    assert bundle is not None
    assert bundle.files["styles.css"] == "h1 {}"
    assert "assets/a.png" in bundle.assets


def test_a_run_is_named_by_people_else_by_its_page_else_by_its_instructions() -> None:
    run = claimed_run()
    assert run.title == "Untitled"
    record_page_title(run_id=run.pk, worker="another", title="Not mine")
    record_page_title(run_id=run.pk, worker=BEN, title="Sign in – Northwind" + "x" * 200)
    run.refresh_from_db()
    assert run.title.startswith("Sign in – Northwind")
    assert len(run.title) == 100
    run.name = "My name"
    assert run.title == "My name"


def follow_up(client: Client, run: Run, **form: Any) -> Any:
    return client.post(f"/runs/{run.pk}/attempts/0/follow-up", {"prompt": "Darker", **form})


def test_a_new_mockup_is_what_the_next_version_is_compared_with(
    client: Client, settings: Any
) -> None:
    settings.MODEL_URL = "http://127.0.0.1:9/v1"
    run = finished_run()
    follow_up(client, run, mockup=SimpleUploadedFile("b.png", png("green")))
    later = Run.objects.exclude(pk=run.pk).get()
    assert later.upload != run.upload
    assert turns(later)[-1].mockups == (later.upload,)


def test_a_wrong_picture_or_model_starts_nothing(client: Client, settings: Any) -> None:
    settings.MODEL_URL = "http://127.0.0.1:9/v1"
    run = finished_run()
    follow_up(client, run, mockup=SimpleUploadedFile("b.png", b"<svg/>"))
    follow_up(client, run, model="connection-77")
    assert Run.objects.count() == 1
    assert Upload.objects.count() == 1
