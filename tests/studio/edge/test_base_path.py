"""Below BASE_PATH the application gets the path as ASGI describes it, whatever the proxy did to it."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from celery.signals import task_prerun
from django.urls import reverse

from studio.edge.base_path import BasePath
from studio.edge.refusal import get_local_path

Sent = list[dict[str, Any]]


def ask(path: str, *, base_path: str = "/likeness", kind: str = "http") -> tuple[Any, Sent]:
    """Return the scope that the application got (None for none), and what was sent without it."""
    scopes: list[Any] = []
    sent: Sent = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        scopes.append({**scope, "link": reverse("runs:start")})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("nothing is read")

    scope = {"type": kind, "path": path, "query_string": b"a=1", "headers": []}
    asyncio.run(BasePath(application, base_path)(scope, receive, send))
    return (scopes[0] if scopes else None), sent


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("asked", "whole", "local"),
    [
        ("/likeness/runs/1/", "/likeness/runs/1/", "/runs/1/"),
        ("/likeness/", "/likeness/", "/"),
        ("/runs/1/", "/likeness/runs/1/", "/runs/1/"),
        ("/likenesses/", "/likeness/likenesses/", "/likenesses/"),
        ("/likeness/likeness/", "/likeness/likeness/", "/likeness/"),
    ],
)
def test_the_path_is_passed_on_or_was_removed_by_the_proxy(
    kind: str, asked: str, whole: str, local: str
) -> None:
    scope, sent = ask(asked, kind=kind)
    assert (scope["path"], scope["root_path"], get_local_path(scope)) == (whole, "/likeness", local)
    assert scope["link"] == "/likeness/"
    assert sent == []


def test_a_missing_slash_is_added() -> None:
    scope, sent = ask("/likeness")
    assert scope is None
    assert (sent[0]["status"], dict(sent[0]["headers"])[b"location"]) == (308, b"/likeness/?a=1")


def test_without_a_base_path_nothing_changes() -> None:
    scope, _ = ask("/runs/1/", base_path="")
    assert "root_path" not in scope
    assert get_local_path(scope) == "/runs/1/"


def test_links_of_a_workers_threads_have_the_path(settings: Any) -> None:
    """Deliveries of webhooks run in threads, where Django knows no prefix."""
    settings.FORCE_SCRIPT_NAME = "/likeness"
    links = []

    def deliver() -> None:
        links.append(reverse("runs:start"))
        task_prerun.send(sender=None)
        links.append(reverse("runs:start"))

    thread = threading.Thread(target=deliver)
    thread.start()
    thread.join()
    assert links == ["/", "/likeness/"]
