"""Agents that are given our tools by the lines of docs/mcp.md, and asked to call one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.interop.conftest import ROOT, run_client

PAGE = ROOT / "docs" / "mcp.md"
Door = Literal["On local files", "At a studio"]
STUDIO = "https://studio.example"  # as the page names it
SECONDS = 170.0  # two calls of an agent and of our tools, on a busy machine
CODEX_SERVER = "mcp_servers.likeness"
OPENCLAW_TRIES = 3  # on a busy machine
PROGRAMS = ("claude-code", "codex", "kimi-code", "opencode", "openclaw")
# Claude Code connects to servers while the model works already, and waits for them some seconds when
# asked to; a busy machine needs more.
WAITS = ("Please [[call WaitForMcpServers {}]]",) * 2


@dataclass
class Desk:
    """An agent's home, which is also its project, and the environment that it starts in."""

    home: Path
    clients: Path
    url: str  # of the scripted model
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        programs = self.home / "bin"
        programs.mkdir(parents=True)
        put_likeness(programs / "likeness")
        folders = [self.clients / "npm" / name / "node_modules" / ".bin" for name in PROGRAMS]
        folders = [self.clients / "npm" / "node" / "node_modules" / ".bin", *folders]
        path = [str(programs), *map(str, folders), os.environ["PATH"]]
        usual = {"HOME": str(self.home), "TERM": "dumb", "CI": "1", "PATH": os.pathsep.join(path)}
        self.settings = {**usual, **self.settings}

    def has(self, program: str) -> bool:
        return shutil.which(program, path=self.settings["PATH"]) is not None

    def run(self, *command: str) -> str:
        return run_client([*command], self.home, self.settings, SECONDS)


def put_likeness(path: Path) -> None:
    """Provide the command `likeness` of this checkout: the installed one, as the page tells.

    Where the environment belongs to another checkout (a worktree's), a script that names this one.
    """
    installed = Path(sys.executable).with_name("likeness")
    if is_installed():
        path.symlink_to(installed)
        return
    browser = os.environ.get("LIKENESS_BROWSER", "")
    lines = ["#!/bin/sh", f"export PYTHONPATH='{ROOT}'"]
    lines += [f"export LIKENESS_BROWSER='{browser}'"] if browser else []
    lines += [f"exec '{sys.executable}' -m studio.cli \"$@\"", ""]
    path.write_text("\n".join(lines))
    path.chmod(0o755)


def is_installed() -> bool:
    """Return True when this environment's packages are those of this checkout."""
    code = "import studio; print(*studio.__path__)"
    told = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd="/", capture_output=True, text=True, check=False
    )
    return told.stdout.strip() == str(ROOT / "studio")


