"""A tool names a version of a run, or takes the newest one that was kept."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from studio.pipeline.tools.results import ToolError
from studio.pipeline.tools.runs import choose_version


def make_runs(*numbers: int, kept: int = 0) -> Any:
    """Return runs whose only one has these versions."""
    versions = [{"number": number, "kept": number == kept} for number in numbers]
    return Mock(**{"list_versions.return_value": versions, "describe.return_value": {"id": "run"}})


def test_the_newest_version_that_was_kept_is_the_usual_one() -> None:
    assert choose_version(make_runs(1, 2, 3, kept=2), "run", None) == 2
    with pytest.raises(ToolError, match="no version yet"):
        choose_version(make_runs(), "run", None)


def test_versions_of_other_runs_are_taken_by_number_alone() -> None:
    versions = [
        {"number": 1, "kept": True, "run": "before"},
        {"number": 2, "kept": True, "run": "run"},
        {"number": 3, "kept": True, "run": "after"},
    ]
    runs: Any = Mock(
        **{"list_versions.return_value": versions, "describe.return_value": {"id": "run"}}
    )
    assert choose_version(runs, "run", None) == 2
    assert choose_version(runs, "run", 3) == 3


def test_a_version_that_was_deleted_is_refused_with_the_numbers_there_are() -> None:
    runs = make_runs(1, 3, kept=3)
    assert choose_version(runs, "run", 3) == 3
    with pytest.raises(ToolError, match=r"no version 2; it has 1, 3\."):
        choose_version(runs, "run", 2)
