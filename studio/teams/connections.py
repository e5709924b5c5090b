"""Teams' own model servers: set by owners, checked before they are kept, and their only writer.

A connection makes this machine send requests to an address that somebody typed. Who may set one
(owners), where it may lead (CONNECTION_HOSTS, OUTGOING_PRIVATE) and what is shown of the answer (no
words of the server's own) are not left open.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from inference.client.http import HttpClient
from inference.types import ModelError
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
LONG_ENOUGH = 12  # characters of a key whose last four may be shown


@dataclass(frozen=True, slots=True)
class Server:
    """How to reach a model: what `inference.client.connect` wants to know."""

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
    """A new connection, or `connection` changed; an empty `key` stays as it is. Raises TeamError."""
    url = check_address(url)
    if connection is not None and not key and connection.key:
        if parse_origin(url) != parse_origin(connection.url):
            raise TeamError("Give the key again: it was meant for another server.")
        key = vault.unseal(connection.key)
    if (
        list_connections(team)
        .filter(name=name)
        .exclude(pk=connection.pk if connection else None)
        .exists()
    ):
        raise TeamError(f"{team.name} has a connection {name} already; choose another name.")
    chosen = choose_model(url, model, key)
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
            record(team=team, actor=by, verb="connected the model", target=f"{name} ({chosen})")
        else:
            Connection.objects.filter(pk=connection.pk).update(**values)
            record(team=team, actor=by, verb="changed the connection", target=name)
    return connection


def remove_connection(*, connection: Connection, by: User) -> None:
    """Runs that wait for it will fail, saying so; its key is forgotten now."""
    Connection.objects.filter(pk=connection.pk).update(removed_at=timezone.now(), key="", ending="")
    record(team=connection.team, actor=by, verb="removed the connection", target=connection.name)


def make_server(connection: Connection) -> Server:
    """How to reach it; raises ModelError when that cannot (any more) be done."""
    if connection.removed_at:
        raise ModelError(f"The connection {connection.name} was removed; choose another model.")
    try:
        key = vault.unseal(connection.key) if connection.key else None
        return Server(check_address(connection.url), connection.model, key)
    except (TeamError, vault.VaultError) as error:
        raise ModelError(str(error)) from None


def check_address(url: str) -> str:
    """The URL without a last slash; raises TeamError where this studio may not send requests."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise TeamError(
            "Give the server's address as http(s)://host/v1, with a port from 0 to 65535."
        ) from None
    if parts.scheme not in ("http", "https") or not host:
        raise TeamError("Give the server's address as http(s)://host/v1.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise TeamError(
            "Give the address alone, as http(s)://host/v1; the key has a field of its own."
        )
    try:
        with contextlib.suppress(Unreachable):  # asking the server will say so
            find_addresses(model_policy(), host, port, Budget(host, seconds=PATIENCE))
    except OutgoingError as error:
        raise TeamError(str(error)) from None
    return url.strip().rstrip("/")


def choose_model(url: str, model: str, key: str) -> str:
    """The model's name as its server lists it (its first where none is given); raises TeamError."""
    try:
        client = HttpClient(
            url,
            model=None,
            api_key=key or None,
            dialect=None,
            patience=PATIENCE,
            transport=ModelTransport(model_policy(), seconds=PATIENCE),
            limits=answer_limits(),
        )
    except ModelError as error:
        raise TeamError(_describe(error, urlsplit(url).netloc)) from None
    client.close()
    if model and model not in client.listed:
        shown = ", ".join(client.listed[:5])
        raise TeamError(f"The server lists no model {model}; it has {shown}.")
    return model or client.name


def parse_origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _describe(error: ModelError, host: str) -> str:
    """Return the client's error in the words of a form: the settings that it names are the
    operator's.
    """
    where = f"The model server at {host}"
    if error.kind == "refused":
        hint = "; check the key" if error.status in (401, 403) else ""
        return f"{where} answered {error.status}{hint}."
    if error.kind == "no models":
        return f"{where} lists no model; name one."
    if error.kind == "unreadable":
        return f"{where} has no readable model list at /models; is it the address that ends in /v1?"
    if error.kind == "unreachable":
        return f"{where} cannot be reached; check the address and that it is running."
    if error.kind == "silent":
        return f"{where} did not list its models within {PATIENCE:g} seconds."
    return str(error)
