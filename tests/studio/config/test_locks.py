"""The lock files: every package that is installed, at the version of constraints.txt, with its
files' hashes.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.processes import ROOT

LOCKS = {
    "requirements.lock": ("engine",),
    "requirements-test.lock": ("engine", "test", "bench", "gpu"),
}
# Its wheel for CPUs is another file than PyPI's, with another hash; see setup.sh.
UNLOCKED = {"torch"}
ENTRY = re.compile(
    r"^([\w.-]+)==([\w.]+)(?: ; [^\\\n]+)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.M
)


def plain(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=;!~ ]", name)[0]).lower()


def locked(name: str) -> dict[str, str]:
    return {
        plain(package): version for package, version, _ in ENTRY.findall((ROOT / name).read_text())
    }


def constrained() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().split()
    return {plain(line): line.partition("==")[2] for line in lines}


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_is_a_package_with_hashes_and_names_no_index(name: str) -> None:
    text = (ROOT / name).read_text()
    assert ENTRY.sub("", text).strip() == ""
    assert "://" not in text


@pytest.mark.parametrize("name", LOCKS)
def test_what_the_project_depends_on_is_locked(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [
        package for extra in LOCKS[name] for package in project["optional-dependencies"][extra]
    ]
    wanted = {plain(package) for package in [*project["dependencies"], *extras]}
    assert wanted - set(locked(name)) == UNLOCKED


@pytest.mark.parametrize("name", LOCKS)
def test_locked_versions_are_those_of_the_constraints(name: str) -> None:
    versions = constrained()
    differing = {
        one: version
        for one, version in locked(name).items()
        if versions.get(one, version) != version
    }
    assert not differing


def test_the_studio_installs_nothing_by_name_but_torch() -> None:
    text = Path(ROOT / "setup.sh").read_text()
    body = text[text.index("install_torch() {") : text.index("test_packages() {")]
    assert "locked_install requirements.lock" in body
    assert re.findall(r"pip_install (.*?)(?:   #.*)?$", body, re.M) == [
        "-r .venv/requirements.txt",
        "--no-deps --no-build-isolation -e .",
    ]
    assert "grep '^torch\\b' > .venv/requirements.txt" in body
