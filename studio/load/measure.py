"""The load test: opens viewers, kills a worker and counts lost, doubled and late events."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import asdict
from typing import Any

import httpx
import redis

from studio.config.environment import ROOT
from studio.load import processes
from studio.load.plan import Plan, World
from studio.load.viewers import OPENING, Viewer, drop_some
from studio.processes import valkey
from studio.processes.trial_studio import Trial
from studio.runs.models import Run

WATCHED = 10  # viewers of queued runs; the killed worker's run is one more
KILL_AFTER = 0.3  # share of the time after which the worker is killed
PATIENCE = 180.0  # seconds for the killed worker's run to end, and for slow readers to catch up
ASKING = 0.25  # seconds between two page requests


def measure(studio: Trial, plan: Plan) -> dict[str, Any]:
    """Run the load test and return its results."""
    command = [sys.executable, "-m", "studio.load.cast", json.dumps(asdict(plan))]
    environment = {
        **os.environ,
        "DATA_DIR": str(studio.data_dir),
        "DJANGO_SETTINGS_MODULE": "studio.config.settings",
    }
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as cast:
        assert cast.stdout
        world = World(**json.loads(cast.stdout.readline()))
        return asyncio.run(Load(studio, plan, world, cast).run())


class Load:
    """One load test on a running studio."""

    def __init__(
        self, studio: Trial, plan: Plan, world: World, cast: subprocess.Popen[str]
    ) -> None:
        self.studio = studio
        self.plan = plan
        self.world = world
        self.cast = cast
        self.peaks = processes.Peaks(studio.data_dir)
        self.database = sqlite3.connect(studio.data_dir / "studio.sqlite3", timeout=20)
        self.ended = asyncio.Event()
        self.hurry = asyncio.Event()
        self.pages: list[float] = []
        self.failed_pages = 0
        self.killed: str | None = None

    async def run(self) -> dict[str, Any]:
        viewers = self.viewers()
        gate = asyncio.Semaphore(OPENING)
        began = time.monotonic()
        watching = [
            asyncio.create_task(viewer.watch(self.studio.address, gate, self.hurry))
            for viewer in viewers
        ]
        while sum(viewer.opened > 0 for viewer in viewers) < len(viewers):
            await asyncio.sleep(0.1)
        opened = time.monotonic() - began
        background = [
            *(
                asyncio.create_task(viewer.look_around(self.studio.address, gate))
                for viewer in viewers
            ),
            asyncio.create_task(self.ask_for_pages()),
            asyncio.create_task(self.watch_memory()),
            asyncio.create_task(self.kill_a_worker()),
        ]
        dropping = asyncio.create_task(drop_some(viewers, self.plan.drops_a_second, self.ended))
        written = await asyncio.to_thread(self.write)
        self.ended.set()
        self.hurry.set()
        dropped = await dropping
        await self.wait_for(watching, viewers)
        for task in [*background, *watching]:
            task.cancel()
        await asyncio.gather(*background, *watching, return_exceptions=True)
        return self.summarize(viewers, written, dropped, opened)

    def viewers(self) -> list[Viewer]:
        """Create viewers evenly over the live runs, and one each for some queued runs.

        Each is a person of the run's team.
        """
        live = _flatten(self.world.live)
        viewers = []
        for number in range(self.plan.viewers):
            team, run = live[number % len(live)]
            people = self.world.sessions[team]
            slow = random.random() < self.plan.slow_share  # noqa: S311 (no secret)
            viewers.append(Viewer(run, people[(number // len(live)) % len(people)], slow))
        waiting = _flatten(self.world.queued)
        step = max(1, len(waiting) // WATCHED)
        for team, run in waiting[::step][:WATCHED]:
            viewers.append(Viewer(run, self.world.sessions[team][0]))
        return viewers

    def write(self) -> int:
        assert self.cast.stdin
        assert self.cast.stdout
        self.cast.stdin.write("go\n")
        self.cast.stdin.flush()
        return int(json.loads(self.cast.stdout.readline())["written"])

    async def ask_for_pages(self) -> None:
        """Request run pages and start pages in turn, as people do during a run."""
        teams = list(self.world.sessions)
        async with httpx.AsyncClient(base_url=self.studio.address, timeout=60) as client:
            for number in range(1_000_000):
                team = teams[number % len(teams)]
                run = (self.world.live[team] or self.world.queued[team])[0]
                cookie = {"Cookie": f"likeness_session={self.world.sessions[team][number % 10]}"}
                began = time.monotonic()
                try:
                    answer = await client.get(
                        f"/runs/{run}/" if number % 2 else "/", headers=cookie
                    )
                    self.failed_pages += answer.status_code != 200
                    self.pages.append(time.monotonic() - began)
                except httpx.HTTPError:
                    self.failed_pages += 1
                await asyncio.sleep(ASKING)

    async def watch_memory(self) -> None:
        while True:
            await asyncio.to_thread(self.peaks.look)
            await asyncio.sleep(1)

    async def kill_a_worker(self) -> None:
        """Kill the worker during a run."""
        await asyncio.sleep(self.plan.seconds * KILL_AFTER)
        waiting = {run for _, run in _flatten(self.world.queued)}
        while self.killed is None:
            running = [
                run for run, state in self.states().items() if state == "running" and run in waiting
            ]
            workers = processes.find(self.studio.data_dir, "worker")
            if running and workers:
                self.killed = running[0]
                for pid in workers:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(0.05)

    async def wait_for(self, watching: list[asyncio.Task[None]], viewers: list[Viewer]) -> None:
        """Wait until viewers of live runs have seen the end and the killed worker's run is over."""
        live = [
            task for task, viewer in zip(watching, viewers, strict=True) if self.is_live(viewer.run)
        ]
        await asyncio.wait(live, timeout=PATIENCE)
        until = time.monotonic() + PATIENCE
        while (
            self.killed
            and self.states()[self.killed] in ("queued", "running")
            and time.monotonic() < until
        ):
            await asyncio.sleep(0.5)

    def is_live(self, run: str) -> bool:
        return any(run in runs for runs in self.world.live.values())

    def states(self) -> dict[str, str]:
        table = Run._meta.db_table
        rows = self.database.execute(f"SELECT id, state FROM {table}").fetchall()  # noqa: S608 (our own table's name)
        return {f"{i[:8]}-{i[8:12]}-{i[12:16]}-{i[16:20]}-{i[20:]}": state for i, state in rows}

    def summarize(
        self, viewers: list[Viewer], written: int, dropped: int, opened: float
    ) -> dict[str, Any]:
        """Compare every viewer's events with the stream's and return the results."""
        server = redis.Redis.from_url(
            f"unix://{valkey.get_socket_path(self.studio.data_dir)}", decode_responses=True
        )
        lost = doubled = disordered = delivered = 0
        for viewer in viewers:
            entries: Any = server.xrange(f"run:{viewer.run}:events")
            written_ids: list[str] = [entry[0] for entry in entries]
            # The viewer of a waiting run has seen only the beginning.
            if not viewer.over and not self.is_live(viewer.run):
                written_ids = written_ids[: len(viewer.ids)]
            delivered += len(viewer.ids)
            lost += len(set(written_ids) - set(viewer.ids))
            doubled += len(viewer.ids) - len(set(viewer.ids))
            if viewer.ids != written_ids:
                disordered += 1
        memory: Any = server.info("memory")
        states = self.states()
        finished = {
            team: len([run for run in runs if states[run] not in ("queued", "running")])
            for team, runs in self.world.queued.items()
        }
        delays = list(itertools.chain.from_iterable(viewer.delays for viewer in viewers))
        return {
            "viewers": len(viewers),
            "live_runs": sum(map(len, self.world.live.values())),
            "queued_runs": sum(map(len, self.world.queued.values())),
            "slow_viewers": sum(v.slow for v in viewers),
            "open_s": round(opened, 1),
            "reconnects": sum(v.opened - 1 for v in viewers),
            "dropped": dropped,
            "written": written,
            "delivered": delivered,
            "lost": lost,
            "doubled": doubled,
            "disordered": disordered,
            "event_ms": percentiles(delays),
            "page_ms": percentiles(self.pages),
            "pages": len(self.pages),
            "failed_pages": self.failed_pages,
            "news": sum(viewer.news for viewer in viewers),
            "killed_run": states.get(self.killed or "", "none was running"),
            "queued_done": sum(finished.values()),
            "queued_done_by_team": sorted(finished.values()),
            "mb_idle": self.peaks.idle,
            "mb_peak": self.peaks.peak,
            "valkey_used_mb": round(memory["used_memory_peak"] / 1e6),
        }


