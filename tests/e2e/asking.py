"""Talks to a served studio as a browser without script does, and listens to a run as one with
script.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.processes import Studio, wait_for


def visitor(served: Studio) -> httpx.Client:
    """Signed in as the owner."""
    return httpx.Client(base_url=served.address, timeout=30, cookies=cookies(served))


def cookies(served: Studio) -> dict[str, str]:
    """The owner's session: of the printed link, which works once, and kept from then on."""
    if not served.cookies:
        with httpx.Client(base_url=served.address, timeout=30) as client:
            post(client, invitation(served))
            served.cookies = dict(client.cookies)
    return served.cookies


def browser_cookies(served: Studio) -> list[dict[str, str]]:
    """The same, as Playwright wants them."""
    return [
        {"name": name, "value": value, "url": served.address}
        for name, value in cookies(served).items()
    ]


def invitation(served: Studio) -> str:
    """The path of the sign-in link that `serve` printed."""
    find = re.compile(r"Sign in as its owner, once: \S+?(/welcome/\S+)")
    return wait_for(
        lambda: find.search(served.log.read_text()), seconds=40, what="the sign-in link"
    )[1]


def post(
    client: httpx.Client, path: str, data: dict[str, Any] | None = None, **more: Any
) -> httpx.Response:
    """A form sent from a page of the studio itself."""
    if "likeness_csrf" not in client.cookies:
        client.get(path)
    form = {"csrfmiddlewaretoken": client.cookies["likeness_csrf"], **(data or {})}
    return client.post(path, data=form, headers={"Referer": str(client.base_url)}, **more)


def start_run(served: Studio, mockup: bytes, **wishes: str) -> str:
    """The address of the new run's page."""
    with visitor(served) as client:
        started = post(client, "/", {"prompt": "", **wishes}, files={"mockup": mockup})
        assert started.status_code == 302, started.text
        return started.headers["Location"]


def page(served: Studio, address: str) -> str:
    with visitor(served) as client:
        return client.get(address).text


@contextmanager
def events(served: Studio, run: str, after: str = "0") -> Iterator[Iterator[dict[str, Any]]]:
    """The run's events as they come, until its end; a connection that breaks is taken up after the
    last id.
    """
    cookie = "; ".join(f"{name}={value}" for name, value in cookies(served).items())
    yield _events(served, run.replace("/runs/", "/ws/runs/").rstrip("/"), cookie, after)


def _events(served: Studio, path: str, cookie: str, after: str) -> Iterator[dict[str, Any]]:
    base = served.address.replace("http", "ws", 1)
    while True:
        headers = {"Cookie": cookie}
        try:
            with connect(
                f"{base}{path}?after={after}", additional_headers=headers, origin=served.address
            ) as socket:  # type: ignore[arg-type]
                for message in socket:
                    for event in json.loads(message):
                        after = event["id"] or after
                        yield event
                        if event["kind"] == "over":
                            return
        except (ConnectionClosed, OSError):
            continue


def make_token(served: Studio, role: str) -> str:
    """Return the secret of a new token of the owner's team."""
    with visitor(served) as owner:
        page = post(owner, "/teams/1/tokens", {"name": f"an agent as {role}", "role": role}).text
    found = re.search(r"likeness_[\w-]{20,}", page)
    assert found
    return found[0]


def upload_mockup(served: Studio, token: str, picture: bytes) -> str:
    """Return the id of a picture that was sent over the API."""
    answer = httpx.post(
        f"{served.address}/api/v1/uploads",
        headers={"Authorization": f"Bearer {token}"},
        files={"file": ("mockup.png", picture)},
    )
    return str(answer.json()["id"])
