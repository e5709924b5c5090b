"""Why a server cannot be reached is told from the types of errors, never from their words."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import httpx
import pytest

from inference.client import SettingNames, connect
from inference.client.failures import CAUSES, Reporter, find_cause
from inference.types import ModelError
from tests.inference.client.scripted import ScriptedServer


def caused_by(error: type[Exception], cause: BaseException) -> Exception:
    try:
        raise error("words") from cause
    except error as raised:
        return raised


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (ssl.SSLCertVerificationError("x"), "certificate"),
        (ssl.SSLError("x"), "tls"),
        (httpx.ProxyError("x"), "proxy"),
        (socket.gaierror("x"), "host"),
        (ConnectionRefusedError("x"), "refused"),
        (httpx.ConnectTimeout("x"), "timeout"),
        (httpx.RemoteProtocolError("x"), "plain"),
        (OSError("x"), "unknown"),
    ],
)
def test_each_cause_has_its_own_sentence(cause: BaseException, expected: Any) -> None:
    error = caused_by(httpx.ConnectError, cause)
    assert find_cause(error) == expected
    reporter = Reporter("h", None, SettingNames(), patience=1, connecting=10)
    told = reporter.describe(error, began=False)
    assert (told.kind, told.cause) == ("unreachable", expected)
    assert str(told).startswith("The model server at h ")
    assert len({sentence for sentence in CAUSES.values()}) == len(CAUSES)


def test_tls_to_a_server_that_speaks_none_is_said(server: ScriptedServer) -> None:
    url = server.url.replace("http:", "https:")
    with pytest.raises(ModelError, match="does not speak TLS; check MODEL_URL"):
        connect(url)


def test_a_form_names_its_fields_instead_of_settings(server: ScriptedServer) -> None:
    server.models = {"data": []}
    names = SettingNames(address="the address", key="the key", model="the model")
    with pytest.raises(ModelError, match=r"lists no model; set the model\.$"):
        connect(server.url, names=names)
