"""The browser that renders generated pages: another user where we are root, sandboxed, with an
empty environment.
"""

from __future__ import annotations

import logging
import os
import pwd
from pathlib import Path

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.isolation import privileges
from studio.pipeline.isolation.privileges import plan_launch, why_not_as
from studio.pipeline.rendering.browser import find_browser
from studio.pipeline.rendering.render import Renderer

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives its rights up")
PAGE = Bundle({"index.html": "<!doctype html><p>Hello"})


def browsers(renderer: Renderer) -> list[Path]:
    """The folders under /proc of the browser's processes."""
    thread = renderer._browser.started()
    processes = [path for path in Path("/proc").glob("[0-9]*") if path.name.isdecimal()]
    return [path for path in processes if group_of(path) == thread.group]


def group_of(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[2])
    except OSError:
        return -1


def environments(renderer: Renderer) -> bytes:
    found = b""
    for process in browsers(renderer):
        try:
            found += (process / "environ").read_bytes()
        except OSError:
            continue  # it has ended
    return found


def test_no_process_of_it_has_the_workers_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "VAULT_KEYS", "DATABASE_URL", "MODEL_API_KEY"):
        monkeypatch.setenv(name, "hush")
    with Renderer() as renderer:
        renderer.render(PAGE)
        found = environments(renderer)
    assert b"PATH=" in found
    assert b"hush" not in found


@AS_ROOT
def test_all_its_processes_are_another_users(caplog: pytest.LogCaptureFixture) -> None:
    with Renderer() as renderer:
        renderer.render(PAGE)
        owners = {process.stat().st_uid for process in browsers(renderer)}
    assert owners == {pwd.getpwnam("nobody").pw_uid}
    assert not caplog.records


@AS_ROOT
def test_it_is_sandboxed_where_that_user_may_make_namespaces() -> None:
    plan = plan_launch(find_browser())
    assert plan.sandboxed == privileges.has_namespaces("nobody")
    with Renderer() as renderer:
        renderer.render(PAGE)
        commands = b"".join(
            (process / "cmdline").read_bytes() for process in browsers(renderer)[:1]
        )
    assert (b"--no-sandbox" in commands) != plan.sandboxed


@AS_ROOT
def test_its_profile_is_removed_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    made: list[str] = []
    plan = privileges.plan_launch

    def noting(*args: str) -> privileges.Launch:
        found = plan(*args)
        made.append(found.profile)
        return found

    monkeypatch.setattr("studio.pipeline.rendering.browser.plan_launch", noting)
    with Renderer() as renderer:
        renderer.render(PAGE)
    assert made
    assert not Path(made[0]).exists()


@AS_ROOT
@pytest.mark.parametrize("user", ["no-such-user", "root"])
def test_a_user_who_cannot_be_had_is_said_once(user: str, caplog: pytest.LogCaptureFixture) -> None:
    privileges._warn.cache_clear()
    with caplog.at_level(logging.WARNING):
        plans = [plan_launch(find_browser(), user) for _ in range(2)]
    assert [plan.sandboxed for plan in plans] == [False, False]
    [record] = caplog.records
    assert "rendered as root" in record.getMessage()
    assert "BROWSER_USER" in record.getMessage()


@AS_ROOT
def test_a_browser_that_the_user_may_not_run_is_found_out_before(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    assert "may not run" in why_not_as("nobody", str(program))


def test_an_ordinary_user_is_sandboxed_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("SECRET_KEY", "hush")
    plan = plan_launch("/usr/bin/chromium")
    assert plan.sandboxed
    assert "SECRET_KEY" not in plan.environment
