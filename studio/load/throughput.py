"""Runs a minute with so many workers on this machine, and by arithmetic with more on other machines."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from studio.config.environment import ROOT
from studio.load import processes
from studio.load.stores import Peaks, StoreCounts, count_stores, watch_connections
from studio.processes.trial_studio import Trial, run_trial_studio

# Runs of one team at once; the measured runs are all of one team.
TEAM_RUNS = "1000"


class BenchFailed(Exception):
    """Raised if runs of the measurement failed; the message says why."""


@dataclass(frozen=True, slots=True)
class Throughput:
    """What was measured with `workers` runs at once, from the first claim to the last end.

    `steps` are mean seconds of a run, `cpu` processor seconds a run by part. Transactions and connections
    are 0 with SQLite; one transaction a second is the measurement's own.
    """

    workers: int
    runs: int
    seconds: float
    run_seconds: float  # median
    steps: dict[str, float]
    cpu: dict[str, float]
    redis_commands: float  # a run
    redis_kilobytes: float  # a run; they stay until the events of the run expire
    transactions: float  # a run
    connections: int  # to PostgreSQL at most, of all processes
    clients: int  # to Redis at most, of all processes

    @property
    def runs_a_minute(self) -> float:
        return 60 * self.runs / self.seconds


def measure_throughput(workers: int, runs: int, sample: str, model_url: str) -> Throughput:
    """Measure a studio of its own with so many workers.

    It uses DATABASE_URL and REDIS_URL of the environment, which nothing else should use. Raises BenchFailed.
    """
    settings = {"WORKERS": str(workers), "TEAM_RUNS": TEAM_RUNS, "MODEL_URL": model_url}
    with run_trial_studio(**settings) as studio:
        command = [sys.executable, "-m", "studio.load.queued_runs", sample, str(workers), str(runs)]
        environment = {
            **os.environ,
            **settings,
            "DATA_DIR": str(studio.data_dir),
            "DJANGO_SETTINGS_MODULE": "studio.config.settings",
        }
        with subprocess.Popen(  # noqa: S603
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as cast:
            try:
                return _watch(studio, cast, workers)
            finally:
                cast.kill()  # it would go on asking for the ends of runs


def _watch(studio: Trial, cast: subprocess.Popen[str], workers: int) -> Throughput:
    assert cast.stdin
    assert cast.stdout
    if cast.stdout.readline().strip() != "warm":
        raise BenchFailed(
            f"The first runs did not end; see above. {studio.log.read_text()[-2000:]}"
        )
    cpu, stores = processes.cpu_seconds(studio.process), count_stores(studio.data_dir)
    with watch_connections(studio.data_dir) as peaks:
        cast.stdin.write("go\n")
        cast.stdin.flush()
        answer = cast.stdout.readline()
    if not answer:
        raise BenchFailed(f"The runs did not end; see above. {studio.log.read_text()[-2000:]}")
    cpu_now, stores_now = processes.cpu_seconds(studio.process), count_stores(studio.data_dir)
    spent = {part: cpu_now[part] - cpu[part] for part in cpu}
    return summarize(workers, json.loads(answer), spent, stores, stores_now, peaks)


def summarize(
    workers: int,
    runs: Sequence[dict[str, Any]],
    cpu: dict[str, float],
    before: StoreCounts,
    after: StoreCounts,
    peaks: Peaks,
) -> Throughput:
    """Return the measurement of runs that all finished; raises BenchFailed."""
    failed = [run for run in runs if run["state"] != "finished"]
    if failed:
        raise BenchFailed(f"{len(failed)} of {len(runs)} runs failed: {failed[0]['message']}")
    count = len(runs)
    steps = {name for run in runs for name in run["seconds"]}
    return Throughput(
        workers=workers,
        runs=count,
        seconds=max(run["ended"] for run in runs) - min(run["began"] for run in runs),
        run_seconds=statistics.median(run["ended"] - run["began"] for run in runs),
        steps={name: sum(run["seconds"].get(name, 0.0) for run in runs) / count for name in steps},
        cpu={part: seconds / count for part, seconds in cpu.items()},
        redis_commands=(after.commands - before.commands) / count,
        redis_kilobytes=(after.bytes_used - before.bytes_used) / count / 1000,
        transactions=(after.transactions - before.transactions) / count,
        connections=peaks.connections,
        clients=peaks.clients,
    )


def describe_throughput(one: Throughput) -> list[str]:
    """Return the measurement as lines of text."""
    steps = sorted(one.steps.items(), key=lambda step: -step[1])
    return [
        f"{one.workers} workers: {one.runs_a_minute:.1f} runs a minute ({one.runs} runs in {one.seconds:.0f} s, "
        f"a run takes {one.run_seconds:.1f} s)",
        "  steps, s: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in steps),
        "  processor, s a run: " + ", ".join(f"{part} {s:.2f}" for part, s in one.cpu.items()),
        f"  Redis: {one.redis_commands:.0f} commands and {one.redis_kilobytes:.0f} kB a run, {one.clients} connections",
        f"  PostgreSQL: {one.transactions:.0f} transactions a run, {one.connections} connections",
    ]
