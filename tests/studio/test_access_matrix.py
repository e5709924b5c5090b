"""Every address and socket of the studio × every kind of person, generated from the URL
configuration.

A route without rows in `access_rows` fails here; so does a method that is taken without one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from studio.collaboration.routing import websocket_urlpatterns as collaboration_sockets
from studio.collaboration.services import make_link_token
from studio.config.asgi import application
from studio.runs.events import Writer
from studio.runs.routing import websocket_urlpatterns as run_sockets
from studio.teams.access import get_own_team
from studio.teams.models import Role
from studio.teams.tokens import create_token
from tests.people import adas_team, cast
from tests.studio.access_rows import PEOPLE, ROWS, SOCKETS, Outcome, Row, World, made

pytestmark = pytest.mark.usefixtures("valkey")
SOCKET_PATTERNS = (*run_sockets, *collaboration_sockets)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NAMES = {"owner": "ada", "editor": "ben", "viewer": "cleo", "stranger": "dan"}
PATIENCE = 30.0  # seconds for a socket's first word


def routes(patterns: list[Any], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """('runs:run', its pattern) for every address there is."""
    seen = set()
    for one in patterns:
        if str(one.pattern) in seen and isinstance(one, URLPattern):
            continue  # a second name of the same address
        seen.add(str(one.pattern))
        if isinstance(one, URLResolver):
            yield from routes(
                one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space
            )
        else:
            assert one.name, f"the address {one.pattern} has no name"
            yield f"{space}{one.name}", one


ROUTES = dict(routes(get_resolver().url_patterns))


def visitor(person: str, world: World) -> Client:
    """The browser of such a person. Who holds a share link has no account, saw what it shows, and
    sends it along.
    """
    client = Client(raise_request_exception=True)
    if person in NAMES:
        client.force_login(cast(NAMES[person]))
    elif person == "share link":
        shared = reverse("collaboration:shared", args=[make_link_token(world.link)])
        assert client.get(shared).status_code == 200
        client.defaults["HTTP_REFERER"] = f"http://testserver{shared}"
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {make_link_token(world.link)}"
    return client


def program(person: str) -> Client:
    """The same person's program: a token for Ada's team (the stranger's: for their own), with the
    person's role.
    """
    client, user = Client(raise_request_exception=True), cast(NAMES[person])
    team = get_own_team(user) if person == "stranger" else adas_team()
    role = Role.OWNER if person == "stranger" else Role(person)
    _, secret = create_token(team=team, user=user, name="matrix", role=role)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


def comer(person: str, route: str, world: World) -> Client:
    return (
        program(person) if route.startswith("api:") and person in NAMES else visitor(person, world)
    )


def address(route: str, world: World, values: Any) -> str:
    given = {key: made(value, world) for key, value in values.items()}
    wanted = ROUTES[route].pattern.converters
    return reverse(route, kwargs={key: given.get(key, world.values.get(key)) for key in wanted})


def ask(client: Client, method: str, path: str, data: Any = None) -> Any:
    if isinstance(data, str):
        return client.generic(method, path, data, content_type="application/json")
    if method == "POST":
        return client.post(path, data or {})
    return client.generic(method, path)


def outcome(answer: HttpResponse) -> Outcome | int:
    assert answer.status_code < 500 or answer.status_code == 503
    if answer.status_code == 401 or answer.headers.get("Location", "").startswith(
        reverse("accounts:sign-in") + "?"
    ):
        return "door"
    return answer.status_code if answer.status_code in (403, 404, 405, 410) else "in"


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.route}")
def test_each_person_gets_as_far_as_they_may(row: Row) -> None:
    world, got = World(), []
    for person in PEOPLE:
        with transaction.atomic():
            world.holder, client = person == "share link", comer(person, row.route, world)
            path = address(row.route, world, row.values)
            path += f"?token={make_link_token(world.link)}" if world.holder else ""
            answer = ask(client, row.method, path, made(row.data, world))
            got.append(outcome(answer))
            transaction.set_rollback(True)
    assert dict(zip(PEOPLE, got, strict=True)) == dict(zip(PEOPLE, row.who, strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(ROUTES))
def test_every_route_has_a_row_for_each_method_it_takes(route: str) -> None:
    mine = {row.method: row for row in ROWS if row.route == route}
    assert mine, f"{route} has no row in tests/studio/access_rows.py"
    world = World()
    owner = comer("owner", route, world)
    path = address(route, world, next(iter(mine.values())).values)
    for method in sorted(set(METHODS) - set(mine)):
        taken = ask(owner, method, path).status_code
        assert taken == 405, f"{method} {route} has no row in tests/studio/access_rows.py"


def test_no_row_is_for_a_route_that_is_gone() -> None:
    assert {row.route for row in ROWS} <= set(ROUTES)
    assert set(SOCKETS) == {str(one.pattern) for one in SOCKET_PATTERNS}


def test_no_row_is_there_twice() -> None:
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for row in ROWS:
        seen[row.method, row.route] += 1
    assert max(seen.values()) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("socket", SOCKETS)
async def test_each_person_hears_what_they_may(socket: str, person: str) -> None:
    expected = SOCKETS[socket][PEOPLE.index(person)]
    path, cookies, token = await sync_to_async(_ready)(socket, person)
    headers = [
        (b"host", b"127.0.0.1:8000"),
        (b"origin", b"http://127.0.0.1:8000"),
        (b"cookie", cookies),
        (b"authorization", b"Bearer " + token),
    ]
    scope = {
        "type": "websocket",
        "path": path,
        "query_string": b"token=" + token,
        "headers": headers,
    }
    peer = ApplicationCommunicator(application, scope)
    await peer.send_input({"type": "websocket.connect"})
    assert (await peer.receive_output(PATIENCE))["type"] == "websocket.accept"
    answer = await peer.receive_output(PATIENCE)
    if answer["type"] == "websocket.close":
        assert {4401: "door", 4403: 403, 4404: 404}[answer["code"]] == expected
        return
    assert expected == "in"
    assert json.loads(answer["text"])
    await peer.send_input({"type": "websocket.disconnect", "code": 1001})
    await peer.wait(PATIENCE)


def _ready(socket: str, person: str) -> tuple[str, bytes, bytes]:
    """The socket's address in a world where there is something to hear, the person's cookies, and
    their share link.
    """
    world = World()
    Writer(world.run.pk).append("claimed", {"claim": 1})
    [pattern] = [one.pattern for one in SOCKET_PATTERNS if str(one.pattern) == socket]
    path = socket
    for key, converter in pattern.converters.items():
        path = path.replace(f"<{_kind(converter)}:{key}>", str(world.values[key]))
    cookies = "; ".join(f"{one.key}={one.value}" for one in visitor(person, world).cookies.values())
    return (
        f"/{path}",
        cookies.encode(),
        make_link_token(world.link).encode() if person == "share link" else b"",
    )


def _kind(converter: Any) -> str:
    return type(converter).__name__.removesuffix("Converter").lower()
