"""The walks of docs/readability.md go through files that exist, and are as long as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "readability.md").read_text()
WALKS = [
    (name, int(length), re.findall(r"`([^`]+)`", steps))
    for name, length, steps in re.findall(
        r"\*\*([^*]+),\*\* (\d+) files:\n(.*?)\n\n", PAGE, re.DOTALL
    )
]


def test_there_are_three_walks() -> None:
    assert len(WALKS) == 3


@pytest.mark.parametrize(("name", "length", "steps"), WALKS, ids=[name for name, _, _ in WALKS])
def test_a_walk_leads_through_files_that_exist(name: str, length: int, steps: list[str]) -> None:
    assert len(steps) == length
    assert [step for step in steps if not (ROOT / step).exists()] == []
