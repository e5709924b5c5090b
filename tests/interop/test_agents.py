"""Agents with an address and a key and nothing else: they answer, call a tool, see a picture."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from tests.interop.conftest import Record, run_client

SAY = "Hello there [[say I am well.]]"
READ = "cat note.txt"
SECRET = "the secret word is heron"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A person's home, which is also the project: a note and a picture."""
    (tmp_path / "note.txt").write_text(SECRET + "\n")
    Image.new("RGB", (56, 56), "teal").save(tmp_path / "picture.png")
    return tmp_path


def program(clients: Path, package: str, name: str) -> str:
    path = clients / "npm" / package / "node_modules" / ".bin" / name
    if not path.exists():
        pytest.skip(f"{package} could not be installed.")
    return str(path)


def version_of(clients: Path, package: str, folder: str) -> str:
    path = clients / "npm" / package / "node_modules" / folder / "package.json"
    return str(json.loads(path.read_text())["version"])


def new_node(clients: Path) -> str:
    """Return a PATH on which a newer Node comes first."""
    return f"{clients}/npm/node/node_modules/.bin:{os.environ['PATH']}"


def call(tool: str, arguments: Mapping[str, str]) -> str:
    return f"Read it [[call {tool} {json.dumps(arguments)}]]"


def test_claude_code(clients: Path, url: str, home: Path, record: Record) -> None:
    claude = program(clients, "claude-code", "claude")
    settings = {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "none"}

    def ask(*words: str) -> str:
        events = ["--output-format", "stream-json", "--verbose", "--include-partial-messages"]
        return run_client([claude, "-p", *words, *events], home, settings)

    said = ask(SAY)
    shell = ask(call("Bash", {"command": READ, "description": "Read"}), "--allowedTools", "Bash")
    seen = ask(call("Read", {"file_path": str(home / "picture.png")}), "--allowedTools", "Read")
    results = {
        "stream": "I am well." in said and "text_delta" in said,
        "thinking": "thinking_delta" in said,
        "long prompt": '"input_tokens":' in said,
        "tools": f"The tool said: {SECRET}" in shell,
        "picture": "4 tokens of a picture" in seen,
    }
    version = version_of(clients, "claude-code", "@anthropic-ai/claude-code")
    check("Claude Code", version, results, record, said + shell + seen)


def test_codex(clients: Path, url: str, home: Path, record: Record) -> None:
    codex = program(clients, "codex", "codex")
    settings = {"OPENAI_API_KEY": "none", "CODEX_API_KEY": "none"}
    address = ["-c", f'openai_base_url="{url}/v1"']

    def ask(*words: str) -> str:
        usual = ["exec", "--skip-git-repo-check", "--json", *address]
        return run_client([codex, *usual, *words], home, settings)

    script = 'const r = await tools.exec_command({cmd: "cat note.txt"}); text(r.output)'
    said = ask(SAY)
    shell = ask(call("exec", {"input": script}))
    seen = ask("What is it?", "-i", "picture.png")
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    schema |= {"required": ["a"], "additionalProperties": False}
    (home / "schema.json").write_text(json.dumps(schema))
    formed = ask('Tell [[say {"a": 36}]]', "--output-schema", "schema.json")
    results = {
        "stream": '"text":"I am well."' in said,
        "thinking": '"reasoning_output_tokens":13' in said,
        "long prompt": "turn.completed" in said,
        "tools": SECRET in shell and "The tool said" in shell,
        "picture": "4 tokens of pictures" in seen,
        "structured output": r"{\"a\": 36}" in formed,
    }
    version = version_of(clients, "codex", "@openai/codex")
    check("Codex", version, results, record, said + shell + seen + formed)


def test_kimi_code(clients: Path, url: str, home: Path, record: Record) -> None:
    kimi = program(clients, "kimi-code", "kimi")
    settings = {
        "KIMI_MODEL_BASE_URL": f"{url}/v1",
        "KIMI_MODEL_API_KEY": "none",
        "KIMI_MODEL_NAME": "kimi-k2.6",
        "PATH": new_node(clients),
    }

    def ask(words: str) -> str:
        return run_client([kimi, "-p", words], home, settings)

    said = ask(SAY)
    shell = ask(call("Bash", {"command": READ}))
    seen = ask(call("ReadMediaFile", {"path": str(home / "picture.png")}))
    results = {
        "stream": "I am well." in said,
        "thinking": "I read the message." in said,
        "tools": SECRET in shell and "The tool said" in shell,
        "picture": "4 tokens of a picture" in seen,
    }
    version = version_of(clients, "kimi-code", "@moonshot-ai/kimi-code")
    check("Kimi Code", version, results, record, said + shell + seen)


