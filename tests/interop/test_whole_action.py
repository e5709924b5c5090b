"""All steps of the GitHub action in order, as a runner carries them out: a new environment is made
and installed from a copy of this checkout, then a page passes and a changed one fails.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.deploy.action_runner import (
    Runner,
    break_site,
    make_checkout,
    serving_github,
    serving_site,
)
from tests.processes import ROOT

INSTALL_SECONDS = 600.0  # packages of 500 MB, on a busy machine
PYTHON = "python3.12"  # what action.yml asks actions/setup-python for


def find_python() -> str:
    """Return the Python that the action wants, else this one, which is supported too."""
    for name in (PYTHON, *map(str, Path.home().glob(".pyenv/versions/3.12.*/bin/python"))):
        try:
            subprocess.run([name, "-c", ""], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return name
    return sys.executable


def copy_source(target: Path) -> Path:
    """Copy what is in this checkout and not ignored: an installation writes into its source."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def test_the_actions_steps_install_measure_and_tell(clients: Path, tmp_path: Path) -> None:
    with serving_github() as github, serving_site(tmp_path / "site") as url:
        checkout = make_checkout(tmp_path, url)
        runner = Runner(
            checkout,
            github,
            find_python(),
            source=copy_source(tmp_path / "action"),
            seconds=INSTALL_SECONDS,
        )
        steps = runner.read_action()["runs"]["steps"]
        assert [step.get("uses", step.get("name")) for step in steps] == [
            "actions/setup-python@v5",
            "Install",
            "Compare",
        ]
        assert not (runner.folder / "likeness-venv").exists()
        for step in steps[1:]:
            done = runner.run_step(step, "100")
            assert done.returncode == 0, done.stdout + done.stderr
        assert "pass  landing at 800 px" in done.stdout
        assert "All pages look like their mockups" in github.comments[1]["body"]

        break_site(tmp_path / "site")
        failed = runner.run_step(steps[2], "101")
        assert failed.returncode == 1, failed.stdout + failed.stderr
        assert "FAIL  landing at 800 px" in failed.stdout
        assert "1 of 1 fail" in github.comments[1]["body"]
