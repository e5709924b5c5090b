"""PREVIEW_HOST is the same name however a browser spells it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from studio.config.csp import is_preview_host
from studio.edge.origins import is_same_origin

NAME = "previews.example.net"


@pytest.fixture
def two_hosts(settings: Any) -> None:
    settings.PREVIEW_HOST = NAME
    settings.ALLOWED_HOSTS = [NAME, "studio.example.org"]


@pytest.mark.django_db
@pytest.mark.usefixtures("two_hosts")
@pytest.mark.parametrize("host", [NAME, f"{NAME}.", NAME.upper(), f"{NAME.title()}."])
def test_the_studio_is_not_there_under_the_previews_name(host: str) -> None:
    """A dot at the end is another origin for a browser, and the same name for everybody else."""
    assert Client().get("/sign-in", HTTP_HOST=host).status_code == 404
    assert Client().get("/sign-in", HTTP_HOST="studio.example.org").status_code == 200


@pytest.mark.usefixtures("two_hosts")
@pytest.mark.parametrize("host", [NAME, f"{NAME}."])
def test_no_socket_is_opened_there(host: str) -> None:
    headers = [(b"host", host.encode()), (b"origin", f"http://{host}".encode())]
    assert not is_same_origin({"headers": headers, "scheme": "ws"})


def test_without_one_no_name_is_it(settings: Any) -> None:
    settings.PREVIEW_HOST = ""
    assert not is_preview_host("")
    assert not is_preview_host(NAME)