def _flatten(runs_of_team: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return (team, run) for every run."""
    pairs = []
    for team, runs in runs_of_team.items():
        pairs += [(team, run) for run in runs]
    return pairs


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Return p50, p99 and maximum in milliseconds."""
    if not seconds:
        return {}
    values = sorted(seconds)
    positions = {"p50": len(values) // 2, "p99": int(len(values) * 0.99), "max": -1}
    return {name: round(1000 * values[i], 1) for name, i in positions.items()}


def lines(results: dict[str, Any]) -> list[str]:
    """Return the results as lines of text."""
    event = results["event_ms"]
    page = results["page_ms"]
    return [
        f"{results['viewers']:,} viewers of {results['live_runs']} live runs (opened in {results['open_s']} s), "
        f"{results['queued_runs']} runs queued by {len(results['queued_done_by_team'])} teams",
        f"events: {results['written']:,} written, {results['delivered']:,} delivered, {results['lost']} lost, "
        f"{results['doubled']} doubled, {results['disordered']} viewers with another order",
        f"{results['slow_viewers']} slow readers, {results['reconnects']} reconnects, "
        f"one worker killed: its run is {results['killed_run']}",
        f"event latency: p50 {event.get('p50')} ms, p99 {event.get('p99')} ms, worst {event.get('max')} ms",
        f"page latency: p50 {page.get('p50')} ms, p99 {page.get('p99')} ms of {results['pages']} pages, "
        f"{results['failed_pages']} failed",
        f"queued runs done meanwhile: {results['queued_done']}, by team {results['queued_done_by_team']}",
        f"memory, MB: idle {results['mb_idle']}, most {results['mb_peak']}; Valkey's data at most "
        f"{results['valkey_used_mb']} MB",
    ]
