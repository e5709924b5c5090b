"""Agents reach our tools over MCP: the scripted model tells them to call `compare` and `generate`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.drawing import landing_page
from tests.interop.conftest import ROOT, Record, run_client
from tests.interop.test_agents import check, new_node, program, version_of

PAGE = "<!doctype html><html lang='en'><title>H</title><h1>Boats for a quiet day</h1></html>"
COMPARE = {"mockup": "mockup.png", "page": "page.html"}
SECONDS = 170.0  # two calls of an agent and of our tools, on a busy machine


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A person's home and project: a mockup and a page."""
    landing_page().save(tmp_path / "mockup.png")
    (tmp_path / "page.html").write_text(PAGE)
    return tmp_path


def describe_server(home: Path) -> dict[str, Any]:
    """Return `likeness mcp` as agents' settings name a server."""
    browser = os.environ.get("LIKENESS_BROWSER", "")
    return {
        "command": sys.executable,
        "args": ["-m", "studio.cli", "mcp", "--root", str(home)],
        "env": {
            "PYTHONPATH": str(ROOT),
            "PATH": os.environ["PATH"],
            **({"LIKENESS_BROWSER": browser} if browser else {}),
        },
    }


GENERATE = {"mockup": "mockup.png", "rounds": 0}
# Claude Code connects to servers while the model works already, and waits for them some seconds when
# asked to; a busy machine needs more.
WAITS = ("Please [[call WaitForMcpServers {}]]",) * 2


def call(tool: str, arguments: dict[str, Any]) -> str:
    return f"Please [[call mcp__likeness__{tool} {json.dumps(arguments)}]]"


def talk(
    command: list[str], home: Path, settings: Mapping[str, str], messages: Sequence[str]
) -> str:
    """Return what Claude Code printed; it gets each message once it has answered the last."""
    usual = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "dumb", "CI": "1"}
    printed: list[str] = []
    with subprocess.Popen(
        command,
        cwd=home,
        env={**usual, **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        for words in messages:
            message = {"type": "user", "message": {"role": "user", "content": words}}
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                printed.append(line)
                if json.loads(line).get("type") == "result":
                    break
        process.stdin.close()
    return "".join(printed)


def read_results(compared: str, started: str) -> dict[str, bool]:
    run = re.search(r"Run [0-9a-f]{32} is (queued|running)", started)
    return {"compare": "likeness 0." in compared, "generate": run is not None}


def test_claude_code_calls_compare_and_generate(
    clients: Path, url: str, home: Path, record: Record
) -> None:
    claude = program(clients, "claude-code", "claude")
    (home / "mcp.json").write_text(json.dumps({"mcpServers": {"likeness": describe_server(home)}}))
    settings = {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "none"}
    tools = ["--mcp-config", str(home / "mcp.json"), "--allowedTools"]
    allowed = "WaitForMcpServers,mcp__likeness__compare,mcp__likeness__generate"
    streams = ["--input-format", "stream-json", "--output-format", "stream-json", "--verbose"]

    command = [claude, "-p", *streams, *tools, allowed]
    asked = (*WAITS, call("compare", COMPARE), call("generate", GENERATE))
    said = talk(command, home, settings, asked)
    results = read_results(said, said)
    version = version_of(clients, "claude-code", "@anthropic-ai/claude-code")
    check("Claude Code, our MCP tools", version, results, record, said)


def test_kimi_code_calls_compare_and_generate(
    clients: Path, url: str, home: Path, record: Record
) -> None:
    kimi = program(clients, "kimi-code", "kimi")
    (home / ".kimi-code").mkdir()
    (home / ".kimi-code" / "mcp.json").write_text(
        json.dumps({"mcpServers": {"likeness": describe_server(home)}})
    )
    settings = {
        "KIMI_MODEL_BASE_URL": f"{url}/v1",
        "KIMI_MODEL_API_KEY": "none",
        "KIMI_MODEL_NAME": "kimi-k2.6",
        "PATH": new_node(clients),
    }

    def ask(words: str) -> str:
        return run_client([kimi, "-p", words], home, settings, SECONDS)

    compared, started = ask(call("compare", COMPARE)), ask(call("generate", GENERATE))
    results = read_results(compared, started)
    version = version_of(clients, "kimi-code", "@moonshot-ai/kimi-code")
    check("Kimi Code, our MCP tools", version, results, record, compared + started)
