"""Clients for any model behind one URL.

`http(s)://…` is a server with OpenAI's or Anthropic's API, `local:…` is our own engine in this
process.
"""

from __future__ import annotations

import httpx

from inference.client.dialects import DIALECTS, Dialect
from inference.client.failures import SettingNames
from inference.client.http import HttpClient
from inference.client.limits import AnswerLimits
from inference.client.shipped import LOCAL
from inference.types import ModelClient, ModelError

__all__ = ["DIALECTS", "AnswerLimits", "Dialect", "SettingNames", "connect"]


def connect(
    url: str,
    *,
    model: str | None = None,
    api_key: str | None = None,
    dialect: str | None = None,
    patience: float = 120.0,
    transport: httpx.BaseTransport | None = None,
    limits: AnswerLimits | None = None,
    names: SettingNames | None = None,
) -> ModelClient:
    """Return the client for `url`.

    `model`: the first one that the server lists by default. `dialect`: a key of `DIALECTS`, by
    default recognized from the server's answer. `patience`: seconds to wait for the first chunk and
    between two chunks. `transport`: makes the connections, by default httpx's own. `limits`: how
    much a server may send. `names`: what messages tell a person to check, by default the operator's
    settings. Raises ModelError when the server does not answer.
    """
    if url.startswith(LOCAL):
        return _open_local(url.removeprefix(LOCAL), patience)
    if not url.startswith(("http://", "https://")):
        raise ModelError(
            f"MODEL_URL is {url!r}; use http(s)://host/v1 or local:NAME_OR_PATH, or leave it empty "
            "to get only the layout draft."
        )
    if dialect is not None and dialect not in DIALECTS:
        raise ModelError(f"Unknown dialect {dialect!r}; use {', '.join(DIALECTS)}.")
    return HttpClient(
        url,
        model=model,
        api_key=api_key,
        dialect=dialect,
        patience=patience,
        transport=transport,
        limits=limits,
        names=names,
    )


def _open_local(name_or_path: str, patience: float) -> ModelClient:
    try:
        # Imported here because it needs torch, which is not required for model servers.
        from inference.client.local import LocalClient
    except ModuleNotFoundError as error:
        raise ModelError(
            f"MODEL_URL is local:{name_or_path}, but {error.name} is not installed; "
            "install likeness[engine]."
        ) from None
    return LocalClient(name_or_path, patience=patience)
