"""Any model behind one URL. `http(s)://…/v1` is an OpenAI-compatible server; `local:` will be our own engine."""

from __future__ import annotations

from inference.client.dialects import DIALECTS, Dialect
from inference.client.http import HttpClient
from inference.types import ModelClient, ModelError

__all__ = ["DIALECTS", "Dialect", "connect"]


def connect(
    url: str,
    *,
    model: str | None = None,
    api_key: str | None = None,
    dialect: str | None = None,
    patience: float = 120.0,
) -> ModelClient:
    """The client for `url`.

    `model` None: the server's first. `dialect` (a key of `DIALECTS`) None: asked from the server. `patience`: seconds
    to wait for the first chunk and between two. Raises ModelError when the server cannot be asked.
    """
    if url.startswith("local:"):
        raise ModelError(
            f"MODEL_URL is {url}, but this version has no engine of its own; give the URL of a server, …/v1."
        )
    if not url.startswith(("http://", "https://")):
        raise ModelError(f"MODEL_URL is {url!r}; allowed is http(s)://host/v1, or nothing for the layout draft alone.")
    if dialect is not None and dialect not in DIALECTS:
        raise ModelError(f"Unknown dialect {dialect!r}; allowed are {', '.join(DIALECTS)}.")
    return HttpClient(url, model=model, api_key=api_key, dialect=dialect, patience=patience)
