"""Runs from words: their first version keeps the outline that it was made from."""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.bundle import ENTRY
from studio.pipeline.outline.plan import plan_outline
from studio.pipeline.outline.schema import Outline
from studio.pipeline.outline.stored import store_outline
from studio.pipeline.sections.page import build_page
from studio.runs.models import Attempt, Run
from studio.runs.services import claim_run, finish_run, record_attempt, start_run
from tests.people import cast
from tests.studio.runs.making import BEN, attempt, project

PROMPT = "A page for a bakery called Lia with three products, a story and contact"
OUTLINE = plan_outline(PROMPT)


def make_outlined_version(outline: Outline = OUTLINE, edit: str = "") -> Attempt:
    """Return the only version of a finished run from words; `edit` stands in for its first heading."""
    run = start_run(project=project(), by=cast("ada"), upload=None, prompt=PROMPT)
    assert claim_run(run_id=run.pk, worker=BEN)
    record_outlined(run, outline, edit=edit)
    finish_run(run_id=run.pk, worker=BEN, stop_reason="no model", message="", report={})
    return Attempt.objects.get(run=run)


def record_outlined(run: Run, outline: Outline = OUTLINE, number: int = 0, edit: str = "") -> None:
    bundle = store_outline(build_page(outline), outline)
    if edit:
        html = bundle.files[ENTRY].replace("Our products", edit)
        bundle = replace(bundle, files={**bundle.files, ENTRY: html})
    assert record_attempt(
        run_id=run.pk, worker=BEN, attempt=replace(attempt(number), bundle=bundle)
    )
