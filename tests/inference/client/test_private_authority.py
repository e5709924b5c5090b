"""A model server whose certificate only SSL_CERT_FILE vouches for."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from inference.client import connect
from inference.types import Chunk, Message, ModelError, ModelRequest, TextPart
from tests.certificates import CERTIFICATE, KEY, make_certificate
from tests.inference.client.scripted import delta, serving, stream

ASKED = ModelRequest((Message("user", (TextPart("hi"),)),))


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a server that speaks TLS for the name localhost."""
    make_certificate(tmp_path, "localhost")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / CERTIFICATE, tmp_path / KEY)
    with serving(tls) as server:
        server.says(stream(delta(content="fine"), delta("stop")))
        yield server.url.replace("http://127.0.0.1", "https://localhost")


def test_it_answers_with_the_file(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / CERTIFICATE))
    client = connect(address)
    chunks = [item for item in client.stream(ASKED) if isinstance(item, Chunk)]
    client.close()
    assert "".join(chunk.text for chunk in chunks) == "fine"


def test_without_the_file_its_certificate_is_the_cause(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(ModelError, match="of an unknown authority") as raised:
        connect(address)
    assert raised.value.cause == "certificate"
