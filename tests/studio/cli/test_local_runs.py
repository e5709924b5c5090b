"""Runs on this machine, without a studio."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from studio.cli.local_runs import LocalRun, LocalRuns
from studio.pipeline.loop.attempts import LoopOptions
from studio.pipeline.tools.inputs import FollowUpInput
from tests.drawing import landing_page
from tests.studio.runs.making import attempt


def test_a_follow_up_reads_the_mockup_at_the_same_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    carried_out: list[LocalRun] = []
    monkeypatch.setattr(LocalRuns, "_carry_out", lambda runs, run: carried_out.append(run))
    anything: Any = Mock()
    runs = LocalRuns(anything, anything, anything, anything)
    options = LoopOptions(prompt="", stack="react", scale=2.0)
    first = LocalRun("first", landing_page(), options, attempts=[attempt()])
    runs._runs["first"] = first
    runs.follow_up(FollowUpInput(run="first", prompt="Make it blue", version=None))
    runs._pool.shutdown(wait=True)  # `close` would cancel it
    (second,) = carried_out
    assert (second.options.scale, second.options.stack) == (2.0, "react")
    assert (second.mockup, second.start) == (first.mockup, first.attempts[0].bundle)
