"""Spans of a run's trace: its start in the web process, the worker's time, its steps and model requests,
and later its exports and webhook deliveries.

Everything here does nothing unless traces are exported. Attributes are names, numbers and states.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import httpx

from studio.config import tracing

Fact = str | int | float | bool
# What a worker does for a run; the name of the span.
Work = Literal["run", "export", "delivery"]


def record_start(run_id: uuid.UUID, started: int, **facts: Fact) -> None:
    """Record the first span of a run's trace; `started`: when, in nanoseconds since 1970."""
    tracer = tracing.get_tracer()
    if tracer is None:
        return
    with tracing.start_root(run_id):
        span = tracer.start_span("start", context=_make_empty_context(), start_time=started)
    span.set_attributes(_name_facts(facts))
    span.end(time.time_ns())


@contextmanager
def trace_work(work: Work, run_id: uuid.UUID, **facts: Fact) -> Iterator[WorkSpans]:
    """Record the block as a worker's span in the run's trace."""
    tracer = tracing.get_tracer()
    if tracer is None:
        yield WorkSpans(None, None)
        return
    span = tracer.start_span(work, context=_make_parent_context(run_id))
    span.set_attributes(_name_facts(facts))
    spans = WorkSpans(tracer, span)
    try:
        with tracing.hold_span(span):
            yield spans
    except BaseException as error:
        spans.note_failure(error)
        raise
    finally:
        spans.end()


class WorkSpans:
    """The open spans of a worker's work for a run; `tracer` is None where nothing is recorded."""

    def __init__(self, tracer: Any, span: Any) -> None:
        self._tracer = tracer
        self._span = span
        self._steps: list[Any] = []  # the open ones; a step may have steps

    def hear_step(self, data: Mapping[str, Any]) -> None:
        """Begin or end the span of a step, as its event tells."""
        if self._tracer is None:
            return
        if data["state"] == "started":
            parent = self._steps[-1] if self._steps else self._span
            self._steps.append(self._tracer.start_span(data["name"], context=_put_in(parent)))
            return
        # By name, because steps of parallel requests need not end in order.
        for span in reversed(self._steps):
            if span.name == data["name"]:
                self._steps.remove(span)
                span.end()
                return

    @contextmanager
    def record_step(self, name: str) -> Iterator[None]:
        """Record the block as the span of a step."""
        self.hear_step({"name": name, "state": "started"})
        try:
            yield
        finally:
            self.hear_step({"name": name, "state": "ended"})

    def note_facts(self, **facts: Fact | None) -> None:
        """Add facts about the work to its span; None is left out."""
        if self._span is not None:
            known = {name: value for name, value in facts.items() if value is not None}
            self._span.set_attributes(_name_facts(known))

    def note_failure(self, error: BaseException) -> None:
        """Mark the work as failed by the kind of error; its words may be those of a page or a server."""
        if self._span is not None:
            from opentelemetry.trace import StatusCode

            self._span.set_status(StatusCode.ERROR, type(error).__name__)

    def end(self) -> None:
        for span in reversed([self._span, *self._steps]):
            if span is not None:
                span.end()


class TracedTransport(httpx.BaseTransport):
    """Records each request as a span below the one that is open now, and names it to the server.

    Requests are made in other threads, so the parent is taken when the transport is made.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self._tracer = tracing.get_tracer()
        self._parent = tracing.get_current_span()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._tracer is None or self._parent is None:
            return self._inner.handle_request(request)
        from opentelemetry.trace import SpanKind

        span = self._tracer.start_span(
            "model request", context=_put_in(self._parent), kind=SpanKind.CLIENT
        )
        _write_parent(request, span)
        try:
            response = self._inner.handle_request(request)
        except BaseException:
            span.end()
            raise
        span.set_attribute("http.response.status_code", response.status_code)
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _TracedStream(response.stream, span)
        return response

    def close(self) -> None:
        self._inner.close()


class _TracedStream(httpx.SyncByteStream):
    """An answer; its span ends with it."""

    def __init__(self, inner: httpx.SyncByteStream, span: Any) -> None:
        self._inner = inner
        self._span = span

    def __iter__(self) -> Iterator[bytes]:
        yield from self._inner

    def close(self) -> None:
        try:
            self._inner.close()
        finally:
            self._span.end()


def _name_facts(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {f"likeness.{name}": value for name, value in facts.items()}


def _make_empty_context() -> Any:
    from opentelemetry.context import Context

    return Context()


def _put_in(span: Any) -> Any:
    from opentelemetry.trace import set_span_in_context

    return set_span_in_context(span, _make_empty_context())


def _make_parent_context(run_id: uuid.UUID) -> Any:
    """Return a context whose span is the run's first one, recorded by another process."""
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

    context = SpanContext(
        trace_id=run_id.int,
        span_id=tracing.get_root_span_id(run_id),
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )
    return _put_in(NonRecordingSpan(context))


def _write_parent(request: httpx.Request, span: Any) -> None:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    headers: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(headers, context=_put_in(span))
    request.headers.update(headers)
