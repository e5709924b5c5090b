"""Every row of the threat table names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text()
ROWS = re.findall(r"^\| (.+?) \| .+ \| (.*) \|$", PAGE[PAGE.index("## Threats") :], re.MULTILINE)
THREATS = [(attack, tests) for attack, tests in ROWS if attack not in ("Attack", "---")]


@pytest.mark.parametrize(("attack", "tests"), THREATS)
def test_a_threat_is_covered_by_tests_that_exist(attack: str, tests: str) -> None:
    named = re.findall(r"`([^`]+)`", tests)
    assert named, f"no test is named for: {attack}"
    for name in named:
        path, _, function = name.partition("::")
        source = (ROOT / path).read_text()
        assert not function or re.search(rf"(def|class) {function}\b", source), name


def test_the_table_is_long() -> None:
    assert len(THREATS) > 60