def read_documented(door: Door, agent: str) -> list[str]:
    """Return what the page tells to do: a command, or a file's path and its content."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {door}\n")[1].split("\n## ")[0]
    (row,) = (line for line in section.splitlines() if line.startswith(f"| {agent} |"))
    return re.findall(r"`([^`]+)`", row)


def set_up(desk: Desk, door: Door, agent: str, studio: str = STUDIO) -> str:
    """Do what the page tells, and return what was printed."""
    told = [part.replace(STUDIO, studio) for part in read_documented(door, agent)]
    if len(told) == 1:
        return desk.run("sh", "-c", told[0])
    place, content = told
    path = desk.home / place.removeprefix("~/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return ""


class Agent:
    """How one agent is asked. `name`: as the page and the table of clients call it."""

    name: str
    program: str
    package: tuple[str, str]  # the folder of `make interop`, and the package in it

    def prepare(self, desk: Desk) -> None:
        """Tell the agent where the model is, as far as a file is needed."""

    def call(self, tool: str, arguments: Mapping[str, Any]) -> str:
        """Return a message on which the scripted model calls one of our tools."""
        raise NotImplementedError

    def ask(self, desk: Desk, messages: Sequence[str]) -> str:
        """Return what the agent printed."""
        raise NotImplementedError


class ClaudeCode(Agent):
    name, program = "Claude Code", "claude"
    package = ("claude-code", "@anthropic-ai/claude-code")

    def call(self, tool: str, arguments: Mapping[str, Any]) -> str:
        return f"Please [[call mcp__likeness__{tool} {json.dumps(arguments)}]]"

    def ask(self, desk: Desk, messages: Sequence[str]) -> str:
        settings = {"ANTHROPIC_BASE_URL": desk.url, "ANTHROPIC_API_KEY": "none"}
        streams = ["--input-format", "stream-json", "--output-format", "stream-json", "--verbose"]
        allowed = ["--allowedTools", "WaitForMcpServers,mcp__likeness"]
        command = [self.program, "-p", *streams, *allowed]
        return talk(command, desk.home, {**desk.settings, **settings}, (*WAITS, *messages))


class Codex(Agent):
    name, program = "Codex", "codex"
    package = ("codex", "@openai/codex")

    def call(self, tool: str, arguments: Mapping[str, Any]) -> str:
        script = f"text(JSON.stringify(await tools.mcp__likeness__{tool}({json.dumps(arguments)})))"
        return f"Please [[call exec {json.dumps({'input': script})}]]"

    def ask(self, desk: Desk, messages: Sequence[str]) -> str:
        desk.settings |= {"OPENAI_API_KEY": "none", "CODEX_API_KEY": "none"}
        usual = ["exec", "--skip-git-repo-check", "--json"]
        address = ["-c", f'openai_base_url="{desk.url}/v1"']
        # Else it asks the model before it is connected to servers.
        waits = ["-c", f"{CODEX_SERVER}.required=true"]
        waits += ["-c", f"{CODEX_SERVER}.startup_timeout_sec={SECONDS}"]
        command = [self.program, *usual, *address, *waits]
        return "".join(desk.run(*command, words) for words in messages)


class KimiCode(Agent):
    name, program = "Kimi Code", "kimi"
    package = ("kimi-code", "@moonshot-ai/kimi-code")

    def call(self, tool: str, arguments: Mapping[str, Any]) -> str:
        return f"Please [[call mcp__likeness__{tool} {json.dumps(arguments)}]]"

    def ask(self, desk: Desk, messages: Sequence[str]) -> str:
        desk.settings |= {
            "KIMI_MODEL_BASE_URL": f"{desk.url}/v1",
            "KIMI_MODEL_API_KEY": "none",
            "KIMI_MODEL_NAME": "kimi-k2.6",
        }
        return "".join(desk.run(self.program, "-p", words) for words in messages)


class OpenCode(Agent):
    name, program = "opencode", "opencode"
    package = ("opencode", "opencode-ai")

    def prepare(self, desk: Desk) -> None:
        options = {"baseURL": f"{desk.url}/v1", "apiKey": "none"}
        provider: dict[str, Any] = {"npm": "@ai-sdk/openai-compatible", "name": "Likeness"}
        provider |= {"options": options, "models": {"scripted": {"name": "scripted"}}}
        config = {"provider": {"likeness": provider}, "model": "likeness/scripted"}
        (desk.home / "opencode.json").write_text(json.dumps(config))

    def call(self, tool: str, arguments: Mapping[str, Any]) -> str:
        return f"Please [[call likeness_{tool} {json.dumps(arguments)}]]"

    def ask(self, desk: Desk, messages: Sequence[str]) -> str:
        return "".join(desk.run(self.program, "run", words) for words in messages)


class OpenClaw(Agent):
    name, program = "OpenClaw", "openclaw"
    package = ("openclaw", "openclaw")

    def prepare(self, desk: Desk) -> None:
        skipped = ("daemon", "health", "channels", "skills", "search", "hooks", "ui")
        address = ["--custom-base-url", f"{desk.url}/v1", "--custom-api-key", "none"]
        model = ["--auth-choice", "custom-api-key", "--custom-model-id", "scripted"]
        usual = ["--non-interactive", "--accept-risk", *(f"--skip-{name}" for name in skipped)]
        desk.run(self.program, "onboard", *usual, *model, *address)

    def call(self, tool: str, arguments: Mapping[str, Any]) -> str:
        # It shows its model few tools; the others are called through one.
        call = {"id": f"likeness__{tool}", "args": dict(arguments)}
        return f"Please [[call tool_call {json.dumps(call)}]]"

    def ask(self, desk: Desk, messages: Sequence[str]) -> str:
        return "".join(self._ask_once_connected(desk, words) for words in messages)

    def _ask_once_connected(self, desk: Desk, words: str) -> str:
        """Ask again where it gave up on a server: it waits 1.5 seconds for the list of its tools."""
        said = ""
        for _ in range(OPENCLAW_TRIES):
            session = uuid.uuid4().hex
            said = desk.run(self.program, "agent", "--local", "--session-id", session, "-m", words)
            if "Unknown tool id" not in said:
                break
        return said


AGENTS: tuple[Agent, ...] = (ClaudeCode(), Codex(), KimiCode(), OpenCode(), OpenClaw())


def skip_unless_installed(desk: Desk, agent: Agent) -> None:
    if not desk.has(agent.program):
        pytest.skip(f"{agent.name} could not be installed.")


def talk(
    command: list[str], home: Path, settings: Mapping[str, str], messages: Sequence[str]
) -> str:
    """Return what Claude Code printed; it gets each message once it has answered the last."""
    printed: list[str] = []
    with subprocess.Popen(
        command,
        cwd=home,
        env=dict(settings),
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
