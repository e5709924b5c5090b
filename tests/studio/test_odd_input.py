"""No input makes a page fail: what cannot be used is refused with a status below 500."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from studio.teams.models import Role
from tests.people import cast
from tests.studio.access_rows import ROWS, Row, World
from tests.studio.api.calling import secret_of

pytestmark = pytest.mark.django_db

HUGE = 10**30
STATES = ("health", "metrics")  # say with 503 what of the studio does not answer
JSON = (
    "[NaN]",
    '{"prompt": NaN, "url": Infinity, "name": -Infinity}',
    '{"prompt": "x", "project": 1' + "0" * 30 + "}",
    '{"prompt": "x", "rounds": 1e400, "candidates": 1' + "0" * 5000 + "}",
    "[" * 100_000,
    '{"prompt": ' + "[" * 50_000 + "]" * 50_000 + "}",
    r'{"prompt": "\ud83d", "url": "http://127.0.0.1/\ud83d", "name": "\udc00"}',
    r'{"prompt": "a\u0000b", "url": "http://127.0.0.1/\u0000", "name": "a\u0000b"}',
    '"text"',
    "null",
    "",
    "\xff",
)
QUERIES = (
    "before=0001-01-01T00:00:00%2B14:00",
    "before=9999-12-31T23:59:59-14:00",
    "before=0001-01-01",
    "before=NaN",
    "since=0001-01-01&until=9999-12-31",
    f"project={HUGE}",
    f"project=-{HUGE}",
    f"attempt={HUGE}&width={HUGE}&from={HUGE}&to={HUGE}",
    f"page={HUGE}&q=%00&shelf=%00",
    "page=-1&attempt=%C2%B2&width=%D9%A1",
    "q=%ED%A0%80",
)


@pytest.fixture
def visitor() -> Client:
    """Ada, signed in and with a token, whose browser answers 500 instead of raising."""
    client = Client(raise_request_exception=False)
    client.force_login(cast("ada"))
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret_of('ada', Role.OWNER)}"
    return client


def address_of(row: Row, world: World, **instead: Any) -> str:
    found: dict[str, Any] = {**world.values, **row.values}
    values = {name: value(world) if callable(value) else value for name, value in found.items()}
    values |= {name: to for name, to in instead.items() if name in values}
    names = parameters(row.route)
    return reverse(row.route, kwargs={name: values[name] for name in names})


def parameters(route: str) -> list[str]:
    resolver = get_resolver()
    for part in route.split(":")[:-1]:
        _, resolver = resolver.namespace_dict[part]
    [(possibility, *_)] = resolver.reverse_dict.getlist(route.split(":")[-1])[:1]
    return list(possibility[0][1])


def is_api(row: Row) -> bool:
    return row.route.startswith("api:")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.route}")
def test_numbers_larger_than_a_database_holds(row: Row, visitor: Client) -> None:
    if row.route in STATES:
        pytest.skip("it takes no number")
    world = World()
    huge = dict.fromkeys(
        [name for name, value in world.values.items() if isinstance(value, int)], HUGE
    )
    answer = visitor.generic(row.method, address_of(row, world, **huge))
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.method == "GET"], ids=lambda row: row.route
)
def test_queries_that_make_no_sense(row: Row, visitor: Client) -> None:
    if row.route in (*STATES, "api:follow_events"):
        pytest.skip("it takes no query")
    address = address_of(row, World())
    failed = [query for query in QUERIES if visitor.get(f"{address}?{query}").status_code >= 500]
    assert failed == []


@pytest.mark.parametrize(
    "row", [row for row in ROWS if is_api(row) and row.method == "POST"], ids=lambda row: row.route
)
def test_json_that_is_none(row: Row, visitor: Client) -> None:
    address = address_of(row, World())
    failed = [sent[:60] for sent in JSON if post_json(visitor, address, sent) >= 500]
    assert failed == []


def post_json(visitor: Client, address: str, sent: str) -> int:
    return visitor.post(
        address, sent.encode("latin-1"), content_type="application/json"
    ).status_code


CHANGES = (
    *JSON,
    '[{"at": NaN, "name": "text", "value": "x"}]',
    f'[{{"at": {HUGE}, "name": "text", "value": "x"}}]',
    r'[{"at": 1, "name": "text", "value": "\ud83d"}]',
)


@pytest.mark.parametrize("sent", CHANGES, ids=range(len(CHANGES)))
def test_changes_by_hand_that_are_none(sent: str, visitor: Client) -> None:
    world = World()
    path = reverse("versions:edit", args=[world.run.pk, 0])
    assert (
        visitor.post(path, {"changes": sent.encode("latin-1").decode("latin-1")}).status_code < 500
    )


@pytest.mark.parametrize(
    "box", ["[NaN, 1, 2, 3]", "[1e400, 0, 0, 0]", "[" * 50_000, "{}", "[1]", f"[{HUGE}, 1, 1, 1]"]
)
def test_comments_at_places_that_are_none(box: str, visitor: Client) -> None:
    world = World()
    path = reverse("collaboration:comments", args=[world.run.pk])
    form = {"text": "Nice", "attempt": "0", "element": "a", "box": box}
    assert visitor.post(path, form).status_code < 500
