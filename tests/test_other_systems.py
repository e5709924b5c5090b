"""Windows and macOS: what they lack is not needed, or one sentence says what to do instead.

`tests/windows_like.py` simulates Windows: our modules find neither its missing modules nor functions.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from studio.cli.command import allow_any_text
from studio.pipeline.isolation import confined, file_locks, systems
from studio.pipeline.perception import tesseract
from studio.processes import web, writer_server
from tests.processes import ROOT

SENTENCE = "use WSL2, which setup.ps1 sets up"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def run_python(folder: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.windows_like", *words],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder / "data")},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs commands of `tests/windows_like.py`."""
    folder = tmp_path_factory.mktemp("windows")
    listed = run_python(folder, "list")
    assert listed.returncode == 0, listed.stderr
    return lambda *words: run_python(folder, *words, given=listed.stdout)


class TestWindows:
    def test_every_module_can_be_imported(self, windows: Run) -> None:
        done = windows("import")
        assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr

    def test_the_studios_commands_work(self, windows: Run) -> None:
        for words in (["check"], ["migrate", "--verbosity", "0"]):
            done = windows("manage", *words)
            assert done.returncode == 0, done.stderr

    def test_likeness_explains_itself(self, windows: Run) -> None:
        done = windows("likeness", "--help")
        assert done.returncode == 0, done.stderr
        assert "follow-up" in done.stdout

    @pytest.mark.parametrize(
        "words",
        [
            ("manage", "serve"),
            ("manage", "generate", "static/samples/sign-up.png"),
            ("likeness", "compare", "static/samples/sign-up.png", "static/samples/sign-up.html"),
        ],
        ids=["serve", "generate", "compare"],
    )
    def test_what_needs_limits_says_where_it_works(self, windows: Run, words: list[str]) -> None:
        done = windows(*words)
        assert done.returncode != 0
        assert SENTENCE in done.stderr
        assert "Traceback" not in done.stderr


def test_nothing_that_holds_hostile_data_starts_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systems, "sys", SimpleNamespace(platform="win32"))
    limits = confined.Limits(megabytes=100, seconds=1, wait=5)
    with pytest.raises(systems.UnsupportedSystem, match=SENTENCE):
        confined.ConfinedFunction("builtins:len", limits)([])


def test_likeness_prints_any_page_title_into_a_pipe_of_windows() -> None:
    written = io.BytesIO()
    pipe = io.TextIOWrapper(written, encoding="cp1252")
    allow_any_text(pipe)
    print("面包 – Bäckerei", file=pipe, flush=True)
    assert written.getvalue().decode("cp1252").strip() == "?? – Bäckerei"


class TestFileLocks:
    def test_a_file_is_locked_once(self, tmp_path: Path) -> None:
        with open(tmp_path / "lock", "a") as first, open(tmp_path / "lock", "a") as second:
            file_locks.lock_file(first.fileno(), wait=False)
            with pytest.raises(BlockingIOError):
                file_locks.lock_file(second.fileno(), wait=False)
            first.close()
            file_locks.lock_file(second.fileno(), wait=True)

    def test_windows_locks_the_first_byte_and_waits_its_turn(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refusals = [OSError(13, "in use")] * 2
        calls: list[tuple[int, int]] = []

        def locking(file: int, mode: int, count: int) -> None:
            calls.append((mode, count))
            assert os.lseek(file, 0, os.SEEK_CUR) == 0
            if refusals:
                raise refusals.pop()

        monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(LK_NBLCK=2, locking=locking))
        monkeypatch.setattr(file_locks, "sys", SimpleNamespace(platform="win32"))
        monkeypatch.setattr(file_locks, "RETRY", 0)
        (tmp_path / "lock").write_text("words")
        with open(tmp_path / "lock", "a") as lock:
            with pytest.raises(BlockingIOError):
                file_locks.lock_file(lock.fileno(), wait=False)
            file_locks.lock_file(lock.fileno(), wait=True)
        assert calls == [(2, 1)] * 3


class TestMacos:
    """macOS has neither /proc nor `prlimit`, and other limits."""

    def test_the_limit_of_open_files_is_one_that_it_takes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        limits: list[tuple[int, int]] = []
        endless = resource.RLIM_INFINITY if resource.RLIM_INFINITY > 0 else 2**63 - 1
        monkeypatch.setattr(web, "sys", SimpleNamespace(platform="darwin"))
        monkeypatch.setattr(resource, "getrlimit", lambda kind: (256, endless))
        monkeypatch.setattr(resource, "setrlimit", lambda kind, pair: limits.append(pair))
        web.raise_file_limit()
        assert limits == [(web.MACOS_FILES, endless)]

    def test_the_writer_takes_one_core_fewer_than_there_are(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer_server, "os", SimpleNamespace(cpu_count=lambda: 8))
        assert writer_server.count_threads() == 7

    def test_programs_run_without_limits_that_it_does_not_have(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delattr(resource, "prlimit")
        for module in (confined, tesseract):
            monkeypatch.setattr(module, "sys", fake_macos(module))
        confined.set_limits(os.getpid(), 100)
        confined.limit_cpu(os.getpid(), 1)
        assert tesseract._run([sys.executable, "-c", "print('read')"]).strip() == "read"


def fake_macos(module: Any) -> SimpleNamespace:
    return SimpleNamespace(platform="darwin", executable=module.sys.executable)
