"""The GitHub action in a repository of ours: scores, pictures, a comment, and its verdict.

Its step is run as action.yml writes it, with the inputs' defaults; what a runner installs is here already.
`tests/interop/test_whole_action.py` runs all its steps.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.action_runner import (
    CONFIG,
    GitHub,
    Runner,
    break_site,
    git,
    make_checkout,
    serving_github,
    serving_site,
)
from tests.processes import ROOT, free_port, wait_for


@pytest.fixture
def github() -> Iterator[GitHub]:
    with serving_github() as served:
        yield served


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A development server's folder and address."""
    with serving_site(tmp_path / "site") as url:
        yield tmp_path / "site", url


@pytest.fixture
def checkout(tmp_path: Path, site: tuple[Path, str]) -> Path:
    return make_checkout(tmp_path, site[1])


def run_action(
    checkout: Path, github: GitHub, run: str, **inputs: str
) -> subprocess.CompletedProcess[str]:
    """Run the step that measures."""
    here = {"PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}
    runner = Runner(checkout, github, sys.executable, settings=here)
    step = next(one for one in runner.read_action()["runs"]["steps"] if one.get("id") == "check")
    return runner.run_step(step, run, **inputs)


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

    break_site(site[0])
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
    assert done.returncode == 2
    assert f"Nothing answers at {url}/page.html" in done.stdout
    assert "::error::No page could be measured" in done.stdout
    assert "1 of 1 fail" in github.comments[1]["body"]


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
