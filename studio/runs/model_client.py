"""The model a run writes with: its team's own or the studio's; with `MODEL_URL=none` the layout
draft stands alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from django.conf import settings

from inference.client import connect
from inference.types import ModelClient
from studio.config.environment import SHIPPED_MODEL
from studio.outgoing.model_transport import ModelTransport, answer_limits
from studio.outgoing.policies import model_policy, operator_policy
from studio.teams.connections import make_server
from studio.teams.models import Connection

ENGINE = ("torch", "safetensors", "tiktoken", "llguidance")


@contextmanager
def open_model_client(
    url: str, connection: Connection | None = None
) -> Iterator[ModelClient | None]:
    """The client for a team's own `connection`, else for `url`, closed afterwards; None without.
    Raises ModelError.
    """
    if connection is not None:
        server = make_server(connection)
        client = connect(
            server.url,
            model=server.model,
            api_key=server.api_key,
            transport=ModelTransport(model_policy()),
            limits=answer_limits(),
        )
    elif url:
        client = connect(
            url,
            model=settings.MODEL_NAME or None,
            api_key=settings.MODEL_API_KEY or None,
            transport=ModelTransport(operator_policy()),
            limits=answer_limits(),
        )
    else:
        yield None
        return
    try:
        yield client
    finally:
        client.close()


def explain_missing_model(url: str) -> str:
    """Why the model that ships cannot be used here and the draft stands alone; empty where it can,
    or for another.
    """
    missing = [name for name in ENGINE if find_spec(name) is None] if url == SHIPPED_MODEL else []
    return (
        f"The draft stands alone: likeness-mini needs {', '.join(missing)}; run `make setup`."
        if missing
        else ""
    )
