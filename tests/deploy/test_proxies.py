"""The examples in deploy/ are valid, and a studio behind each of them does all that it does alone."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.processes import ROOT, Studio, studio, wait_for

NAME, PREVIEWS = "studio.example.org", "previews.example.net"
EXAMPLES = ROOT / "deploy"


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed: apt install {name}")
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with fullchain.pem and privkey.pem for both names, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(NAME), x509.DNSName(PREVIEWS)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(private)
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    settings = {"HTTPS": "True", "ALLOWED_HOSTS": NAME, "PREVIEW_HOST": PREVIEWS}
    with studio(tmp_path_factory.mktemp("proxied") / "data", **settings) as running:
        yield running


def nginx_config(folder: Path, certificate: Path, upstream: str, plain: int, secure: int) -> Path:
    example = (EXAMPLES / "nginx.conf").read_text()
    example = example.replace("127.0.0.1:8000", upstream).replace(
        "/etc/ssl/likeness", str(certificate)
    )
    example = example.replace("listen 80;", f"listen 127.0.0.1:{plain};")
    example = example.replace("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;")
    (folder / "likeness.conf").write_text(example)
    places = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"daemon off; pid {folder}/nginx.pid; error_log stderr; user {user()}; events {{}}"
        f" http {{ access_log off; {places} include {folder}/likeness.conf; }}"
    )
    (folder / "nginx.conf").write_text(whole)
    return folder / "nginx.conf"


def user() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def caddy_config(folder: Path, certificate: Path, upstream: str, plain: int, secure: int) -> Path:
    example = (EXAMPLES / "Caddyfile").read_text()
    ports = f"{{\n\tadmin off\n\tauto_https disable_redirects\n\thttp_port {plain}\n\thttps_port {secure}\n"
    example = example.replace("127.0.0.1:8000", upstream).replace(
        "{\n\tservers", f"{ports}\tservers", 1
    )
    own = f"\ttls {certificate}/fullchain.pem {certificate}/privkey.pem\n"
    example = example.replace(f"{NAME}, {PREVIEWS} {{\n", f"{NAME}, {PREVIEWS} {{\n{own}")
    (folder / "Caddyfile").write_text(example)
    return folder / "Caddyfile"


def test_the_nginx_example_is_valid(tmp_path: Path, certificate: Path) -> None:
    nginx = program("nginx")
    config = nginx_config(tmp_path, certificate, "127.0.0.1:8000", free_port(), free_port())
    done = subprocess.run([nginx, "-t", "-c", config], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_caddy_example_is_valid() -> None:
    command = [
        program("caddy"),
        "validate",
        "--adapter",
        "caddyfile",
        "--config",
        EXAMPLES / "Caddyfile",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(params=["nginx", "caddy"])
def secure_port(
    request: pytest.FixtureRequest, served: Studio, certificate: Path, tmp_path: Path
) -> Iterator[int]:
    """Where the proxy of the example listens for https, in front of the studio."""
    command = [program(request.param)]
    upstream, plain, secure = served.address.removeprefix("http://"), free_port(), free_port()
    if request.param == "nginx":
        command += [
            "-c",
            str(nginx_config(tmp_path, certificate, upstream, plain, secure)),
            "-p",
            str(tmp_path),
        ]
    else:
        config = caddy_config(tmp_path, certificate, upstream, plain, secure)
        command += ["run", "--adapter", "caddyfile", "--config", str(config)]
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with open(tmp_path / "log", "wb") as log:
        proxy = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_for(
                lambda: answers(secure),
                seconds=30,
                what=f"{request.param}: {(tmp_path / 'log').read_text()}",
            )
            yield secure
        finally:
            proxy.terminate()
            proxy.wait(timeout=20)


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate / "fullchain.pem"))


def https(certificate: Path, port: int, name: str = NAME) -> httpx.Client:
    """A visitor who finds `name` at the proxy."""
    return httpx.Client(
        base_url=f"https://127.0.0.1:{port}",
        headers={"Host": name},
        verify=trusting(certificate),
        timeout=30,
        transport=Named(name, trusting(certificate)),
    )


class Named(httpx.HTTPTransport):
    def __init__(self, name: str, context: ssl.SSLContext) -> None:
        super().__init__(verify=context)
        self.name = name

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = self.name
        return super().handle_request(request)


def opened_socket(port: int, certificate: Path, origin: str) -> ClientConnection:
    address = f"wss://{NAME}/ws/runs/00000000-0000-0000-0000-000000000000"
    plain = socket.create_connection(("127.0.0.1", port), timeout=20)
    return connect(
        address, origin=Origin(origin), sock=plain, ssl=trusting(certificate), server_hostname=NAME
    )


def refused_body(port: int, certificate: Path) -> bytes:
    """The first line of the answer to a body of 300 MB that is only spoken of."""
    head = f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 300000000\r\n\r\n"
    plain = socket.create_connection(("127.0.0.1", port), timeout=20)
    with plain, trusting(certificate).wrap_socket(plain, server_hostname=NAME) as secure:
        secure.sendall(head.encode())
        return secure.recv(100).split(b"\r\n")[0]


def test_a_studio_behind_it_is_visited_over_https(
    secure_port: int, served: Studio, certificate: Path
) -> None:
    with https(certificate, secure_port) as visitor:
        page = visitor.get("/sign-in")
        assert page.status_code == 200
        assert "frame-src https://previews.example.net" in page.headers["Content-Security-Policy"]
        assert all("Secure" in cookie for cookie in page.headers.get_list("Set-Cookie"))
        assert visitor.get("/metrics").status_code == 404  # a proxied visitor is not this machine
        large = visitor.post("/sign-in", content=b"x" * 2_000_000)
        assert (large.status_code, "BODY_KILOBYTES" in large.text) == (413, True)
    with https(certificate, secure_port, PREVIEWS) as visitor:
        assert visitor.get("/sign-in").status_code == 404  # that name serves generated pages alone


@pytest.mark.parametrize("secure_port", ["nginx"], indirect=True)  # Caddy counts while it passes on
def test_a_body_that_is_too_large_goes_no_further_than_the_proxy(
    secure_port: int, certificate: Path
) -> None:
    assert b" 413 " in refused_body(secure_port, certificate)


def test_its_sockets_are_for_its_own_pages(
    secure_port: int, served: Studio, certificate: Path
) -> None:
    with opened_socket(secure_port, certificate, f"https://{NAME}") as opened:
        with contextlib.suppress(Exception):
            json.loads(opened.recv(timeout=20))
        assert opened.close_code == 4401  # let in, and asked to sign in
    for other in (f"http://{NAME}", f"https://{PREVIEWS}", f"https://{NAME}:8443"):
        with pytest.raises(InvalidStatus), opened_socket(secure_port, certificate, other):
            pass
