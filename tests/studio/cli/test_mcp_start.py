"""`likeness mcp` answers before the tools' libraries are loaded: agents wait seconds for a server.

Python lists each module that the process loads (`-X importtime`), so no clock is needed.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from studio.cli.local_door import LocalDoor
from studio.cli.local_options import LocalOptions
from studio.pipeline.tools.catalog import TOOLS
from studio.pipeline.tools.results import ToolError
from tests.mcp_clients import text_of
from tests.processes import ROOT

LOADED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)$", re.MULTILINE)
# What only tools need. The protocol's library brings web servers and clients of its own.
HEAVY = {
    *("PIL", "bs4", "cv2", "django", "html5lib", "httpx", "inference", "kernels", "lxml"),
    *("numba", "numpy", "onnxruntime", "playwright", "rich", "scipy", "torch"),
}
# Ours that were loaded when this was written; each takes under 5 ms.
LIGHT = 30


def list_loaded(log: Path) -> list[str]:
    return LOADED.findall(log.read_text())


def start(folder: Path, log: Path, *options: str) -> StdioServerParameters:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = f"exec {sys.executable} -X importtime -m studio.cli mcp {' '.join(options)} 2> {log}"
    return StdioServerParameters(
        command="sh", args=["-c", command], cwd=folder, env={**environment, "PYTHONPATH": str(ROOT)}
    )


async def test_nothing_heavy_is_loaded_before_the_first_call(tmp_path: Path) -> None:
    log = tmp_path / "loaded"
    (tmp_path / "page.html").write_text("<p>Boats</p>")
    async with Client(stdio_client(start(tmp_path, log))) as client:
        assert [tool.name for tool in (await client.list_tools()).tools] == [
            tool.name for tool in TOOLS
        ]
        assert (await client.list_resources()).resources == []
        assert (await client.list_resource_templates()).resource_templates
        early = list_loaded(log)
        await client.call_tool("check_quality", {"page": "page.html"})
        late = list_loaded(log)
    assert "mcp.server.lowlevel.server" in early
    assert HEAVY.isdisjoint(name.partition(".")[0] for name in early)
    assert len([name for name in early if name.startswith("studio.")]) <= LIGHT
    # The list shows what a tool brings, so it would have shown it before.
    assert {"numpy", "PIL", "inference"} <= {name.partition(".")[0] for name in late}


@pytest.mark.parametrize("tool", ["render", "generate_status"])
async def test_without_a_browser_it_starts_and_says_so(tmp_path: Path, tool: str) -> None:
    (tmp_path / "page.html").write_text("<p>Boats</p>")
    given = {"render": {"page": "page.html"}, "generate_status": {"run": "none"}}
    server = start(tmp_path, tmp_path / "loaded", "--browser", "/none/chromium")
    async with Client(stdio_client(server)) as client:
        assert (await client.list_tools()).tools
        answer = await client.call_tool(tool, given[tool])
    assert answer.is_error
    assert "/none/chromium" in text_of(answer)


async def test_a_library_that_is_not_installed_is_told_in_the_calls_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hear(words: str) -> None: ...

    monkeypatch.setitem(sys.modules, "studio.cli.local_bench", None)
    with LocalDoor(LocalOptions((tmp_path,))) as door, pytest.raises(ToolError) as error:
        await door.call("render", {"page": "page.html"}, hear)
    assert str(error.value).startswith("The tools need studio and the studio's libraries: ")
