"""A run's stack in the studio: what is previewed, read and taken away of a version that is HTML +
CSS underneath.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import LoopOptions
from studio.pipeline.prompting.messages import MessageBuilder
from studio.pipeline.stacks.sources import make_measured_page, select_model_files
from studio.pipeline.types import RenderError
from studio.runs.models import Run
from studio.runs.services import claim_run, record_attempt
from tests.studio.runs.making import BEN, attempt, page_token, queued_run

pytestmark = pytest.mark.django_db


def version(stack: str) -> Run:
    run = queued_run(stack=stack)
    claim_run(run_id=run.pk, worker=BEN)
    record_attempt(run_id=run.pk, worker=BEN, attempt=attempt())
    return run


def previewed(client: Client, run: Run, name: str) -> bytes:
    return client.get(reverse("runs:page", args=[page_token(run), name])).content


def test_the_preview_is_the_stacks_and_its_elements_know_their_place_in_the_code(
    client: Client,
) -> None:
    run = version("react")
    assert b'<script src="app.js">' in previewed(client, run, "index.html")
    assert b"data-likeness-at" in previewed(client, run, "app.js")
    assert len(previewed(client, run, "vendor/tailwind.js")) > 100_000


def test_the_code_shown_and_the_zip_are_the_stacks_project(client: Client) -> None:
    run = version("vue")
    assert "src/App.vue" in client.get(reverse("runs:run", args=[run.pk])).content.decode()
    answer = client.get(reverse("runs:download", args=[run.pk]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"src/App.vue", "package-lock.json", "public/assets/a.png", "report.json"} <= set(
            archive.namelist()
        )


def test_a_model_is_told_the_stacks_files_and_shown_the_draft_in_it() -> None:
    opening = MessageBuilder((), "A page about boats", stack=LoopOptions(stack="react").stack).open(
        None
    )
    assert "src/App.jsx" in str(opening[0])
    shown = select_model_files(attempt().bundle, "react").files
    assert "src/App.jsx" in shown
    assert "package.json" not in shown


def test_code_that_cannot_be_bundled_costs_its_own_attempt() -> None:
    with pytest.raises(RenderError, match="could not be bundled"):
        make_measured_page(Bundle({"src/App.jsx": "export default ("}), "react")
