"""A studio's tools over HTTP: a real studio and worker, the official client, a team's token."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import httpx2
import pytest
import pytest_asyncio
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from studio.pipeline.tools.catalog import TOOLS
from tests.e2e.asking import make_token, upload_mockup
from tests.mcp_clients import Call, count_pictures, held_client, make_call, text_of
from tests.processes import Studio, studio

PAGE = """<!doctype html><html lang="en"><head><title>Harbour</title></head>
<body><h1>Boats for a quiet day</h1></body></html>"""
SHEET = "h1 { color: #111827 }"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("tools") / "data"
    with studio(folder, MODEL_URL="none") as running:
        yield running


@pytest.fixture(scope="module")
def token(served: Studio) -> str:
    return make_token(served, "editor")


@pytest.fixture(scope="module")
def mockup(served: Studio, token: str, mockup_png: bytes) -> str:
    """The id of an uploaded mockup."""
    return upload_mockup(served, token, mockup_png)


def connect(served: Studio, token: str) -> Any:
    http = httpx2.AsyncClient(
        headers={"Authorization": f"Bearer {token}"}, timeout=httpx2.Timeout(300.0)
    )
    return streamable_http_client(f"{served.address}/mcp", http_client=http)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(served: Studio, token: str) -> AsyncIterator[Client]:
    async with held_client(connect(served, token)) as client:
        yield client


@pytest.fixture(scope="module")
def call(client: Client) -> Call:
    return make_call(client)


async def test_every_tool_is_listed(client: Client) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert list(tools) == [tool.name for tool in TOOLS]
    schema = tools["compare"].input_schema
    assert schema["required"] == ["mockup"]
    assert "files" in schema["properties"]
    assert "out" not in tools["draft"].input_schema["properties"]


async def test_read_mockup(call: Call, mockup: str) -> None:
    result = await call("read_mockup", mockup=mockup, picture=True)
    assert "Boats for a quiet day" in text_of(result)
    assert count_pictures(result) == 1


async def test_draft_returns_its_code(call: Call, mockup: str) -> None:
    code = text_of(await call("draft", mockup=mockup, fit=False))
    assert "```index.html" in code
    assert "```styles.css" in code


async def test_compare_files(call: Call, mockup: str) -> None:
    files = {"index.html": PAGE, "styles.css": SHEET}
    result = await call("compare", mockup=mockup, files=files, pictures=True)
    assert text_of(result).startswith("likeness 0.")
    assert count_pictures(result) >= 2


async def test_render_check_quality_fit_and_assets(call: Call, mockup: str) -> None:
    files = {"index.html": PAGE}
    assert count_pictures(await call("render", files=files, width=390)) == 1
    assert "code quality 0." in text_of(await call("check_quality", files=files))
    assert "likeness 0." in text_of(await call("fit", files=files, mockup=mockup))
    assert "no pictures" in text_of(await call("extract_assets", mockup=mockup))


async def test_a_run_from_its_start_to_its_export(client: Client, call: Call, mockup: str) -> None:
    run = text_of(await call("generate", mockup=mockup)).split()[1]
    state = ""
    while "is finished" not in state:
        assert "failed" not in state
        state = text_of(await call("generate_status", run=run, wait=20))
    assert "v1 (draft): likeness 0." in state
    assert "```index.html" in text_of(await call("generate_result", run=run))
    exported = await call("export", run=run)
    assert "index.html" in text_of(exported)
    assert count_pictures(exported) >= 1
    assert text_of(await call("compare", mockup=run, page=f"{run}/1")).startswith("likeness 0.")
    follow = text_of(await call("follow_up", run=run, prompt="dark theme")).split()[1]
    assert follow != run
    resources = [str(one.uri) for one in (await client.list_resources()).resources]
    assert f"likeness://runs/{run}/versions/1/index.html" in resources
    page = await client.read_resource(f"likeness://runs/{run}/versions/1/index.html")
    assert "Boats for a quiet day" in page.contents[0].text


async def test_who_waits_hears_of_progress(client: Client, mockup: str) -> None:
    heard: list[str] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append(message or "")

    arguments = {"mockup": mockup, "files": {"index.html": PAGE}}
    await client.call_tool("compare", arguments, progress_callback=hear)
    assert heard


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("read_mockup", {"mockup": "0" * 64}, "There is no such upload"),
        ("render", {"page": "00000000-0000-0000-0000-000000000000/1"}, "There is no such run"),
        ("render", {"page": "../etc/passwd"}, "names no version"),
        ("render", {"files": {"../index.html": "x"}}, "not allowed"),
        ("render", {"files": {"a.css": "x"}}, "no index.html"),
        ("render", {}, "page: Field required"),
        ("generate_status", {"run": "none"}, "no id"),
    ],
)
async def test_what_cannot_be_done_is_answered_with_its_reason(
    call: Call, name: str, arguments: dict[str, Any], reason: str
) -> None:
    result = await call(name, **arguments)
    assert result.is_error
    assert reason in text_of(result)


async def test_a_viewers_token_may_measure_and_not_start(served: Studio, mockup: str) -> None:
    async with held_client(connect(served, make_token(served, "viewer"))) as viewer:
        read = await viewer.call_tool("read_mockup", {"mockup": mockup})
        assert not read.is_error
        started = await viewer.call_tool("generate", {"mockup": mockup})
        assert started.is_error
        assert "requires the role editor" in text_of(started)


async def test_post_compare_measures_a_page(served: Studio, token: str, mockup: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    asked = {"mockup": mockup, "files": {"index.html": PAGE}, "pictures": True}
    with httpx.Client(base_url=f"{served.address}/api/v1/", headers=headers) as http:
        started = http.post("compare", json=asked)
        assert started.status_code == 202
        outcome = started.json()
        while outcome["state"] == "waiting":
            outcome = http.get(f"compare/{outcome['id']}").json()
    assert outcome["state"] == "finished"
    assert 0 < outcome["likeness"] < 1
    assert outcome["differences"]
    assert outcome["pictures"]
