"""The GitHub action in a repository of ours: scores, pictures, a comment, and its verdict.

Its step is run as action.yml writes it, with the inputs' defaults; what a runner installs is here already.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.drawing import landing_page
from tests.processes import ROOT, free_port, wait_for

ACTION = ROOT / ".github" / "actions" / "compare"
INPUT = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")
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


@pytest.fixture
def github() -> Iterator[GitHub]:
    served = GitHub()
    yield served
    served.server.shutdown()
    served.server.server_close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A development server's folder and address."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "page.html").write_text(GOOD)
    (folder / "look.css").write_text(LOOK)

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(folder))

        def log_message(self, *words: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def checkout(tmp_path: Path, site: tuple[Path, str]) -> Path:
    """A repository with a mockup and a likeness.toml, and an origin to push to."""
    origin, checkout = tmp_path / "origin.git", tmp_path / "checkout"
    git(tmp_path, "init", "--quiet", "--bare", str(origin))
    git(tmp_path, "init", "--quiet", str(checkout))
    git(checkout, "remote", "add", "origin", str(origin))
    landing_page().save(checkout / "mockup.png")
    (checkout / "likeness.toml").write_text(CONFIG.format(url=site[1]))
    return checkout


def git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def run_action(
    checkout: Path, github: GitHub, run: str, **inputs: str
) -> subprocess.CompletedProcess[str]:
    """Run the action's step as a runner does. `inputs`: with `_` for `-`; others have their default."""
    runner = checkout.parent / "runner"
    runner.mkdir(exist_ok=True)
    (runner / "event.json").write_text('{"pull_request": {"number": 7}}')
    action: dict[str, Any] = yaml.safe_load((ACTION / "action.yml").read_text())
    step = next(one for one in action["runs"]["steps"] if one.get("id") == "check")
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    assert given.keys() <= action["inputs"].keys()
    values = {name: told["default"] for name, told in action["inputs"].items()} | given
    values["token"] = "a-token"
    settings = {
        name: INPUT.sub(lambda found: values[found[1]], text) for name, text in step["env"].items()
    }
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "LIKENESS_BROWSER": os.environ.get("LIKENESS_BROWSER", ""),
        "PYTHONPATH": str(ROOT),
        **settings,
        "PYTHON": sys.executable,
        "RUNNER_TEMP": str(runner),
        "GITHUB_ACTION_PATH": str(ACTION),
        "GITHUB_RUN_ID": run,
        "GITHUB_REPOSITORY": "ada/boats",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_API_URL": github.url,
        "GITHUB_EVENT_PATH": str(runner / "event.json"),
        "GITHUB_OUTPUT": str(runner / "output"),
        "GITHUB_STEP_SUMMARY": str(runner / "summary.md"),
    }
    return subprocess.run(
        [step["shell"], "-e", "-c", step["run"]],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_page_like_its_mockup_passes_and_a_changed_one_fails(
    checkout: Path, github: GitHub, site: tuple[Path, str]
) -> None:
    passed = run_action(checkout, github, "100")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "pass  landing at 800 px" in passed.stdout
    assert len(github.comments) == 2
    assert "All pages look like their mockups" in github.comments[1]["body"]
    assert (
        "github.com/ada/boats/raw/likeness-pictures/100-1/01-landing-" in github.comments[1]["body"]
    )

    (site[0] / "look.css").write_text(
        LOOK.replace("#1e293b", "#e11d48").replace("top:110px", "top:320px")
    )
    failed = run_action(checkout, github, "101")
    assert failed.returncode == 1
    assert "FAIL  landing at 800 px" in failed.stdout
    assert len(github.comments) == 2
    assert "1 of 1 fail" in github.comments[1]["body"]
    assert "Boats for a quiet day" in github.comments[1]["body"]

    names = git(checkout, "ls-tree", "-r", "--name-only", "FETCH_HEAD")
    assert "100-1/01-landing-1.png" in names
    pushed = git(checkout, "ls-remote", "origin", "refs/heads/likeness-pictures")
    git(checkout, "fetch", "--quiet", "origin", "likeness-pictures")
    assert pushed.split()[0] == git(checkout, "rev-parse", "FETCH_HEAD").strip()
    both = git(checkout, "ls-tree", "-r", "--name-only", "FETCH_HEAD")
    assert "100-1/" in both
    assert "101-1/" in both
    summary = (checkout.parent / "runner" / "summary.md").read_text()
    assert "| ✅ | landing | 800 |" in summary
    assert "| ❌ | landing | 800 |" in summary


def test_a_page_that_nobody_serves_fails_with_its_reason(checkout: Path, github: GitHub) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    (checkout / "likeness.toml").write_text(CONFIG.format(url=url))
    done = run_action(checkout, github, "102")
    assert done.returncode == 1
    assert f"Nothing answers at {url}/page.html" in done.stdout


def test_a_file_that_cannot_be_used_ends_with_an_error(checkout: Path, github: GitHub) -> None:
    (checkout / "likeness.toml").write_text("[[page]]\nmockups = 3\n")
    done = run_action(checkout, github, "103")
    assert done.returncode == 2
    assert "has 'mockups'" in done.stderr
    assert len(github.comments) == 1


def test_a_single_page_is_served_for_the_check_and_no_longer(
    checkout: Path, github: GitHub, site: tuple[Path, str]
) -> None:
    """The inputs `start`, `wait-for`, `mockup`, `url`, `width` and `min` in place of a file."""
    port = free_port()
    (checkout / "likeness.toml").unlink()
    inputs = {
        "start": f"{sys.executable} -m http.server {port} --bind 127.0.0.1 --directory {site[0]}",
        "wait_for": f"http://127.0.0.1:{port}/",
        "mockup": "mockup.png",
        "url": f"http://127.0.0.1:{port}/page.html",
        "width": "800",
        "pictures_branch": "",
    }
    passed = run_action(checkout, github, "104", **inputs, min="0.8")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "All pages look like their mockups" in github.comments[1]["body"]
    failed = run_action(checkout, github, "105", **inputs, min="1", comment="false")
    assert failed.returncode == 1
    assert "::error::A page does not look enough like its mockup." in failed.stdout
    assert "All pages look like their mockups" in github.comments[1]["body"]
    assert git(checkout, "ls-remote", "origin") == ""
    wait_for(lambda: not answers(port) or None, seconds=10, what="the page's server to end")


def answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0
