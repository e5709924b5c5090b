"""A child is started once it is wanted."""

from __future__ import annotations

import subprocess
import sys

from studio.processes.supervisor import Child, Supervisor


def is_running(child: Child) -> bool:
    return child.process is not None and child.process.poll() is None


def test_a_child_is_started_when_it_becomes_wanted() -> None:
    wanted: list[bool] = []
    sleeps = [sys.executable, "-c", "import time; time.sleep(60)"]
    child = Child("writer", lambda: subprocess.Popen(sleeps), is_wanted=lambda: bool(wanted))
    supervisor = Supervisor([child], say=lambda words: None)
    supervisor.start()
    supervisor.look()
    assert not is_running(child)
    wanted.append(True)
    supervisor.look()
    try:
        assert is_running(child)
        assert child.restarts == 0
    finally:
        supervisor.stop()
    assert not is_running(child)
