"""`manage.py bench_workers`: in small, what it reads from runs, and the arithmetic for more workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from studio.load import processes
from studio.load.scale_out import estimate_needs
from studio.load.stores import Peaks, StoreCounts
from studio.load.throughput import BenchFailed, Throughput, summarize
from tests.processes import ROOT

BEFORE = StoreCounts(commands=100, clients=5, bytes_used=1_000_000, transactions=10, connections=3)
AFTER = StoreCounts(commands=500, clients=9, bytes_used=1_200_000, transactions=90, connections=7)
PEAKS = Peaks(connections=8, clients=10)
CPU = {"web": 1.0, "worker": 40.0, "valkey": 0.5}
ONE = Throughput(
    workers=1,
    runs=8,
    seconds=80.0,
    run_seconds=10.0,
    steps={"looking": 4.0},
    cpu={"web": 0.05, "worker": 10.0, "valkey": 0.01},
    redis_commands=200.0,
    redis_kilobytes=50.0,
    transactions=60.0,
    connections=12,
    clients=9,
)


def make_run(began: float, ended: float, state: str = "finished") -> dict[str, Any]:
    seconds = {"looking": 2.0, "rendering": ended - began - 2.0}
    return {"state": state, "began": began, "ended": ended, "seconds": seconds, "message": "why"}


def test_runs_are_counted_from_the_first_claim_to_the_last_end() -> None:
    runs = [make_run(0, 10), make_run(1, 9), make_run(10, 20), make_run(9, 18)]
    found = summarize(2, runs, CPU, BEFORE, AFTER, PEAKS)
    assert found.runs_a_minute == pytest.approx(12)
    assert found.run_seconds == pytest.approx(9.5)
    assert found.steps == {"looking": 2.0, "rendering": pytest.approx(7.25)}
    assert found.cpu["worker"] == pytest.approx(10)
    assert (found.redis_commands, found.redis_kilobytes, found.transactions) == (100, 50, 20)
    assert (found.connections, found.clients) == (8, 10)


def test_a_failed_run_spoils_the_measurement() -> None:
    with pytest.raises(BenchFailed, match="1 of 2 runs failed: why"):
        summarize(1, [make_run(0, 10), make_run(0, 5, "failed")], CPU, BEFORE, AFTER, PEAKS)


def test_connections_grow_by_a_line_and_work_by_the_number_of_workers() -> None:
    four = replace(ONE, workers=4, connections=21, clients=15)
    (need,) = estimate_needs([ONE, four], [1_000])
    assert need.connections == 12 + 3 * 999
    assert need.clients == 9 + 2 * 999
    assert need.runs_a_minute == pytest.approx(6_000)
    assert need.transactions_a_second == pytest.approx(6_000)
    assert need.web_cores == pytest.approx(5)
    assert need.redis_megabytes_an_hour == pytest.approx(18_000)
    with pytest.raises(ValueError, match="Two measurements"):
        estimate_needs([ONE], [10])


@pytest.mark.parametrize("words", ["", "0", "1,two"])
def test_numbers_that_are_none_are_refused(words: str) -> None:
    with pytest.raises(CommandError, match="use numbers from 1 up"):
        call_command("bench_workers", workers=words, stdout=StringIO())


def test_the_time_of_a_part_is_that_of_all_its_processes() -> None:
    """A process with the web process's name works in a child of its own, and is still one part."""
    busy = "import time; until = time.process_time() + 0.3\nwhile time.process_time() < until: pass"
    waiting = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}]); "
        "print('done', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", waiting, "studio.processes.web"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "done\n"
        seconds = processes.cpu_seconds(os.getpid())
        process.communicate("\n")
    assert seconds["web"] >= 0.3


def test_a_small_measurement_of_a_real_studio() -> None:
    command = [sys.executable, "manage.py", "bench_workers", "--workers", "1", "--runs", "1"]
    done = subprocess.run(
        [*command, "--json"],
        cwd=ROOT,
        env={**os.environ, "MODEL_URL": "none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)["measured"]
    assert found["runs_a_minute"] > 0
    assert found["cpu"]["worker"] > found["cpu"]["web"] > 0
    assert found["redis_commands"] > 0
    assert found["clients"] > 1  # the measurement's own is one
    assert "looking" in found["steps"]
