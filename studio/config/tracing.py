"""The tracer of this process, if OTEL_EXPORTER_OTLP_ENDPOINT is set.

A run's trace has the run's id (without dashes): every process and every log line knows it, so nothing
is passed along with the messages of the queue.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings

from inference.client.tracing import make_provider

SERVICE = "likeness"
HALF = (1 << 64) - 1
_root: ContextVar[uuid.UUID | None] = ContextVar("root", default=None)
_span: ContextVar[Any] = ContextVar("span", default=None)
_providers: dict[int, Any] = {}  # by process id: threads that export do not survive a fork


def get_tracer() -> Any:
    """Return OpenTelemetry's tracer; None where traces are not asked for. Raises TracingError."""
    if not settings.TRACES_URL:
        return None
    if os.getpid() not in _providers:
        _providers.clear()
        _providers[os.getpid()] = make_provider(settings.TRACES_URL, SERVICE, _make_id_generator())
    return _providers[os.getpid()].get_tracer(SERVICE)


def flush() -> None:
    """Send what waits; a process of a pool ends without asking."""
    for provider in _providers.values():
        provider.force_flush(2_000)


def get_root_span_id(run_id: uuid.UUID) -> int:
    """Return the id of a run's first span, which every process can tell without asking."""
    return (run_id.int & HALF) or 1


@contextmanager
def start_root(run_id: uuid.UUID) -> Iterator[None]:
    """Let the next span without a parent be the run's first one."""
    token = _root.set(run_id)
    try:
        yield
    finally:
        _root.reset(token)


def get_current_span() -> Any:
    """Return the span that is open here; None where there is none."""
    return _span.get()


@contextmanager
def hold_span(span: Any) -> Iterator[None]:
    """Let `span` be the parent of spans begun in the block, and its trace be in log lines."""
    token = _span.set(span)
    try:
        yield
    finally:
        _span.reset(token)


def find_trace_id() -> str:
    """Return the trace of the open span in hexadecimal; "" where there is none."""
    span = _span.get()
    return f"{span.get_span_context().trace_id:032x}" if span is not None else ""


def _make_id_generator() -> Any:
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

    class RunIds(RandomIdGenerator):  # type: ignore[misc, unused-ignore]  # untyped where it is absent
        """Random ids, but for the first span of a run."""

        def generate_trace_id(self) -> int:
            run_id = _root.get()
            return run_id.int if run_id else super().generate_trace_id()

        def generate_span_id(self) -> int:
            run_id = _root.get()
            return get_root_span_id(run_id) if run_id else super().generate_span_id()

    return RunIds()
