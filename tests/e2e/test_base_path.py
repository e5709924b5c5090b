"""A studio below a path of a name that another application has: everything a person and a program do
goes through nginx, which passes the path on or removes it.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.e2e.looking import DONE, FRAME, download_zip, show_tab
from tests.e2e.provider import CLIENT, SECRET, Provider, provider
from tests.processes import ROOT, Studio, find_program, free_port, studio, wait_for

PATH = "/tools/likeness"
OTHER = "another application"
FORWARD = """
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_kind;
    client_max_body_size 20m;
"""


class Front:
    """A studio and the proxy that people visit it through."""

    def __init__(self, served: Studio, site: str) -> None:
        self.served = served
        self.site = site
        self.address = f"{site}{PATH}"

    def find_link(self) -> str:
        """Return the sign-in link that `serve` printed."""
        find = re.compile(r"Sign in as its owner, once: (\S+)")
        return wait_for(
            lambda: find.search(self.served.log.read_text()), seconds=40, what="the sign-in link"
        )[1]


@pytest.fixture(scope="module")
def there() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture(scope="module", params=["passed on", "removed"])
def front(
    request: pytest.FixtureRequest, there: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    folder: Path = tmp_path_factory.mktemp("front")
    nginx, port = find_program("nginx"), free_port()
    site = f"http://127.0.0.1:{port}"
    settings = {
        "BASE_PATH": f"{PATH}/",
        "PUBLIC_URL": site,
        "OIDC_URL": there.issuer,
        "OIDC_CLIENT": f"{CLIENT}:{SECRET}",
    }
    with studio(folder / "data", **settings) as served:
        local = wait_for(
            lambda: re.search(r"listening on (\S+);", served.log.read_text()),
            seconds=40,
            what="the studio's own address",
        )[1]
        config = write_config(folder, port, local, removes_path=request.param == "removed")
        with open(folder / "nginx.log", "wb") as log:
            proxy = subprocess.Popen([nginx, "-c", config, "-p", folder], stdout=log, stderr=log)
        try:
            wait_for(lambda: answers(site), seconds=30, what="nginx")
            yield Front(served, site)
        finally:
            proxy.terminate()
            proxy.wait(timeout=20)


def write_config(folder: Path, port: int, local: str, *, removes_path: bool) -> Path:
    places = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    target = f"{local}/" if removes_path else local
    config = folder / "nginx.conf"
    config.write_text(f"""
daemon off; pid {folder}/nginx.pid; error_log stderr; user root; events {{}}
http {{
    access_log off;
    {places}
    map $http_upgrade $connection_kind {{ default upgrade; "" ""; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{ return 200 "{OTHER}"; }}
        location {PATH}/ {{ proxy_pass {target}; {FORWARD} }}
    }}
}}
""")
    return config


def answers(site: str) -> bool:
    try:
        return httpx.get(site).text == OTHER
    except httpx.TransportError:
        return False


class Visit:
    """One browser context that notes what went wrong and what it asked outside the studio's path."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.sockets: list[str] = []
        self.outside: list[str] = []
        self.wrong: list[str] = []
        self.page.on("request", self._note_request)
        self.page.on("websocket", lambda socket: self.sockets.append(urlsplit(socket.url).path))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def _note_request(self, request: Request) -> None:
        path = urlsplit(request.url).path
        if request.url.startswith("http") and not path.startswith(f"{PATH}/"):
            self.outside.append(request.url)


