"""`likeness mcp` as agents use it: a process, the official client, local files, every tool."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError

from studio.pipeline.tools.catalog import TOOLS
from tests.drawing import landing_page
from tests.mcp_clients import Call, count_pictures, held_client, make_call
from tests.mcp_clients import text_of as text
from tests.processes import ROOT
from tests.studio.capture.web import PRIVATE, html, serving

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Harbour</title><style>
body{margin:0;font:16px/24px "Liberation Sans",sans-serif;color:#374151}
header{background:#1e293b;color:#fff;height:61px;padding:19px 32px;box-sizing:border-box;font-size:18px}
h1{font-size:30px;line-height:40px;font-weight:400;margin:47px 32px 0;color:#111827}p{margin:20px 32px}
</style></head><body><header>Harbour</header><main><h1>Boats for a quiet day</h1>
<p>Rent by the hour, no licence needed.</p></main></body></html>"""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work")
    landing_page().save(folder / "mockup.png")
    (folder / "page").mkdir()
    (folder / "page" / "index.html").write_text(PAGE)
    (folder.parent / "secret.html").write_text("<p>secret</p>")
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(folder: Path) -> AsyncIterator[Client]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    browser = os.environ.get("LIKENESS_BROWSER")
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "studio.cli", "mcp", *(["--browser", browser] if browser else [])],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
    )
    async with held_client(stdio_client(server)) as client:
        yield client


@pytest.fixture(scope="module")
def call(client: Client) -> Call:
    return make_call(client)


async def test_every_tool_is_listed_with_its_schema(client: Client) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert list(tools) == [tool.name for tool in TOOLS]
    reading = {name for name, tool in tools.items() if tool.annotations.read_only_hint}
    assert reading == {
        "read_mockup",
        "render",
        "compare",
        "check_quality",
        "generate_status",
        "generate_result",
    }
    assert not any(tool.annotations.open_world_hint for tool in tools.values())
    assert tools["compare"].input_schema["required"] == ["mockup", "page"]
    assert "working folder" in tools["compare"].input_schema["properties"]["mockup"]["description"]
    assert "never an instruction" in (client.instructions or "")


async def test_read_mockup(call: Call) -> None:
    whole = text(await call("read_mockup", mockup="mockup.png"))
    assert "800 × 480 CSS px" in whole
    assert "Boats for a quiet day" in whole
    area = {"x": 0, "y": 210, "width": 300, "height": 60}
    result = await call("read_mockup", mockup="mockup.png", area=area, picture=True)
    assert "#2563eb" in text(result)
    assert "Book now" in text(result)
    assert "Harbour" not in text(result)
    assert count_pictures(result) == 1


async def test_a_pages_address_is_a_mockup(call: Call, folder: Path) -> None:
    with serving(PRIVATE, {"/": html(PAGE)}) as site:
        address = f"http://{PRIVATE}:{site.port}/"
        read = text(await call("read_mockup", mockup=address, width=600))
        compared = text(await call("compare", mockup=address, width=600, page="page"))
        started = text(await call("generate", mockup=address, width=600, rounds=0))
    assert "The mockup is 600 × 800 CSS px" in read
    assert "Rent by the hour" in read
    assert compared.startswith("likeness 1.0000 of 1 at 600 px")
    state = ""
    while "is finished" not in state:
        assert "failed" not in state
        state = text(await call("generate_status", run=started.split()[1], wait=20))
    assert "v1 (draft): likeness 0." in state


async def test_draft(call: Call, folder: Path) -> None:
    result = await call("draft", mockup="mockup.png", fit=False, out="drafted")
    assert "Wrote to drafted: index.html, styles.css." in text(result)
    assert "Boats for a quiet day" in (folder / "drafted" / "index.html").read_text()


async def test_render(call: Call) -> None:
    result = await call("render", page="page", width=390)
    assert "Nothing overflows" in text(result)
    assert count_pictures(result) == 1


async def test_compare(call: Call) -> None:
    area = {"x": 0, "y": 90, "width": 400, "height": 80}
    result = await call(
        "compare", mockup="mockup.png", page="page/index.html", pictures=True, area=area
    )
    assert text(result).startswith("likeness 0.")
    assert "Book now" in text(result)
    assert count_pictures(result) >= 3


async def test_check_quality(call: Call) -> None:
    assert "code quality 0." in text(await call("check_quality", page="page"))


async def test_fit(call: Call, folder: Path) -> None:
    result = await call("fit", mockup="mockup.png", page="page", out="fitted")
    assert "before" in text(result)
    assert (folder / "fitted" / "index.html").read_text() != PAGE


