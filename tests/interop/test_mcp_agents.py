"""Agents reach our tools over MCP, set up as docs/mcp.md tells: the scripted model has them call
`compare` and `generate`, over standard input and output and at a studio.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drawing import landing_page
from tests.e2e.asking import make_token, upload_mockup
from tests.interop.conftest import Record
from tests.interop.mcp_agents import (
    AGENTS,
    Agent,
    Desk,
    Door,
    read_documented,
    set_up,
    skip_unless_installed,
)
from tests.interop.test_agents import check, version_of
from tests.processes import Studio, studio

PAGE = "<!doctype html><html lang='en'><title>H</title><h1>Boats for a quiet day</h1></html>"
COMPARE = {"mockup": "mockup.png", "page": "page.html"}
GENERATE = {"mockup": "mockup.png", "rounds": 0}
NAMES = [agent.name for agent in AGENTS]


def read_results(compared: str, started: str) -> dict[str, bool]:
    run = re.search(r"Run [0-9a-f-]{32,36} is (queued|running)", started)
    return {"compare": "likeness 0." in compared, "generate": run is not None}


@pytest.fixture
def desk(clients: Path, url: str, tmp_path: Path) -> Desk:
    """A project with a mockup and a page."""
    desk = Desk(tmp_path / "home", clients, url)
    landing_page().save(desk.home / "mockup.png")
    (desk.home / "page.html").write_text(PAGE)
    return desk


@pytest.mark.parametrize("agent", AGENTS, ids=NAMES)
def test_an_agent_calls_our_tools_on_local_files(agent: Agent, desk: Desk, record: Record) -> None:
    skip_unless_installed(desk, agent)
    agent.prepare(desk)
    said = set_up(desk, "On local files", agent.name)
    compared = agent.ask(desk, [agent.call("compare", COMPARE)])
    started = agent.ask(desk, [agent.call("generate", GENERATE)])
    version = version_of(desk.clients, *agent.package)
    results = read_results(compared, started)
    check(f"{agent.name}, our MCP tools", version, results, record, said + compared + started)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("tools") / "data", MODEL_URL="none") as running:
        yield running


@pytest.mark.parametrize("agent", AGENTS, ids=NAMES)
def test_an_agent_calls_a_studios_tools(
    agent: Agent, desk: Desk, record: Record, mockup_png: bytes, request: pytest.FixtureRequest
) -> None:
    skip_unless_installed(desk, agent)
    served: Studio = request.getfixturevalue("served")
    token = make_token(served, "editor")
    mockup = upload_mockup(served, token, mockup_png)
    desk.settings["LIKENESS_TOKEN"] = token
    agent.prepare(desk)
    said = set_up(desk, "At a studio", agent.name, served.address)
    page = {"mockup": mockup, "files": {"index.html": PAGE.replace("'", "")}}
    compared = agent.ask(desk, [agent.call("compare", page)])
    started = agent.ask(desk, [agent.call("generate", {"mockup": mockup})])
    version = version_of(desk.clients, *agent.package)
    results = read_results(compared, started)
    check(
        f"{agent.name}, a studio's MCP tools", version, results, record, said + compared + started
    )


@pytest.mark.parametrize("door", ["On local files", "At a studio"])
def test_what_cursor_is_given_is_json(door: Door) -> None:
    place, content = read_documented(door, "Cursor")
    assert place == ".cursor/mcp.json"
    assert list(json.loads(content)["mcpServers"]) == ["likeness"]
