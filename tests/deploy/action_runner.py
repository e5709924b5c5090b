"""The GitHub action as a runner carries it out: its steps from action.yml, in order, with what a
runner gives them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from tests.drawing import landing_page
from tests.processes import ROOT

ACTION = Path(".github") / "actions" / "compare"
EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")
SECONDS = 120.0  # for one step
CONFIG = """min = 0.8
[[page]]
name = "landing"
mockup = "mockup.png"
url = "{url}/page.html"
width = 800
"""
GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Harbour</title>
<link rel="stylesheet" href="/look.css"></head><body>
<header>Harbour</header><h1>Boats for a quiet day</h1><p>Rent by the hour, no licence needed.</p>
<a>Book now</a></body></html>"""
LOOK = """body{margin:0;font:16px/18px "Liberation Sans",sans-serif;color:#374151}
header{background:#1e293b;color:#fff;height:61px;padding:20px 32px;box-sizing:border-box;font-size:18px}
h1{position:absolute;left:32px;top:110px;margin:0;font:400 34px/39px "Liberation Sans";color:#111827}
p{position:absolute;left:32px;top:172px;margin:0}
a{position:absolute;left:32px;top:220px;width:141px;height:45px;border-radius:8px;background:#2563eb;color:#fff;
padding:12px 34px;box-sizing:border-box}"""


class GitHub:
    """What of GitHub's API the action uses: comments of one pull request."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = [{"id": 1, "body": "Looks nice"}]
        github = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(github.comments)

            def do_POST(self) -> None:
                github.comments.append({"id": len(github.comments) + 1, **self.read()})
                self.answer(github.comments[-1], 201)

            def do_PATCH(self) -> None:
                number = int(self.path.rpartition("/")[2])
                github.comments[number - 1] |= self.read()
                self.answer(github.comments[number - 1])

            def read(self) -> dict[str, Any]:
                assert self.headers["Authorization"] == "Bearer a-token"
                body: dict[str, Any] = json.loads(
                    self.rfile.read(int(self.headers["Content-Length"]))
                )
                return body

            def answer(self, value: Any, status: int = 200) -> None:
                data = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *words: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@contextmanager
def serving_github() -> Iterator[GitHub]:
    served = GitHub()
    try:
        yield served
    finally:
        served.server.shutdown()
        served.server.server_close()


@contextmanager
def serving_site(folder: Path) -> Iterator[str]:
    """Write a page like the mockup into the folder and yield a development server's address."""
    folder.mkdir()
    (folder / "page.html").write_text(GOOD)
    (folder / "look.css").write_text(LOOK)

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(folder))

        def log_message(self, *words: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def break_site(folder: Path) -> None:
    """Change the page so that it no longer looks like the mockup."""
    changed = LOOK.replace("#1e293b", "#e11d48").replace("top:110px", "top:320px")
    (folder / "look.css").write_text(changed)


def make_checkout(folder: Path, url: str) -> Path:
    """Return a repository with a mockup and a likeness.toml, and an origin to push to."""
    origin, checkout = folder / "origin.git", folder / "checkout"
    git(folder, "init", "--quiet", "--bare", str(origin))
    git(folder, "init", "--quiet", str(checkout))
    git(checkout, "remote", "add", "origin", str(origin))
    landing_page().save(checkout / "mockup.png")
    (checkout / "likeness.toml").write_text(CONFIG.format(url=url))
    return checkout


def git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


@dataclass
class Runner:
    """A runner with one checkout. `source`: where the action and all beside it lie.

    `python`: what actions/setup-python gives; `seconds`: the most of one step.
    """

    checkout: Path
    github: GitHub
    python: str
    source: Path = ROOT
    seconds: float = SECONDS
    settings: Mapping[str, str] = field(default_factory=dict)  # besides a runner's own

    @property
    def folder(self) -> Path:
        return self.checkout.parent / "runner"

    def read_action(self) -> dict[str, Any]:
        action: dict[str, Any] = yaml.safe_load((self.source / ACTION / "action.yml").read_text())
        return action

    def run_step(
        self, step: Mapping[str, Any], run: str, **inputs: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one step. `inputs`: with `_` for `-`; others have their default."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "event.json").write_text('{"pull_request": {"number": 7}}')
        values = self._collect_values(inputs)
        given = {
            name: EXPRESSION.sub(lambda found: values[found[1]], text)
            for name, text in step.get("env", {}).items()
        }
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "LIKENESS_BROWSER": os.environ.get("LIKENESS_BROWSER", ""),
            "RUNNER_TEMP": str(self.folder),
            "GITHUB_ACTION_PATH": str(self.source / ACTION),
            "GITHUB_RUN_ID": run,
            "GITHUB_REPOSITORY": "ada/boats",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_API_URL": self.github.url,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            **given,
            **self.settings,
        }
        return subprocess.run(
            [step["shell"], "-e", "-c", step["run"]],
            cwd=self.checkout,
            env=environment,
            capture_output=True,
            text=True,
            timeout=self.seconds,
        )

    def _collect_values(self, inputs: Mapping[str, str]) -> dict[str, str]:
        """Return what the expressions of action.yml mean."""
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        known = self.read_action()["inputs"]
        assert given.keys() <= known.keys()
        defaults = {name: told["default"] for name, told in known.items()}
        values = {f"inputs.{name}": value for name, value in (defaults | given).items()}
        values["inputs.token"] = "a-token"
        values["runner.temp"] = str(self.folder)
        values["steps.python.outputs.python-path"] = self.python
        return values
