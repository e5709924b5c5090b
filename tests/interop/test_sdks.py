"""Each SDK's script, in the SDK's own environment, against the scripted model: all checks are ok."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.interop.conftest import Record

HERE = Path(__file__).parent / "sdk"
SDKS = ("openai", "anthropic", "litellm", "instructor", "pydantic_ai", "langchain", "llama_index")


def results_of(command: list[str]) -> tuple[str, dict[str, str]]:
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=58)
    assert done.stdout, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    return told["version"], told["results"]


@pytest.mark.parametrize("name", SDKS)
def test_an_sdk_with_its_defaults(name: str, clients: Path, url: str, record: Record) -> None:
    python = clients / "venv" / name / "bin" / "python"
    if not python.exists():
        pytest.skip(f"{name} could not be installed.")
    version, results = results_of([str(python), f"{name}_sdk.py", url])
    record(name.replace("_", "-"), version, results)
    assert set(results.values()) == {"ok"}, results


def test_vercels_ai_sdk_with_its_defaults(clients: Path, url: str, record: Record) -> None:
    prefix = clients / "npm" / "ai"
    if not (prefix / "node_modules" / "ai").exists():
        pytest.skip("The AI SDK could not be installed.")
    version, results = results_of(["node", "ai_sdk.mjs", url, str(prefix)])
    record("Vercel AI SDK", version, results)
    assert set(results.values()) == {"ok"}, results