def test_kimi_cli(clients: Path, url: str, home: Path, record: Record) -> None:
    folder = clients / "venv" / "kimi-cli"
    if not folder.exists():
        pytest.skip("kimi-cli could not be installed.")
    kimi = str(folder / "bin" / "kimi")
    settings = {
        "KIMI_BASE_URL": f"{url}/v1",
        "KIMI_API_KEY": "none",
        "KIMI_MODEL_NAME": "kimi-k2.6",
        "KIMI_MODEL_MAX_CONTEXT_SIZE": "200000",
    }

    def ask(words: str) -> str:
        return run_client([kimi, "--print", "--yolo", "-p", words], home, settings)

    said, shell = ask(SAY), ask(call("Shell", {"command": READ}))
    results = {
        "stream": "I am well." in said,
        "tools": SECRET in shell and "The tool said" in shell,
    }
    version = run_client([kimi, "--version"], home, {}).split()[-1]
    check("kimi-cli", version, results, record, said + shell)


def test_opencode(clients: Path, url: str, home: Path, record: Record) -> None:
    opencode = program(clients, "opencode", "opencode")
    options = {"baseURL": f"{url}/v1", "apiKey": "none"}
    provider = {"npm": "@ai-sdk/openai-compatible", "name": "Likeness", "options": options}
    provider["models"] = {"scripted": {"name": "scripted"}}
    config = {"provider": {"likeness": provider}, "model": "likeness/scripted"}
    (home / "opencode.json").write_text(json.dumps(config))

    def ask(words: str) -> str:
        return run_client([opencode, "run", words], home, {})

    said = ask(SAY)
    shell = ask(call("bash", {"command": READ, "description": "Read"}))
    results = {"stream": "I am well." in said, "tools": f"The tool said: {SECRET}" in shell}
    version = version_of(clients, "opencode", "opencode-ai")
    check("opencode", version, results, record, said + shell)


def test_openclaw(clients: Path, url: str, home: Path, record: Record) -> None:
    openclaw = program(clients, "openclaw", "openclaw")
    settings = {"PATH": new_node(clients)}
    # It takes half a minute to begin on a busy machine.
    seconds = 120
    skipped = ("daemon", "health", "channels", "skills", "search", "hooks", "ui")
    address = ["--custom-base-url", f"{url}/v1", "--custom-api-key", "none"]
    model = ["--auth-choice", "custom-api-key", "--custom-model-id", "scripted"]
    usual = ["--non-interactive", "--accept-risk", *(f"--skip-{name}" for name in skipped)]
    run_client([openclaw, "onboard", *usual, *model, *address], home, settings, seconds)

    def ask(session: str, words: str) -> str:
        asked = ["agent", "--local", "--session-id", session, "-m", words]
        return run_client([openclaw, *asked], home, settings, seconds)

    said = ask("one", SAY)
    shell = ask("two", call("exec", {"command": f"cat {home}/note.txt"}))
    results = {"stream": "I am well." in said, "tools": f"The tool said: {SECRET}" in shell}
    check("OpenClaw", version_of(clients, "openclaw", "openclaw"), results, record, said + shell)


def test_aider(clients: Path, url: str, home: Path, record: Record) -> None:
    aider = clients / "venv" / "aider" / "bin" / "aider"
    if not aider.exists():
        pytest.skip("aider could not be installed.")
    quiet = ["--no-check-update", "--analytics-disable", "--yes-always", "--no-git"]
    settings = {"OPENAI_API_BASE": f"{url}/v1", "OPENAI_API_KEY": "none"}
    asked = [str(aider), "--model", "openai/scripted", *quiet, "--message", SAY]
    said = run_client(asked, home, settings)
    results = {"stream": "I am well." in said, "thinking": "I read the message." in said}
    version = run_client([str(aider), "--version"], home, {}).split()[-1]
    check("aider", version, results, record, said)


def check(
    client: str, version: str, results: Mapping[str, bool], record: Record, said: str
) -> None:
    """Note what was seen, and fail with what the client printed where something is missing."""
    record(client, version, {name: "ok" if ok else "failed" for name, ok in results.items()})
    assert all(results.values()), f"{results}\n{said[-6000:]}"
