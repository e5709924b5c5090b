"""A request is a span of its caller's trace."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

pytest.importorskip("opentelemetry.sdk", reason="pip install opentelemetry-sdk")

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from inference.server.tracing import TraceRequests

PARENT = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse("an answer", 201)


async def fail(request: Request) -> PlainTextResponse:
    raise ValueError("the words of a prompt")


@pytest.fixture
def exported() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def client(exported: InMemorySpanExporter) -> httpx.AsyncClient:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exported))
    routes = [
        Route("/v1/chat/completions", answer, methods=["POST"]),
        Route("/health", answer),
        Route("/v1/fail", fail),
    ]
    guards = [Middleware(TraceRequests, tracer=provider.get_tracer("test"))]
    app = Starlette(routes=routes, middleware=guards)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://model")


async def test_it_continues_the_callers_trace(
    client: httpx.AsyncClient, exported: InMemorySpanExporter
) -> None:
    await client.post("/v1/chat/completions", json={}, headers={"traceparent": PARENT})
    (span,) = exported.get_finished_spans()
    assert span.name == "POST /v1/chat/completions"
    assert f"{span.context.trace_id:032x}" == "0123456789abcdef0123456789abcdef"
    assert f"{span.parent.span_id:016x}" == "0123456789abcdef"
    assert span.attributes == {"http.response.status_code": 201}


async def test_probes_are_not_recorded(
    client: httpx.AsyncClient, exported: InMemorySpanExporter
) -> None:
    assert (await client.get("/health")).status_code == 201
    assert exported.get_finished_spans() == ()


async def test_an_errors_words_are_not_recorded(
    client: httpx.AsyncClient, exported: InMemorySpanExporter
) -> None:
    assert (await client.get("/v1/fail")).status_code == 500
    (span,) = exported.get_finished_spans()
    assert "prompt" not in span.to_json()
