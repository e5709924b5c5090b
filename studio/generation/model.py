"""The model a run writes with, or none: `MODEL_URL` empty means the layout draft stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from inference.client import connect
from inference.types import ModelClient


@contextmanager
def model_client(url: str) -> Iterator[ModelClient | None]:
    """The client for `url`, closed afterwards; None where `url` is empty. Raises ModelError."""
    if not url:
        yield None
        return
    client = connect(url, model=settings.MODEL_NAME or None, api_key=settings.MODEL_API_KEY or None)
    try:
        yield client
    finally:
        client.close()
