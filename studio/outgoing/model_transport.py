"""The guarded transport for clients of model servers, with its errors as ModelErrors."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
from django.conf import settings

from inference.client import AnswerLimits
from inference.client.proxies import describe_environment
from inference.types import ModelError
from studio.outgoing.errors import Denied, OutgoingError, TooSlow
from studio.outgoing.policy import Policy
from studio.outgoing.transport import GuardedTransport

HEADS = 1_000_000  # bytes of status line and headers, on top of a stream's limit


class ModelTransport(httpx.BaseTransport):
    """A guarded transport that raises OutgoingErrors as final ModelErrors.

    The constructor raises ModelError for an unusable SSL_CERT_FILE or proxy.
    """

    def __init__(
        self, policy: Policy, *, seconds: float | None = None, proxy: str | None = None
    ) -> None:
        most = settings.MODEL_STREAM_MEGABYTES * 1_000_000 + HEADS
        try:
            self._inner = GuardedTransport(policy, seconds=seconds, most=most, proxy=proxy)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise describe_environment(error) from None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = self._inner.handle_request(request)
        except OutgoingError as error:
            raise _as_model_error(error) from None
        assert isinstance(answer.stream, httpx.SyncByteStream)
        answer.stream = _Stream(answer.stream)
        return answer

    def close(self) -> None:
        self._inner.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._inner
        except OutgoingError as error:
            raise _as_model_error(error) from None

    def close(self) -> None:
        self._inner.close()


def answer_limits() -> AnswerLimits:
    """Return the limits set by the operator."""
    return AnswerLimits(
        answer=settings.MODEL_ANSWER_KILOBYTES * 1000,
        thinking=settings.MODEL_THINKING_KILOBYTES * 1000,
        line=settings.MODEL_LINE_KILOBYTES * 1000,
        stream=settings.MODEL_STREAM_MEGABYTES * 1_000_000,
        models=settings.MODEL_LIST_KILOBYTES * 1000,
    )


def _as_model_error(error: OutgoingError) -> ModelError:
    if isinstance(error, Denied):
        return ModelError(str(error), kind="denied")
    return ModelError(str(error), kind="silent" if isinstance(error, TooSlow) else "too large")
