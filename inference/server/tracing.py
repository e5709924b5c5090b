"""An ASGI middleware that records each request as a span of its caller's trace."""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Asked for by probes and Prometheus, all the time.
QUIET = ("/", "/health", "/ping", "/metrics")


class TraceRequests:
    """Records method, path and status; `tracer` is OpenTelemetry's."""

    def __init__(self, app: ASGIApp, tracer: Any) -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET:
            await self._app(scope, receive, send)
            return
        from opentelemetry.trace import SpanKind

        with self._tracer.start_as_current_span(
            f"{scope['method']} {scope['path']}",
            context=_read_parent(scope),
            kind=SpanKind.SERVER,
            record_exception=False,  # its words may be a prompt's
            set_status_on_exception=False,
        ) as span:

            async def note(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            await self._app(scope, receive, note)


def _read_parent(scope: Scope) -> Any:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return TraceContextTextMapPropagator().extract(headers)
