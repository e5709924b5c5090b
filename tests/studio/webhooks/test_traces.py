"""Each try of a delivery is a part of its run's trace, without what is sent or where."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("opentelemetry.sdk", reason="pip install opentelemetry-sdk")

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from studio.config import tracing
from studio.runs.models import Run
from studio.runs.services import finish_run
from studio.webhooks.models import Delivery
from studio.webhooks.services import create_webhook, deliver
from tests.people import adas_team, cast
from tests.processes import free_port
from tests.studio.runs.making import BEN, claimed_run
from tests.studio.spans import join_spans, name_spans, record_spans
from tests.studio.webhooks.receiver import receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch, settings: Any) -> InMemorySpanExporter:
    return record_spans(monkeypatch, settings)


def deliver_once(url: str) -> Run:
    """Finish a run of a team with this webhook, and try its delivery once."""
    create_webhook(team=adas_team(), by=cast("ada"), url=url)
    run = claimed_run()
    report = {"likeness": 0.9, "quality": 0.8, "tokens": {}, "seconds": {}}
    finish_run(run_id=run.pk, worker=BEN, stop_reason="no model", message="", report=report)
    deliver(delivery_id=Delivery.objects.get().pk)
    return run


def read_facts(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_delivery_is_in_the_trace_of_the_run(recorded: InMemorySpanExporter) -> None:
    with receiver() as here:
        run = deliver_once(here.url)
    (work,) = name_spans(recorded)["delivery"]
    assert work.context.trace_id == run.pk.int
    assert work.parent.span_id == tracing.get_root_span_id(run.pk)
    assert read_facts(work) == {
        "likeness.tries": 1,
        "likeness.state": "delivered",
        "likeness.status": 200,
    }
    assert work.status.is_ok


def test_a_receiver_that_refuses_is_told_by_its_status(recorded: InMemorySpanExporter) -> None:
    with receiver(503) as here:
        deliver_once(here.url)
    (work,) = name_spans(recorded)["delivery"]
    assert read_facts(work)["likeness.state"] == "waiting"
    assert read_facts(work)["likeness.status"] == 503


def test_a_receiver_that_is_away_is_told_by_the_kind_of_error(
    recorded: InMemorySpanExporter,
) -> None:
    deliver_once(f"http://127.0.0.1:{free_port()}/hook")
    (work,) = name_spans(recorded)["delivery"]
    assert work.status.description == "ConnectError"
    assert "likeness.status" not in read_facts(work)


def test_spans_and_requests_name_neither_receiver_nor_trace(
    recorded: InMemorySpanExporter,
) -> None:
    with receiver() as here:
        deliver_once(f"{here.url}/secret-path")
    told = join_spans(recorded)
    for secret in ("127.0.0.1", "secret-path"):
        assert secret not in told
    ((headers, _),) = here.got
    assert "traceparent" not in headers
