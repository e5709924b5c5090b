"""`setup.sh` on machines that lack a piece: one sentence that says what to do, and nothing is done
twice.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import ROOT

TOOLS = ("bash", "dirname", "find", "id", "touch", "mkdir", "cat", "uname")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout on a machine with nothing but the shell's own tools on PATH."""
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    for name in (
        "setup.sh",
        "pyproject.toml",
        "constraints.txt",
        "requirements.lock",
        "package.json",
        "package-lock.json",
    ):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "static" / "src", tmp_path / "static" / "src")
    shutil.copytree(ROOT / "static" / "css", tmp_path / "static" / "css")
    return tmp_path


def program(path: Path, script: str = "exit 0") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def with_packages(machine: Path) -> None:
    program(machine / ".venv" / "bin" / "pip", "echo pip was called >&2; exit 1")
    (machine / ".venv" / "packages.done").touch()
    (machine / ".venv" / "readers.done").touch()


def with_frontend(machine: Path) -> None:
    (machine / "static" / "dist").mkdir()
    (machine / "static" / "dist" / "app.js").touch()


def setup(machine: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    base = {"PATH": str(machine / "bin"), "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        ["bash", "setup.sh"],
        cwd=machine,
        env={**base, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def assert_sentence(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_no_python(machine: Path) -> None:
    program(machine / "bin" / "python3", "exit 1")  # one that is too old
    assert_sentence(setup(machine), "No Python 3.11, 3.12 or 3.13 found: install one")


def test_no_venv_module(machine: Path) -> None:
    program(machine / "bin" / "python3.11", 'case "$2" in *ensurepip*) exit 1;; esac')
    assert_sentence(setup(machine), "apt install python3-venv")


def test_no_node(machine: Path) -> None:
    with_packages(machine)
    assert_sentence(setup(machine), "No Node.js found: install Node 20")


def test_an_old_node(machine: Path) -> None:
    with_packages(machine)
    program(machine / "bin" / "npm")
    program(machine / "bin" / "node", 'test "$1" = --version && echo v18.1.0 || exit 1')
    assert_sentence(setup(machine), "Node.js v18.1.0 is too old: install Node 20")


def test_no_browser_to_be_had(machine: Path) -> None:
    with_packages(machine)
    with_frontend(machine)
    program(machine / ".venv" / "bin" / "playwright", "exit 1")
    assert_sentence(setup(machine), "No browser to be had: install chromium")


def test_a_browser_named_wrongly(machine: Path) -> None:
    with_packages(machine)
    with_frontend(machine)
    assert_sentence(
        setup(machine, LIKENESS_BROWSER="/nowhere/chrome"),
        "No browser at LIKENESS_BROWSER=/nowhere/chrome",
    )


def test_a_second_time_nothing_is_done(machine: Path) -> None:
    with_packages(machine)
    with_frontend(machine)
    program(machine / "bin" / "chromium")
    done = setup(machine)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_lock_file_names_no_host_but_npms_own() -> None:
    for line in (ROOT / "package-lock.json").read_text().splitlines():
        assert '"resolved"' not in line or "https://registry.npmjs.org/" in line


def machine_with_python(machine: Path, version: tuple[int, int, int]) -> Path:
    """The shell's tools, and a Python that believes to be of this version and installs nothing."""
    with_packages(machine)
    (machine / ".venv" / "packages.done").unlink()
    pretend = f"import sys; sys.version_info = sys.version_info.__class__ and {version!r}; exec(sys.argv[2])"
    script = f'case "$1" in --version) echo Python {".".join(map(str, version))};; -c) exec {sys.executable} -c "$P" "$@";;'  # noqa: E501
    program(machine / ".venv" / "bin" / "python", f"P='{pretend}'\n{script} esac")
    return machine


@pytest.mark.parametrize("version", [(3, 11, 13), (3, 12, 11), (3, 13, 5)])
def test_a_python_that_is_slow_on_hostile_pages_is_named(
    machine: Path, version: tuple[int, int, int]
) -> None:
    assert (
        "install 3.11.14, 3.12.12, 3.13.6 or newer, remove .venv"
        in setup(machine_with_python(machine, version)).stdout
    )


@pytest.mark.parametrize("version", [(3, 11, 14), (3, 12, 12), (3, 13, 6)])
def test_a_python_that_is_safe_is_not(machine: Path, version: tuple[int, int, int]) -> None:
    assert "CVE" not in setup(machine_with_python(machine, version)).stdout


def named_python(machine: Path, version: tuple[int, int, int]) -> None:
    """A Python on PATH that believes to be of this version; it tells its name in place of a venv."""
    name = f"python3.{version[1]}"
    pretend = f"import sys; sys.version_info = {version!r}; exec(sys.argv[2])"
    program(
        machine / "bin" / name,
        f"[ $1 = -m ] && echo {name} makes .venv && exit 1; exec {sys.executable} -c '{pretend}' \"$@\"",
    )


@pytest.mark.parametrize(
    ("versions", "taken"),
    [
        ([(3, 11, 2)], "python3.11"),
        ([(3, 11, 2), (3, 13, 6)], "python3.13"),
        ([(3, 11, 14), (3, 13, 6)], "python3.11"),
        ([(3, 11, 2), (3, 12, 3)], "python3.11"),
    ],
)
def test_a_safe_python_is_taken_before_one_that_is_slow_on_hostile_pages(
    machine: Path, versions: list[tuple[int, int, int]], taken: str
) -> None:
    for version in versions:
        named_python(machine, version)
    assert f"{taken} makes .venv" in setup(machine).stdout


class TestTorch:
    """Which wheel of torch is taken: without CUDA's libraries where there is no GPU of NVIDIA's."""

    @pytest.fixture
    def asked(self, machine: Path) -> Callable[..., list[str]]:
        """Run the setup and return what pip was asked for torch; a host in REFUSES is out of reach."""
        log = machine / "pip.log"
        python = machine / ".venv" / "bin" / "python"
        for tool in ("grep", "uname"):
            path = machine / "bin" / tool
            if not path.exists():
                path.symlink_to(shutil.which(tool) or tool)

        def run(refuses: str = "nothing", **environment: str) -> list[str]:
            log.unlink(missing_ok=True)
            (machine / ".venv" / "packages.done").unlink(missing_ok=True)
            script = f'echo "$*" >> {log}; case "$*" in *{refuses}*) exit 1;; esac'
            program(machine / ".venv" / "bin" / "pip", script)
            if not python.exists():
                python.symlink_to(sys.executable)
            setup(machine, **environment)  # ends where Node.js is missing
            lines = log.read_text().splitlines()
            return [line for line in lines if ".venv/requirements.txt" in line]

        return run

    def test_it_is_the_one_for_cpus(self, asked: Callable[..., list[str]]) -> None:
        (line,) = asked()
        assert "--index-url https://download.pytorch.org/whl/cpu" in line

    def test_with_a_gpu_it_is_the_usual_index(
        self, machine: Path, asked: Callable[..., list[str]]
    ) -> None:
        program(machine / "bin" / "nvidia-smi")
        (line,) = asked()
        assert "--index-url" not in line

    def test_on_macos_it_is_the_usual_index(
        self, machine: Path, asked: Callable[..., list[str]]
    ) -> None:
        (machine / "bin" / "uname").unlink()
        program(machine / "bin" / "uname", "echo Darwin")
        (line,) = asked()
        assert "--index-url" not in line

    def test_where_that_index_is_out_of_reach_the_usual_one_is_taken(
        self, asked: Callable[..., list[str]]
    ) -> None:
        first, second = asked(refuses="pytorch.org")
        assert "--index-url" in first
        assert "--index-url" not in second

    def test_a_mirror_may_be_named(self, asked: Callable[..., list[str]]) -> None:
        (line,) = asked(TORCH_INDEX="https://mirror.example/torch")
        assert "--index-url https://mirror.example/torch" in line
        (line,) = asked(TORCH_INDEX="")
        assert "--index-url" not in line
