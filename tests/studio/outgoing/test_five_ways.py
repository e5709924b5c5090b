"""Models, webhooks, git over http(s) and ssh and forges' APIs have one policy.

Without the operator's word nothing on this machine is asked, by whichever way, and open and closed
ports look alike.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from inference.types import ModelError
from studio.export.git import GitError, Remote, check
from studio.export.services import ExportError, add_repository
from studio.export.targets import make_target
from studio.export.targets.base import PullRequest
from studio.outgoing.policies import export_policy
from studio.runs.model_client import open_model_client
from studio.teams import connections
from studio.teams.errors import TeamError
from studio.teams.models import Connection
from studio.webhooks import services as webhooks
from studio.webhooks.models import Delivery, Webhook
from studio.webhooks.services import WebhookError, create_webhook
from tests.inference.client.scripted import ScriptedServer
from tests.people import adas_team, cast
from tests.studio.outgoing.raw import closed_port, raw_server
from tests.studio.runs.making import queued_run

pytestmark = pytest.mark.django_db
METADATA = (
    "169.254.169.254",
    "[fd00:ec2::254]",
    "[64:ff9b::a9fe:a9fe]",
    "100.100.100.200",
    "168.63.129.16",
)


@pytest.fixture(autouse=True)
def private_denied(settings: Any, tmp_path: Any) -> None:
    settings.OUTGOING_PRIVATE = False
    settings.DATA_DIR = tmp_path


def save_connection(address: str) -> None:
    values: dict[str, Any] = {
        "name": "M",
        "model": "",
        "key": "",
        "price_in": None,
        "price_out": None,
    }
    connections.save_connection(
        team=adas_team(), by=cast("ada"), url=f"http://{address}/v1", **values
    )


def use_connection(address: str) -> None:
    """One that was kept while private addresses were open."""
    kept = Connection.objects.create(
        team=adas_team(), name=address, url=f"http://{address}/v1", model="m"
    )
    with open_model_client("", kept) as client:
        assert client is not None
        list(client.stream(None))  # type: ignore[arg-type]


def add_webhook(address: str) -> None:
    create_webhook(team=adas_team(), by=cast("ada"), url=f"http://{address}/hook")


def deliver_webhook(address: str) -> None:
    hook = Webhook.objects.create(team=adas_team(), url=f"http://{address}/hook", nonce="x")
    row = Delivery.objects.create(webhook=hook, run=queued_run(), due_at="2020-01-01T00:00Z")
    webhooks.deliver(delivery_id=row.pk)
    row.refresh_from_db()
    raise WebhookError(row.answer)


def add_by_https(address: str) -> None:
    add_repository(
        team=adas_team(), by=cast("ada"), kind="git", url=f"https://{address}/owner/name"
    )


def add_by_http(address: str) -> None:
    add_repository(team=adas_team(), by=cast("ada"), kind="git", url=f"http://{address}/owner/name")


def add_by_ssh(address: str) -> None:
    add_repository(
        team=adas_team(), by=cast("ada"), kind="git", url=f"ssh://git@{address}/owner/name"
    )


def read_by_https(address: str) -> None:
    check(Remote(f"https://{address}/owner/name", policy=export_policy()))


def read_by_ssh(address: str) -> None:
    check(Remote(f"ssh://git@{address}/owner/name", policy=export_policy()))


def ask_forge(address: str) -> None:
    remote = Remote(f"http://{address}/owner/name", secret="x", policy=export_policy())
    make_target("gitea", remote).request(PullRequest("a", "b", "c", "d"))


WAYS = [
    save_connection,
    use_connection,
    add_webhook,
    deliver_webhook,
    add_by_https,
    add_by_http,
    add_by_ssh,
    read_by_https,
    read_by_ssh,
    ask_forge,
]
ERRORS = (TeamError, ModelError, WebhookError, ExportError, GitError)


def refusal(way: Callable[[str], None], address: str) -> str:
    with pytest.raises(ERRORS) as refused:
        way(address)
    return str(refused.value)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_on_this_machine_is_asked_and_open_and_closed_ports_look_alike(
    way: Callable[[str], None],
) -> None:
    with raw_server() as server:
        opened, closed = (
            refusal(way, f"127.0.0.1:{port}") for port in (server.port, closed_port())
        )
    assert "127.0.0.1 has a loopback address" in opened
    assert opened == closed
    assert server.requests == []


@pytest.mark.parametrize("way", [way for way in WAYS if way is not add_by_http])
@pytest.mark.parametrize("host", METADATA)
def test_cloud_metadata_is_closed_even_where_private_addresses_are_open(
    way: Callable[[str], None], host: str, settings: Any
) -> None:
    settings.OUTGOING_PRIVATE = True
    assert "has a cloud metadata address" in refusal(way, host)


def test_the_operators_own_model_may_be_on_this_machine_and_a_teams_may_not(settings: Any) -> None:
    with ScriptedServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        with open_model_client(server.url) as client:
            assert client is not None
            assert client.name == "kimi-k2.6"
        with pytest.raises(TeamError, match="OUTGOING_PRIVATE"):
            save_connection(server.url.removeprefix("http://").removesuffix("/v1"))
        settings.OUTGOING_ALLOW = ("127.0.0.1",)
        save_connection(server.url.removeprefix("http://").removesuffix("/v1"))
        server.shutdown()
    assert Connection.objects.get().model == "kimi-k2.6"


def test_the_operators_own_model_is_not_followed_to_another_server() -> None:
    with raw_server() as inner:
        answer = f"HTTP/1.1 307 Go\r\nLocation: {inner.url}/v1/models\r\nContent-Length: 0\r\n\r\n".encode()
        with (
            raw_server(answer) as outer,
            pytest.raises(ModelError, match="answered 307"),
            open_model_client(f"{outer.url}/v1"),
        ):
            pass
    assert inner.requests == []
