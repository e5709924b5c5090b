"""The client of a run's model: the team's connection or the studio's.

With `MODEL_URL=none` there is no client and the layout draft is the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from django.conf import settings
from django.utils.translation import gettext

from inference.client import connect
from inference.client.proxies import find_proxy
from inference.types import ModelClient
from studio.config.environment import SHIPPED_MODEL
from studio.outgoing.model_transport import ModelTransport, answer_limits
from studio.outgoing.policies import model_policy, operator_policy
from studio.runs.traces import TracedTransport
from studio.teams.connections import FORM_NAMES, make_server
from studio.teams.models import Connection

ENGINE = ("torch", "safetensors", "tiktoken", "llguidance")


@contextmanager
def open_model_client(
    url: str, connection: Connection | None = None
) -> Iterator[ModelClient | None]:
    """Open the client for the team's `connection`, else for `url`; yield None without either.

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
            names=FORM_NAMES,
        )
    elif url:
        client = connect(
            url,
            model=settings.MODEL_NAME or None,
            api_key=settings.MODEL_API_KEY or None,
            # A team's own server is reached directly, because only then its address is checked.
            transport=TracedTransport(ModelTransport(operator_policy(), proxy=find_proxy(url))),
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
    """Explain why the shipped model cannot run here; return "" where it can, or for another model."""
    if url != SHIPPED_MODEL:
        return ""
    missing = [name for name in ENGINE if find_spec(name) is None]
    if not missing:
        return ""
    return gettext(
        "The result is the layout draft: likeness-mini needs {packages}; run `make setup`."
    ).format(packages=", ".join(missing))
