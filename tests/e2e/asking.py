"""Talks to a served studio as a browser without script does."""

from __future__ import annotations

import httpx

from tests.processes import Studio


def start_run(served: Studio, mockup: bytes) -> str:
    with httpx.Client(base_url=served.address) as client:
        client.get("/")
        form = {"csrfmiddlewaretoken": client.cookies["csrftoken"], "prompt": ""}
        started = client.post("/", data=form, files={"mockup": mockup}, headers={"Referer": served.address})
        assert started.status_code == 302, started.text
        return started.headers["Location"]


def page(served: Studio, address: str) -> str:
    return httpx.get(served.address + address).text
