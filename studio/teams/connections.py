"""The services of teams' model connections, and the only code that writes their rows.

A connection makes this machine send requests to an address that a person entered. Only owners may
set one, CONNECTION_HOSTS and OUTGOING_PRIVATE limit its address, and no text of the server's
response is shown.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from inference.client import SettingNames
from inference.client.http import HttpClient
from inference.types import Finished, Message, ModelError, ModelRequest, TextPart
from studio.config import vault
from studio.outgoing.budget import Budget
from studio.outgoing.connection import find_addresses
from studio.outgoing.errors import OutgoingError, Unreachable
from studio.outgoing.model_transport import ModelTransport, answer_limits
from studio.outgoing.policies import model_policy
from studio.teams.activity import record
from studio.teams.errors import TeamError
from studio.teams.models import Connection, Team, User

PATIENCE = 10.0  # seconds for a server to list its models
LONG_ENOUGH = 12  # characters; only of keys this long the last four are shown
# What a member has to check, instead of the operator's settings.
FORM_NAMES = SettingNames(address="the address", key="the key", model="the model")
# OpenAI's responses take no lower limit.
TRIAL = ModelRequest((Message("user", (TextPart("Say yes."),)),), max_tokens=16)
MOST_NAMES = 5  # models named in a message


@dataclass(frozen=True, slots=True)
class Server:
    """The address of a model, as `inference.client.connect` needs it."""

    url: str
    model: str
    api_key: str | None


def list_connections(team: Team) -> Any:
    return team.connections.filter(removed_at=None)


def save_connection(
    *,
    team: Team,
    by: User,
    name: str,
    url: str,
    model: str,
    key: str,
    price_in: float | None,
    price_out: float | None,
    connection: Connection | None = None,
) -> Connection:
    """Create a connection or update `connection`; an empty `key` keeps the old one.

    Raises TeamError.
    """
    url = check_address(url)
    if connection is not None and not key and connection.key:
        if parse_origin(url) != parse_origin(connection.url):
            raise TeamError(
                gettext("Enter the key again: the stored one belongs to another server.")
            )
        key = vault.unseal(connection.key)
    same_name = list_connections(team).filter(name=name)
    if same_name.exclude(pk=connection.pk if connection else None).exists():
        raise TeamError(
            gettext("{name} already has a connection {connection}; choose another name.").format(
                name=team.name, connection=name
            )
        )
    url, chosen = find_model(url, model, key)
    values = {
        "name": name,
        "url": url,
        "model": chosen,
        "key": vault.seal(key) if key else "",
        "ending": key[-4:] if len(key) >= LONG_ENOUGH else "",
        "price_in": price_in,
        "price_out": price_out,
    }
    with transaction.atomic():
        if connection is None:
            connection = Connection.objects.create(team=team, **values)
            record(
                team=team,
                actor=by,
                verb=gettext_noop("connected the model"),
                target=f"{name} ({chosen})",
            )
        else:
            Connection.objects.filter(pk=connection.pk).update(**values)
            record(team=team, actor=by, verb=gettext_noop("changed the connection"), target=name)
    return connection


def remove_connection(*, connection: Connection, by: User) -> None:
    """Remove the connection and its key; runs that wait for it will fail with a message."""
    Connection.objects.filter(pk=connection.pk).update(removed_at=timezone.now(), key="", ending="")
    record(
        team=connection.team,
        actor=by,
        verb=gettext_noop("removed the connection"),
        target=connection.name,
    )


def make_server(connection: Connection) -> Server:
    """Return how to reach the model; raises ModelError if that is impossible."""
    if connection.removed_at:
        raise ModelError(
            gettext("The connection {name} was removed; choose another model.").format(
                name=connection.name
            )
        )
    try:
        key = vault.unseal(connection.key) if connection.key else None
        return Server(check_address(connection.url), connection.model, key)
    except (TeamError, vault.VaultError) as error:
        raise ModelError(str(error)) from None


def check_address(url: str) -> str:
    """Return the URL without a trailing slash; raises TeamError for forbidden addresses."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise TeamError(
            gettext("Enter the server's address as http(s)://host/v1, with a port from 0 to 65535.")
        ) from None
    if parts.scheme not in ("http", "https") or not host:
        raise TeamError(gettext("Enter the server's address as http(s)://host/v1."))
    if parts.username or parts.password or parts.query or parts.fragment:
        raise TeamError(
            gettext("Enter only the address, as http(s)://host/v1; the key has its own field.")
        )
    try:
        with contextlib.suppress(Unreachable):  # the request to the server will report it
            find_addresses(model_policy(), host, port, Budget(host, seconds=PATIENCE))
    except OutgoingError as error:
        raise TeamError(str(error)) from None
    return url.strip().rstrip("/")


def find_model(url: str, model: str, key: str) -> tuple[str, str]:
    """Return the address of the server's API, and the model: by default the first it lists.

    A named model that the server does not list is tried by a short request. Raises TeamError.
    """
    try:
        client = HttpClient(
            url,
            model=model or None,
            api_key=key or None,
            dialect=None,
            patience=PATIENCE,
            transport=ModelTransport(model_policy(), seconds=PATIENCE),
            limits=answer_limits(),
            names=FORM_NAMES,
        )
    except ModelError as error:
        raise TeamError(str(error)) from None
    try:
        if client.name not in client.listed:
            _try_model(client)
        return client.url, client.name
    finally:
        client.close()


def _try_model(client: HttpClient) -> None:
    """Send a short request; raises TeamError if the model does not answer."""
    if client.list_failure and client.list_failure.status in (401, 403):
        raise TeamError(str(client.list_failure))
    ends = time.monotonic() + PATIENCE
    try:
        first = next(client.stream(TRIAL, cancelled=lambda: time.monotonic() > ends))
        if isinstance(first, Finished) and first.reason == "cancelled":
            raise ModelError(
                gettext("{name} did not answer within {patience:g} seconds.").format(
                    name=client.name, patience=PATIENCE
                )
            )
    except ModelError as error:
        if not client.listed:
            raise TeamError(str(error)) from None
        names = ", ".join(client.listed[:MOST_NAMES])
        raise TeamError(
            gettext("The server lists no model {name}; it has {names}.").format(
                name=client.name, names=names
            )
        ) from None


def parse_origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
