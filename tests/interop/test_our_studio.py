"""Our own client is one of those that are tried: a run with its defaults against our server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from studio.mcp.server import find_version
from tests.interop.conftest import Record
from tests.processes import ROOT

PAGE = "<!doctype html><html lang='en'><title>Sign up</title><h1>Create your account</h1></html>"
ANSWER = f"[[say ```html index.html\n{PAGE}\n```]]"
SECONDS = 300.0  # a run of a draft and an answer, on a busy machine


def test_a_run_with_its_defaults(clients: Path, url: str, record: Record, tmp_path: Path) -> None:
    words = [
        "generate",
        "static/samples/sign-up.png",
        "--rounds",
        "1",
        "--prompt",
        ANSWER,
        "--json",
    ]
    done = subprocess.run(
        [
            *(sys.executable, "manage.py", *words),
            *("--model-url", f"{url}/v1", "--out", str(tmp_path / "out")),
        ],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout)
    written = [one for one in report["attempts"] if one["source"] == "model"]
    is_written = bool(written) and written[0]["likeness"] > 0
    record("Likeness", find_version(), {"stream": "ok" if is_written else "failed"})
    assert is_written, report
