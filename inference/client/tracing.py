"""Traces for OpenTelemetry, where an operator asks for them; nothing of it is loaded otherwise.

Spans hold names, numbers and states, never what people or models wrote.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

PACKAGES = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
PATH = "/v1/traces"  # of a collector
INSTALL = "pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http"


class TracingError(Exception):
    """Raised if traces cannot be exported; the message is one sentence."""


def is_tracing_installed() -> bool:
    """Return True if OpenTelemetry's packages are there."""
    try:
        return all(find_spec(name) is not None for name in PACKAGES)
    except ModuleNotFoundError:
        return False


def make_provider(endpoint: str, service: str, id_generator: Any = None) -> Any:
    """Return a provider of tracers that sends spans to the collector at `endpoint`, in batches.

    Raises TracingError.
    """
    if not is_tracing_installed():
        raise TracingError(f"Traces are to be exported, but OpenTelemetry is missing: {INSTALL}.")
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    # Only our name: the usual resource also tells the command line and the host.
    resource = Resource({SERVICE_NAME: service})
    provider = TracerProvider(resource=resource, id_generator=id_generator)
    exporter = OTLPSpanExporter(endpoint=endpoint.rstrip("/") + PATH)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
