"""The spans that a test's process records, instead of sending them to a collector."""

from __future__ import annotations

import os
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from studio.config import tracing


def record_spans(monkeypatch: pytest.MonkeyPatch, settings: Any) -> InMemorySpanExporter:
    """Let this process record spans and return what keeps them."""
    settings.TRACES_URL = "http://collector.invalid"
    provider = TracerProvider(id_generator=tracing._make_id_generator())
    exporter = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_providers", {os.getpid(): provider})
    return exporter


def name_spans(exporter: InMemorySpanExporter) -> dict[str, list[ReadableSpan]]:
    found: dict[str, list[ReadableSpan]] = {}
    for span in exporter.get_finished_spans():
        found.setdefault(span.name, []).append(span)
    return found


def join_spans(exporter: InMemorySpanExporter) -> str:
    """Return everything that a collector would be told."""
    return " ".join(span.to_json() for span in exporter.get_finished_spans())
