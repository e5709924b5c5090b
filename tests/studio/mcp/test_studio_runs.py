"""Runs that an agent starts at a studio: from an upload, an address, or words."""

from __future__ import annotations

import pytest

from studio.mcp.studio_runs import StudioRuns
from studio.pipeline.tools.inputs import GenerateInput
from studio.pipeline.tools.results import ToolError
from studio.runs.models import Run
from studio.teams.models import ApiToken, Role
from studio.teams.tokens import create_token
from tests.people import adas_team, cast
from tests.studio.runs.making import upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]


@pytest.fixture
def token() -> ApiToken:
    return create_token(team=adas_team(), user=cast("ada"), name="x", role=Role.EDITOR)[0]


def start(token: ApiToken, **given: object) -> Run:
    described = StudioRuns(token).start(GenerateInput.model_validate(given))
    return Run.objects.get(pk=described["id"])


def test_a_pages_address_is_kept_for_the_worker_that_captures_it(token: ApiToken) -> None:
    run = start(token, mockup="https://example.com/pricing", width=390)
    assert (run.address, run.address_width) == ("https://example.com/pricing", 390)
    assert (run.kind, run.upload, run.scale) == ("generate", None, None)
    with pytest.raises(ToolError, match="not captured yet"):
        start(token, mockup=str(run.pk))


def test_an_uploads_width_says_its_pixel_ratio(token: ApiToken) -> None:
    mockup = upload()
    assert start(token, mockup=mockup.sha256).scale is None
    with pytest.raises(ToolError, match="pixels a CSS pixel"):
        start(token, mockup=mockup.sha256, width=1280)


def test_words_alone_start_a_run_without_a_mockup(token: ApiToken) -> None:
    run = start(token, prompt="A page for boats")
    assert (run.kind, run.address, run.upload) == ("text", "", None)
