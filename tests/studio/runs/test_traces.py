"""Traces of a run, from its start to the model's server, without a word of its content."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

pytest.importorskip("opentelemetry.sdk", reason="pip install opentelemetry-sdk")
pytest.importorskip("opentelemetry.exporter.otlp.proto.http")

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from inference.client.tracing import make_provider
from studio.config import tracing
from studio.config.logging import JsonFormatter, RunFilter
from studio.runs import traces, worker
from studio.runs.models import Run
from tests.inference.client.scripted import ScriptedServer, delta, serving, stream
from tests.studio.runs.making import queued_run
from tests.studio.spans import join_spans, name_spans, record_spans

WORDS = "Boats for a quiet day"
ANSWER = "```html index.html\n<!doctype html><title>Ships</title><h1>Ships for all</h1>\n```"


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch, settings: Any) -> InMemorySpanExporter:
    """What this process exports."""
    return record_spans(monkeypatch, settings)


@pytest.fixture
def model(settings: Any) -> Iterator[ScriptedServer]:
    with serving() as server:
        server.says(stream(delta(content=ANSWER), delta(finish="stop")))
        settings.MODEL_URL = server.url
        settings.MODEL_API_KEY = "the key of the model"
        settings.RUN_TOOLS = False
        settings.RUN_TARGET = 1.0
        yield server


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("valkey")
def test_a_run_is_one_trace_from_its_start_to_the_model(
    exported: InMemorySpanExporter, model: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    run = queued_run(prompt=WORDS, rounds=1)
    worker.process_next_run()
    run.refresh_from_db()
    assert run.state == Run.State.FINISHED
    spans = name_spans(exported)
    contexts = [one.context for named in spans.values() for one in named]
    assert {context.trace_id for context in contexts if context} == {run.pk.int}
    (start,), (work,) = spans["start"], spans["run"]
    assert start.parent is None
    assert work.parent.span_id == start.context.span_id
    steps = {"looking", "drafting", "writing", "rendering", "comparing"}
    assert steps <= set(spans)
    assert spans["looking"][0].parent.span_id == work.context.span_id
    request = spans["model request"][-1]
    sent = model.headers[-1]["traceparent"]
    assert sent == f"00-{run.pk.hex}-{request.context.span_id:016x}-01"
    assert work.attributes["likeness.claim"] == 1
    assert work.attributes["likeness.stop_reason"] == run.stop_reason


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("valkey")
def test_spans_hold_no_word_of_prompt_page_or_key(
    exported: InMemorySpanExporter, model: ScriptedServer
) -> None:
    queued_run(prompt=WORDS, rounds=1)
    worker.process_next_run()
    told = join_spans(exported)
    for secret in ("quiet", "Ships", "the key of the model", "127.0.0.1"):
        assert secret not in told


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("valkey")
def test_a_failure_is_told_by_its_kind(
    exported: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise ValueError(f"cannot parse {WORDS}")

    queued_run()
    monkeypatch.setattr(worker, "_run_loop", fail)
    worker.process_next_run()
    (work,) = name_spans(exported)["run"]
    assert work.status.description == "ValueError"
    assert not work.status.is_ok
    assert work.events == ()


def test_log_lines_within_a_run_have_its_trace(exported: InMemorySpanExporter) -> None:
    run = uuid.uuid4()
    record = logging.LogRecord("studio", logging.INFO, __file__, 1, "words", None, None)
    with traces.trace_work("run", run):
        RunFilter().filter(record)
    assert f'"trace": "{run.hex}"' in JsonFormatter().format(record)
    RunFilter().filter(record)
    assert "trace" not in JsonFormatter().format(record)


@pytest.mark.django_db
def test_nothing_is_recorded_or_sent_where_nobody_asks(settings: Any) -> None:
    assert settings.TRACES_URL == ""
    assert tracing.get_tracer() is None
    with traces.trace_work("run", queued_run().pk) as spans:
        spans.hear_step({"name": "looking", "state": "started"})
        spans.note_facts(likeness=1.0)
        assert tracing.find_trace_id() == ""


def test_spans_are_sent_to_the_collector() -> None:
    received: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        provider = make_provider(f"http://127.0.0.1:{server.server_port}/", "likeness")
        provider.get_tracer("test").start_span("looking").end()
        assert provider.force_flush(10_000)
        provider.shutdown()
        server.shutdown()
    ((path, body),) = received
    assert path == "/v1/traces"
    assert b"looking" in body
    assert b"likeness" in body
