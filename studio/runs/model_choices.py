"""The models a team can choose from and their prices.

The layout draft without a model is always among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

from inference.client.shipped import LOCAL, find_folder, read_task
from inference.types import ModelError
from studio.config.loopback import LOOPBACK
from studio.teams.connections import list_connections
from studio.teams.models import Connection, Team

DRAFT = "draft"  # the key of the choice without a model
SERVER = "server"  # the key of the model at MODEL_URL
CONNECTED = "connection-"  # prefix of the keys of a team's own connections
# Tokens of one answer: prompt with the picture; a page with its styles. Measured on the samples,
# rounded up.
READ, WRITTEN = 6_000, 6_000


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """One entry of the model menu.

    `price_in` and `price_out` are per million input and output tokens; None for a local model or an
    unknown price. `writes` is True if the model can write and change pages; the model that ships
    only labels what a mockup shows.
    """

    key: str
    label: str
    local: bool = True
    price_in: float | None = None
    price_out: float | None = None
    writes: bool = True

    @property
    def is_draft(self) -> bool:
        return self.key == DRAFT


def list_model_choices(team: Team) -> list[ModelChoice]:
    """List what this team may use, the default first."""
    return [
        *_list_server_models(),
        *_list_connected(team),
        ModelChoice(DRAFT, gettext("No model: the layout draft"), writes=False),
    ]


def has_model(team: Team) -> bool:
    """Return True if this team has a model that can follow instructions."""
    return any(choice.writes for choice in list_model_choices(team))


def find_connection(team: Team, key: str) -> Connection | None:
    """Return the connection a choice's key names; None for other choices."""
    return next(
        (
            connection
            for connection in list_connections(team)
            if f"{CONNECTED}{connection.pk}" == key
        ),
        None,
    )


def _list_connected(team: Team) -> list[ModelChoice]:
    return [
        ModelChoice(
            f"{CONNECTED}{connection.pk}",
            connection.name,
            local=False,
            price_in=connection.price_in,
            price_out=connection.price_out,
        )
        for connection in list_connections(team)
    ]


def _list_server_models() -> list[ModelChoice]:
    if not settings.MODEL_URL:
        return []
    url = urlsplit(settings.MODEL_URL)
    label = settings.MODEL_NAME or (url.path if url.scheme == "local" else url.netloc)
    local = url.scheme == "local" or url.hostname in LOOPBACK
    return [ModelChoice(SERVER, label, local=local, writes=can_write(settings.MODEL_URL))]


def can_write(url: str) -> bool:
    """Return True if the model at `url` writes pages.

    Without a model nothing does. A model that cannot be found counts as writing; the run then reports the error.
    """
    if not url:
        return False
    if not url.startswith(LOCAL):
        return True
    try:
        return read_task(find_folder(url.removeprefix(LOCAL))) == "page"
    except ModelError:
        return True