@pytest.fixture(scope="module")
def owner(browser: Browser, front: Front) -> Iterator[Visit]:
    """The owner's browser, signed in by the printed link."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visit = Visit(context)
    visit.page.goto(front.find_link())
    visit.page.click("main button[type=submit]")
    visit.page.wait_for_url(f"{front.address}/**")
    yield visit
    context.close()


@pytest.fixture(scope="module")
def run(owner: Visit, front: Front, mockup_png: bytes) -> str:
    """The address of a run that was started in the browser and followed to its end."""
    page = owner.page
    page.goto(f"{front.address}/")
    page.set_input_files(
        "#mockup", {"name": "mockup.png", "mimeType": "image/png", "buffer": mockup_png}
    )
    page.get_by_role("button", name="Generate").click()
    page.wait_for_url(f"{front.address}/runs/*/")
    expect(page.locator(".state")).to_have_text("finished", timeout=DONE)
    return page.url


def test_the_printed_addresses_have_the_path(front: Front) -> None:
    assert f"Likeness is at {front.address}/ (" in front.served.log.read_text()
    assert front.find_link().startswith(f"{front.address}/welcome/")
    assert run_manage(front, "signin", "ben@example.org").startswith(f"{front.address}/welcome/")


def test_a_mockup_becomes_code_that_is_followed_compared_and_exported(
    owner: Visit, run: str
) -> None:
    page = owner.page
    page.goto(run)
    expect(page.frame_locator(FRAME).locator("body")).to_contain_text("Boats for a quiet day")
    show_tab(page, "compare")
    page.click("text=Heat-map")
    expect(page.locator("img[data-view=heatmap]")).to_be_visible()
    width = page.locator("img[data-view=heatmap]").evaluate("image => image.naturalWidth")
    assert width > 0
    with zipfile.ZipFile(io.BytesIO(download_zip(page))) as archive:
        assert "index.html" in archive.namelist()
    run_id = run.rstrip("/").rpartition("/")[2]
    assert set(owner.sockets) == {
        f"{PATH}/ws/runs/{run_id}",
        f"{PATH}/ws/runs/{run_id}/together",
    }
    assert (owner.outside, owner.wrong) == ([], [])


def test_cookies_are_for_the_path_and_the_theme_is_remembered(owner: Visit, front: Front) -> None:
    page = owner.page
    page.goto(f"{front.address}/")
    page.locator("theme-switch button").click()
    theme = page.evaluate("document.documentElement.dataset.theme")
    cookies = owner.context.cookies()
    assert {cookie["path"] for cookie in cookies} == {f"{PATH}/"}
    assert {"likeness_theme", "likeness_session_tools_likeness"} <= {c["name"] for c in cookies}
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == theme


def test_every_link_and_form_of_the_pages_stays_below_the_path(
    owner: Visit, front: Front, run: str
) -> None:
    page = owner.page
    find = """[...document.querySelectorAll('[href], [action], [src]')].map(
        (element) => element.href?.baseVal ?? element.href ?? element.action ?? element.src)"""
    team = f"{front.address}/teams/1/"
    for address in (
        f"{front.address}/",
        run,
        f"{front.address}/teams/",
        team,
        f"{front.address}/account",
        f"{front.address}/library",
    ):
        page.goto(address)
        links = [link for link in page.evaluate(find) if link.startswith(front.site)]
        assert len(links) > 3
        assert [link for link in links if not link.startswith(f"{front.address}/")] == []


def test_a_share_link_opens_for_a_stranger(
    browser: Browser, owner: Visit, front: Front, run: str
) -> None:
    page = owner.page
    page.goto(f"{run}share")
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_label("Address of the link").first.input_value()
    assert link.startswith(f"{front.address}/shared/")
    context = browser.new_context()
    guest = Visit(context)
    guest.page.goto(link)
    expect(guest.page.frame_locator("iframe").first.locator("body")).to_contain_text(
        "Boats for a quiet day"
    )
    assert (guest.outside, guest.wrong) == ([], [])
    context.close()


def test_programs_find_the_api_its_description_and_mcp_there(
    owner: Visit, front: Front, mockup_png: bytes, tmp_path: Path
) -> None:
    token = create_token(owner.page, front)
    headers = {"Authorization": f"Bearer {token}"}
    description = httpx.get(f"{front.address}/api/v1/openapi.json").json()
    listed = f"{PATH}/api/v1/runs"
    assert listed in description["paths"]
    assert httpx.get(f"{front.site}{listed}", headers=headers).status_code == 200
    missing = httpx.get(f"{front.address}/api/v1/nothing", headers=headers).json()
    assert missing["detail"].endswith(f"see {PATH}/api/v1/openapi.json.")
    initialize = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    accepted = {**headers, "Accept": "application/json, text/event-stream"}
    answer = httpx.post(f"{front.address}/mcp", headers=accepted, json=initialize, timeout=60)
    assert (answer.status_code, "serverInfo" in answer.text) == (200, True)

    (tmp_path / "shot.png").write_bytes(mockup_png)
    made = run_command(
        front, token, "generate", str(tmp_path / "shot.png"), "--out", str(tmp_path / "page")
    )
    assert made.returncode == 0, made.stderr
    assert "Boats for a quiet day" in (tmp_path / "page" / "index.html").read_text()
    runs = httpx.get(f"{front.site}{listed}", headers=headers).json()["runs"]
    assert all(one["url"].startswith(f"{front.address}/runs/") for one in runs)


def create_token(page: Page, front: Front) -> str:
    page.goto(f"{front.address}/teams/1/tokens")
    page.fill("[name=name]", "a script")
    page.select_option("[name=role]", "editor")
    page.click("form:has([name=role]) button[type=submit]")
    found = re.search(r"likeness_[\w-]{20,}", page.content())
    assert found
    return found[0]


def run_command(front: Front, token: str, *words: str) -> subprocess.CompletedProcess[str]:
    settings = {"LIKENESS_SERVER": f"{front.address}/", "LIKENESS_TOKEN": token}
    return subprocess.run(
        [sys.executable, "-m", "studio.cli", *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def test_single_sign_on_comes_back_below_the_path(
    browser: Browser, there: Provider, front: Front
) -> None:
    there.person = {"sub": "7", "email": "eve@example.org", "email_verified": True}
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{front.address}/sign-in")
    page.click("text=Sign in with single sign-on")
    expect(page.get_by_role("alert")).to_contain_text("There is no account for eve@example.org;")
    assert page.url.startswith(f"{front.address}/")
    context.close()


def test_doctor_asks_the_public_address(front: Front) -> None:
    words = f"address: {front.address}/ answers, and WebSockets come through."
    assert words in run_manage(front, "doctor")


def run_manage(front: Front, *words: str) -> str:
    """Return what a command of the operator writes."""
    settings = {
        "BASE_PATH": f"{PATH}/",
        "PUBLIC_URL": front.site,
        "DATA_DIR": str(front.served.data_dir),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_an_address_without_the_path_is_served_to_this_machine(front: Front) -> None:
    """Docker's health check asks the port itself, past the proxy."""
    local = re.search(r"listening on (\S+);", front.served.log.read_text())
    assert local
    assert set(httpx.get(f"{local[1]}/health", timeout=30).json().values()) == {"ok"}
    assert httpx.get(f"{local[1]}/", timeout=30).headers["Location"].startswith(f"{PATH}/sign-in")