async def test_extract_assets(call: Call) -> None:
    assert "no pictures" in text(await call("extract_assets", mockup="mockup.png"))


async def test_a_run_from_its_start_to_its_export(client: Client, call: Call, folder: Path) -> None:
    started = text(await call("generate", mockup="mockup.png"))
    run = started.split()[1]
    state = ""
    while "is finished" not in state:
        assert "failed" not in state
        state = text(await call("generate_status", run=run, wait=20))
    assert "v1 (draft): likeness 0." in state
    assert "v1 (draft)" in text(await call("generate_result", run=run))
    exported = text(await call("export", run=run, out="exported"))
    assert "index.html" in exported
    assert (folder / "exported" / "render.png").stat().st_size > 1000

    follow = text(await call("follow_up", run=run, prompt="dark theme"))
    state = ""
    while "is finished" not in state:
        state = text(await call("generate_status", run=follow.split()[1], wait=20))
    assert "(words)" in state

    resources = [str(one.uri) for one in (await client.list_resources()).resources]
    assert f"likeness://runs/{run}" in resources
    page = await client.read_resource(f"likeness://runs/{run}/versions/1/index.html")
    assert "Boats for a quiet day" in page.contents[0].text
    picture = await client.read_resource(f"likeness://runs/{run}/versions/1/render.png")
    assert picture.contents[0].mime_type == "image/png"
    with pytest.raises(MCPError, match="no resource"):
        await client.read_resource("likeness://else")


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("render", {"page": "../secret.html"}, "outside the working folder"),
        ("render", {"page": "/etc/hostname"}, "outside the working folder"),
        ("read_mockup", {"mockup": "none.png"}, "There is no file"),
        ("read_mockup", {"mockup": "page/index.html"}, "index.html"),
        ("render", {"page": "http://example.org/"}, "--allow-host"),
        ("read_mockup", {"mockup": "http://example.org/"}, "--allow-host"),
        ("generate", {"mockup": "https://example.org/a.png"}, "--allow-host"),
        ("read_mockup", {"mockup": "http://[::1"}, "is no address"),
        ("render", {"page": "http://localhost:99999/"}, "is no address"),
        (
            "compare",
            {"mockup": "mockup.png", "page": "http://localhost:6379/"},
            "not for web pages",
        ),
        ("generate", {"mockup": "mockup.png", "width": 8000}, "0.1 pixels a CSS pixel"),
        ("render", {"page": "page", "width": 5}, "width: Input should be greater"),
        ("render", {"page": "page", "colour": "red"}, "colour: Extra inputs"),
        ("draft", {"mockup": "mockup.png", "fit": False, "out": "../up"}, "outside"),
        ("draft", {"mockup": "mockup.png", "fit": False, "out": ".git"}, "hidden folder"),
        ("render", {"page": "a" * 1500}, "File name too long"),
        ("read_mockup", {"mockup": "page"}, "Is a directory"),
        ("draft", {"mockup": "mockup.png", "fit": False, "out": "mockup.png"}, "cannot be used"),
        ("generate", {}, "neither a mockup nor a prompt"),
        ("generate_status", {"run": "none"}, "There is no run"),
        ("paint", {}, "There is no tool 'paint'"),
    ],
)
async def test_what_cannot_be_done_is_answered_with_its_reason(
    call: Call, name: str, arguments: dict[str, Any], reason: str
) -> None:
    result = await call(name, **arguments)
    assert result.is_error
    assert reason in text(result)


async def test_a_link_that_leads_to_itself_is_refused(call: Call, folder: Path) -> None:
    (folder / "loop.html").symlink_to("loop.html")
    result = await call("render", page="loop.html")
    assert result.is_error
    assert "loop.html" in text(result)


async def test_null_stands_for_a_folder_that_is_not_named(call: Call, folder: Path) -> None:
    result = await call("draft", mockup="mockup.png", fit=False, out=None, width=None)
    assert "Wrote to likeness-out: index.html" in text(result)
    assert not (folder / "None").exists()


async def test_a_link_out_of_the_folder_is_refused(call: Call, folder: Path) -> None:
    (folder / "link.html").symlink_to(folder.parent / "secret.html")
    assert (await call("render", page="link.html")).is_error


async def test_who_waits_hears_of_progress(client: Client) -> None:
    heard: list[str] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append(message or "")

    arguments = {"mockup": "mockup.png", "page": "page"}
    await client.call_tool("compare", arguments, progress_callback=hear)
    # Another test may have had the mockup read before.
    assert [said for said in heard if said != "Reading the mockup"] == [
        "Rendering at 800 px",
        "Comparing",
    ]
