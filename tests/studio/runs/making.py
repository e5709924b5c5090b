"""Uploads, runs and attempts as the tests need them."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.test import Client
from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import AttemptResult
from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.quality.measure import CodeQuality, KeepFacts
from studio.pipeline.types import Comparison, Difference, Render
from studio.projects.models import Project
from studio.projects.services import get_first_project
from studio.runs.models import Run
from studio.runs.preview import Shown, Viewer, make_token
from studio.runs.services import claim_run, finish_run, record_attempt, start_run
from studio.teams.access import get_own_team
from studio.teams.models import Session
from studio.uploads.models import Upload
from studio.uploads.services import store_upload
from tests.people import cast

BEN = "ben:1:aa"  # a worker
PAGE = (
    '<!doctype html><title>Boats</title><link rel="stylesheet" href="styles.css">'
    '<h1>Boats</h1><img src="assets/a.png">'
)


def png(color: str = "white", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


def project(of: str = "ada") -> Project:
    return get_first_project(team=get_own_team(cast(of)))


def upload(of: str = "ada") -> Upload:
    return store_upload(team=get_own_team(cast(of)), file=io.BytesIO(png("teal")))


def queued_run(of: str = "ada", **wishes: Any) -> Run:
    return start_run(project=project(of), by=cast(of), upload=upload(of), **wishes)


def claimed_run(worker: str = BEN) -> Run:
    run = claim_run(run_id=queued_run().pk, worker=worker)
    assert run is not None
    return run


def attempt(
    number: int = 0, likeness: float | None = 0.9, accepted: bool = True, html: str = PAGE
) -> AttemptResult:
    """An attempt as the loop hands it over; `likeness` None: it could not be rendered."""
    bundle = Bundle(
        {"index.html": html, "styles.css": "h1 { color: teal }"}, {"assets/a.png": png("red")}
    )
    source = "model" if number else "draft"
    if likeness is None:
        return AttemptResult(
            number, source, bundle, error="The page hung.", seconds={"writing": 1.5}
        )
    found = Difference("moved", Box(1, 2, 3, 4), "'Sign in' 14 px too low", 0.03, "main > a")
    comparison = Comparison(likeness, {"text": 0.97, "position": 0.8}, (), (found,), png("black"))
    render = Render(png("blue"), 40, 30, (), (), 0.0)
    keep = CodeQuality(0.81, {"responsive": 1.0, "tokens": 0.6}, KeepFacts({}, {}, {}, 0))
    return AttemptResult(
        number, source, bundle, render, comparison, keep, accepted, {"drafting": 0.5}
    )


def page_token(run: Run, attempt: int | None = 0, of: str = "ada") -> str:
    """Of the address that a person's frame shows, in a browser where they are signed in."""
    browser = Client()
    browser.force_login(cast(of))
    session = Session(session_key=browser.cookies[settings.SESSION_COOKIE_NAME].value)
    return make_token(
        Shown(run.pk, attempt), Viewer(cast(of).pk, session.handle, "http://testserver")
    )


def finished_run(**report: Any) -> Run:
    """Of one attempt."""
    run = claimed_run()
    record_attempt(run_id=run.pk, worker=BEN, attempt=attempt())
    finish_run(run_id=run.pk, worker=BEN, stop_reason="no model", message="", report=report)
    return Run.objects.get(pk=run.pk)
