"""An export is a part of its run's trace, without a word of what is sent or where."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

pytest.importorskip("opentelemetry.sdk", reason="pip install opentelemetry-sdk")

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from studio.config import tracing
from studio.export.models import Repository
from studio.export.steps import Job
from tests.studio.export.making import agreed, planned, version
from tests.studio.export.remotes import Bare
from tests.studio.spans import join_spans, name_spans, record_spans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch, settings: Any) -> InMemorySpanExporter:
    return record_spans(monkeypatch, settings)


def test_an_export_and_its_steps_are_in_the_trace_of_the_run(
    recorded: InMemorySpanExporter, repository: Repository
) -> None:
    made = version()
    agreed(planned(made, repository))
    spans = name_spans(recorded)
    plan, push = spans["export"]
    root = tracing.get_root_span_id(made.run.pk)
    for work in (plan, push):
        assert work.context.trace_id == made.run.pk.int
        assert work.parent.span_id == root
        assert work.attributes["likeness.kind"] == "git"
    assert plan.attributes["likeness.state"] == "planned"
    assert push.attributes["likeness.state"] == "done"
    (pushing,) = spans["pushing"]
    assert pushing.parent.span_id == push.context.span_id
    for step in ("reading", "assembling", "planning"):
        assert [span.parent.span_id for span in spans[step]] == [
            plan.context.span_id,
            push.context.span_id,
        ]


def test_a_failed_export_is_told_by_its_kind(
    recorded: InMemorySpanExporter, bare: Bare, repository: Repository
) -> None:
    shutil.rmtree(bare.path)
    assert planned(version(), repository).state == "failed"
    (work,) = name_spans(recorded)["export"]
    assert work.attributes["likeness.state"] == "failed"
    assert work.status.description == "GitError"
    assert not work.status.is_ok


def test_an_export_that_breaks_unexpectedly_is_told_by_its_kind(
    recorded: InMemorySpanExporter, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(job: Job) -> str:
        raise ValueError(f"cannot read {job.export.repository.url}")

    monkeypatch.setattr(Job, "carry_out", fail)
    planned(version(), repository)
    (work,) = name_spans(recorded)["export"]
    assert work.status.description == "ValueError"
    assert work.events == ()


def test_spans_name_neither_page_nor_repository(
    recorded: InMemorySpanExporter, bare: Bare, repository: Repository
) -> None:
    agreed(planned(version(), repository, folder="apps/web"))
    told = join_spans(recorded)
    for secret in ("Boats", "everyone", "Quiet", "likeness/boats", "apps/web", str(bare.path)):
        assert secret not in told
