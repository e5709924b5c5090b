"""Verbs that work without a studio need its libraries, and no token."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from studio.cli.command import main


def test_without_the_studios_libraries_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.stdio", None)
    assert main(["mcp"]) == 2
    assert capsys.readouterr().err == (
        "This verb needs mcp and the studio's libraries: run it from a checkout that ./setup.sh has "
        "set up.\n"
    )


def test_a_comparison_needs_no_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["compare"]) == 2
    assert "There is no likeness.toml" in capsys.readouterr().err


def test_a_verb_of_the_studio_still_needs_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LIKENESS_TOKEN", raising=False)
    assert main(["get", "RUN"]) == 2
    assert "No token" in capsys.readouterr().err
