"""deploy/likeness.service is a unit that systemd accepts, with settings that the studio has."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from studio.config.environment import list_settings, read_environ
from tests.processes import ROOT, find_program

UNIT = (ROOT / "deploy" / "likeness.service").read_text()
GUIDE = (ROOT / "docs" / "deployment.md").read_text()


def read_values(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    """Folder, program and user of the example are not on this machine."""
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    unit = tmp_path / "likeness.service"
    unit.write_text(UNIT.replace("/opt/likeness", str(tmp_path)).replace("User=likeness", ""))
    done = subprocess.run(
        [find_program("systemd-analyze"), "verify", "--man=no", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "likeness.service" in line]
    assert ours == []
    assert done.returncode == 0


def test_its_settings_are_the_studios() -> None:
    own = {setting.name for setting in list_settings()} | {"HOME"}
    [environment] = read_values("Environment")
    assert {pair.partition("=")[0] for pair in environment.split()} <= own


def test_it_may_open_as_many_files_as_the_guide_asks_for() -> None:
    assert "four times `STREAMS`" in GUIDE
    assert read_values("LimitNOFILE") == [str(4 * read_environ({}).streams)]


@pytest.mark.parametrize("name", ["User", "StateDirectory", "EnvironmentFile"])
def test_the_guide_makes_what_the_unit_names(name: str) -> None:
    [value] = read_values(name)
    assert value in GUIDE[GUIDE.index("## As a service") : GUIDE.index("## Upgrades")]
