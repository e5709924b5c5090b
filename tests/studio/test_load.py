"""`manage.py bench --load` in small: nothing is lost or doubled, though readers are slow or lost
and a worker dies.
"""

from __future__ import annotations

import json
import subprocess
import sys

from tests.processes import ROOT

SMALL = [
    "--viewers",
    "30",
    "--live",
    "3",
    "--teams",
    "2",
    "--queued",
    "3",
    "--rate",
    "5",
    "--seconds",
    "8",
]


def test_a_small_load_loses_and_doubles_nothing() -> None:
    command = [sys.executable, "manage.py", "bench", "--load", "--json", *SMALL]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["written"] > 3 * 5 * 4
    assert (
        found["delivered"] > found["written"] * 5
    )  # ten viewers a run, less what a run that waits has not told
    assert (found["lost"], found["doubled"], found["disordered"]) == (0, 0, 0)
    assert found["killed_run"] == "finished"
    assert found["failed_pages"] == 0
    assert found["news"] >= 30
