"""Which models a team can choose from, and what one would cost. The layout draft alone is always
among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from inference.client.shipped import find_folder, read_task
from inference.types import ModelError
from studio.teams.connections import list_connections
from studio.teams.models import Connection, Team

DRAFT = "draft"  # the key of no model at all
SERVER = "server"  # of the one that MODEL_URL names
CONNECTED = "connection-"  # begins the key of a team's own
# Of one answer: the picture and what is told of it; a page with its styles. Measured on the
# samples, rounded up.
READ, WRITTEN = 6_000, 6_000


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """`price_in`, `price_out`: of a million tokens read and written; None: it runs here, or nobody
    said.

    `writes`: it can write and change pages as words say; the model that ships labels what a mockup
    shows, no more.
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
    """What this team may use, the usual one first."""
    return [
        *_list_server_models(),
        *_list_connected(team),
        ModelChoice(DRAFT, "No model: the layout draft", writes=False),
    ]


def has_model(team: Team) -> bool:
    """Whether this team has a model that can do what words say."""
    return any(choice.writes for choice in list_model_choices(team))


def find_connection(team: Team, key: str) -> Connection | None:
    """The connection that the key of a choice names; None for the studio's own model, and for none."""
    return next((one for one in list_connections(team) if f"{CONNECTED}{one.pk}" == key), None)


def _list_connected(team: Team) -> list[ModelChoice]:
    return [
        ModelChoice(
            f"{CONNECTED}{one.pk}",
            one.name,
            local=False,
            price_in=one.price_in,
            price_out=one.price_out,
        )
        for one in list_connections(team)
    ]


def _list_server_models() -> list[ModelChoice]:
    if not settings.MODEL_URL:
        return []
    url = urlsplit(settings.MODEL_URL)
    label = settings.MODEL_NAME or (url.path if url.scheme == "local" else url.netloc)
    here = url.scheme == "local" or url.hostname in ("127.0.0.1", "localhost", "::1")
    return [ModelChoice(SERVER, label, local=here, writes=_can_write(settings.MODEL_URL))]


def _can_write(url: str) -> bool:
    """Whether it answers with pages; a model that cannot be found says so when a run asks for it."""
    if not url.startswith("local:"):
        return True
    try:
        return read_task(find_folder(url.removeprefix("local:"))) == "page"
    except ModelError:
        return True
