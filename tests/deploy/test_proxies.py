"""The examples in deploy/ are valid, and a studio behind each of them does all that it does alone."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.certificates import make_certificate
from tests.processes import ROOT, find_program, free_port, studio, wait_for

NAME, PREVIEWS = "studio.example.org", "previews.example.net"
SHARED = "apps.example.org"  # the name of the examples below a path
EXAMPLES = ROOT / "deploy"


@dataclass(frozen=True, slots=True)
class Example:
    """A configuration in deploy/, and where a studio behind it is visited."""

    program: str
    file: str
    name: str = NAME
    path: str = ""


WHOLE = (Example("nginx", "nginx.conf"), Example("caddy", "Caddyfile"))
BELOW_A_PATH = (
    Example("nginx", "nginx-path.conf", SHARED, "/likeness"),
    Example("caddy", "Caddyfile-path", SHARED, "/likeness"),
)
ALL = (*WHOLE, *BELOW_A_PATH)


def list_params(*examples: Example) -> list[Any]:
    return [pytest.param(example, id=example.file) for example in examples]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with fullchain.pem and privkey.pem for all names, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    make_certificate(folder, NAME, PREVIEWS, SHARED)
    return folder


@pytest.fixture(scope="module")
def studios(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Example], str]]:
    """Return where the studio of an example listens; it starts with the first question."""
    started: dict[str, str] = {}
    with contextlib.ExitStack() as running:

        def find(example: Example) -> str:
            if example.name not in started:
                settings = {"HTTPS": "True", "ALLOWED_HOSTS": example.name}
                if example.path:
                    settings |= {"BASE_PATH": example.path, "PUBLIC_URL": f"https://{SHARED}"}
                else:
                    settings |= {"PREVIEW_HOST": PREVIEWS}
                folder = tmp_path_factory.mktemp("proxied") / "data"
                served = running.enter_context(studio(folder, **settings))
                local = re.search(r"listening on http://(\S+);", served.log.read_text())
                assert local
                started[example.name] = local[1]
            return started[example.name]

        yield find


def nginx_config(
    example_file: Example, folder: Path, certificate: Path, upstream: str, plain: int, secure: int
) -> Path:
    example = (EXAMPLES / example_file.file).read_text()
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


def caddy_config(
    example_file: Example, folder: Path, certificate: Path, upstream: str, plain: int, secure: int
) -> Path:
    example = (EXAMPLES / example_file.file).read_text()
    ports = f"{{\n\tadmin off\n\tauto_https disable_redirects\n\thttp_port {plain}\n\thttps_port {secure}\n"
    example = example.replace("127.0.0.1:8000", upstream).replace(
        "{\n\tservers", f"{ports}\tservers", 1
    )
    own = f"\ttls {certificate}/fullchain.pem {certificate}/privkey.pem\n"
    for names in (f"{NAME}, {PREVIEWS}", SHARED):
        example = example.replace(f"\n{names} {{\n", f"\n{names} {{\n{own}")
    (folder / "Caddyfile").write_text(example)
    return folder / "Caddyfile"


@pytest.mark.parametrize("example", list_params(WHOLE[0], BELOW_A_PATH[0]))
def test_the_nginx_example_is_valid(example: Example, tmp_path: Path, certificate: Path) -> None:
    nginx = find_program("nginx")
    config = nginx_config(
        example, tmp_path, certificate, "127.0.0.1:8000", free_port(), free_port()
    )
    done = subprocess.run([nginx, "-t", "-c", config], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("example", list_params(WHOLE[1], BELOW_A_PATH[1]))
def test_the_caddy_example_is_valid(example: Example) -> None:
    command = [
        find_program("caddy"),
        "validate",
        "--adapter",
        "caddyfile",
        "--config",
        str(EXAMPLES / example.file),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def secure_port(
    example: Example, studios: Callable[[Example], str], certificate: Path, tmp_path: Path
) -> Iterator[int]:
    """Where the proxy of the example listens for https, in front of the studio."""
    command = [find_program(example.program)]
    upstream, plain, secure = studios(example), free_port(), free_port()
    if example.program == "nginx":
        command += [
            "-c",
            str(nginx_config(example, tmp_path, certificate, upstream, plain, secure)),
            "-p",
            str(tmp_path),
        ]
    else:
        config = caddy_config(example, tmp_path, certificate, upstream, plain, secure)
        command += ["run", "--adapter", "caddyfile", "--config", str(config)]
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with open(tmp_path / "log", "wb") as log:
        proxy = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_for(
                lambda: answers(secure),
                seconds=30,
                what=f"{example.file}: {(tmp_path / 'log').read_text()}",
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


def opened_socket(
    port: int, certificate: Path, origin: str, example: Example = WHOLE[0]
) -> ClientConnection:
    address = f"wss://{example.name}{example.path}/ws/runs/00000000-0000-0000-0000-000000000000"
    plain = socket.create_connection(("127.0.0.1", port), timeout=20)
    return connect(
        address,
        origin=Origin(origin),
        sock=plain,
        ssl=trusting(certificate),
        server_hostname=example.name,
    )


def refused_body(port: int, certificate: Path) -> bytes:
    """The first line of the answer to a body of 300 MB that is only spoken of."""
    head = f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 300000000\r\n\r\n"
    plain = socket.create_connection(("127.0.0.1", port), timeout=20)
    with plain, trusting(certificate).wrap_socket(plain, server_hostname=NAME) as secure:
        secure.sendall(head.encode())
        return secure.recv(100).split(b"\r\n")[0]


@pytest.mark.parametrize("example", list_params(*WHOLE))
def test_a_studio_behind_it_is_visited_over_https(secure_port: int, certificate: Path) -> None:
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


@pytest.mark.parametrize("example", list_params(WHOLE[0]))  # Caddy counts while it passes on
def test_a_body_that_is_too_large_goes_no_further_than_the_proxy(
    secure_port: int, certificate: Path
) -> None:
    assert b" 413 " in refused_body(secure_port, certificate)


@pytest.mark.parametrize("example", list_params(*BELOW_A_PATH))
def test_a_studio_below_a_path_is_visited_over_https(
    example: Example, secure_port: int, certificate: Path
) -> None:
    with https(certificate, secure_port, SHARED) as visitor:
        page = visitor.get("/likeness/sign-in")
        assert page.status_code == 200
        cookies = page.headers.get_list("Set-Cookie")
        assert cookies
        assert all("Secure" in cookie and "Path=/likeness/" in cookie for cookie in cookies)
        assert visitor.get("/likeness").headers["Location"].endswith("/likeness/")
        assert visitor.get("/likeness/metrics").status_code == 404  # it is not this machine's
        icon = visitor.get("/likeness/static/icon.svg")
        assert icon.content == (ROOT / "static" / "icon.svg").read_bytes()
        assert visitor.get("/sign-in").text != page.text  # the name's root is another application's


@pytest.mark.parametrize("example", list_params(*ALL))
def test_its_sockets_are_for_its_own_pages(
    example: Example, secure_port: int, certificate: Path
) -> None:
    own = f"https://{example.name}"
    with opened_socket(secure_port, certificate, own, example) as opened:
        with contextlib.suppress(Exception):
            json.loads(opened.recv(timeout=20))
        assert opened.close_code == 4401  # let in, and asked to sign in
    for other in (f"http://{example.name}", f"https://{PREVIEWS}", f"{own}:8443"):
        with (
            pytest.raises(InvalidStatus),
            opened_socket(secure_port, certificate, other, example),
        ):
            pass


def test_the_traefik_example_names_its_own_parts() -> None:
    """Debian has no Traefik, so nothing runs here: routers, middlewares and services must fit."""
    http = yaml.safe_load((EXAMPLES / "traefik.yaml").read_text())["http"]
    assert set(http) == {"routers", "middlewares", "services"}
    for router in http["routers"].values():
        assert router["service"] in http["services"]
        assert set(router["middlewares"]) == set(http["middlewares"])
