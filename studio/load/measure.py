"""The load itself: opens everything, kills a worker, and counts what was lost, doubled, late or
large.
"""

from __future__ import annotations

import asyncio
import contextlib
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

WATCHED = 10  # of the queued runs; the killed worker's is one more
KILL_AFTER = 0.3  # of the time: then a run that a worker carries out loses it
PATIENCE = 180.0  # seconds for the killed worker's run to end, and for slow readers to catch up
ASKING = 0.25  # seconds between two pages that somebody asks for


def measure(studio: Trial, plan: Plan) -> dict[str, Any]:
    """What the load came to."""
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
    def __init__(
        self, studio: Trial, plan: Plan, world: World, cast: subprocess.Popen[str]
    ) -> None:
        self.studio, self.plan, self.world, self.cast = studio, plan, world, cast
        self.peaks = processes.Peaks(studio.data_dir)
        self.database = sqlite3.connect(studio.data_dir / "studio.sqlite3", timeout=20)
        self.ended, self.hurry = asyncio.Event(), asyncio.Event()
        self.pages: list[float] = []
        self.failed_pages = 0
        self.killed: str | None = None

    async def run(self) -> dict[str, Any]:
        viewers = self.viewers()
        gate = asyncio.Semaphore(OPENING)
        began = time.monotonic()
        watching = [
            asyncio.create_task(one.watch(self.studio.address, gate, self.hurry)) for one in viewers
        ]
        while sum(one.opened > 0 for one in viewers) < len(viewers):
            await asyncio.sleep(0.1)
        opened = time.monotonic() - began
        around = [
            *(asyncio.create_task(one.look_around(self.studio.address, gate)) for one in viewers),
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
        for task in [*around, *watching]:
            task.cancel()
        await asyncio.gather(*around, *watching, return_exceptions=True)
        return self.told(viewers, written, dropped, opened)

    def viewers(self) -> list[Viewer]:
        """Evenly over the live runs, and one each on some that wait; each is a person of the run's
        team.
        """
        live = [(team, run) for team, runs in self.world.live.items() for run in runs]
        found = []
        for number in range(self.plan.viewers):
            team, run = live[number % len(live)]
            people = self.world.sessions[team]
            slow = random.random() < self.plan.slow_share  # noqa: S311 (no secret)
            found.append(Viewer(run, people[(number // len(live)) % len(people)], slow))
        waiting = [(team, run) for team, runs in self.world.queued.items() for run in runs]
        for team, run in waiting[:: max(1, len(waiting) // WATCHED)][:WATCHED]:
            found.append(Viewer(run, self.world.sessions[team][0]))
        return found

    def write(self) -> int:
        assert self.cast.stdin
        assert self.cast.stdout
        self.cast.stdin.write("go\n")
        self.cast.stdin.flush()
        return int(json.loads(self.cast.stdout.readline())["written"])

    async def ask_for_pages(self) -> None:
        """Run pages and first pages, one after the other, as people load them meanwhile."""
        teams = list(self.world.sessions)
        async with httpx.AsyncClient(base_url=self.studio.address, timeout=60) as client:
            for number in range(1_000_000):
                team = teams[number % len(teams)]
                run = (
                    self.world.live[team][0]
                    if self.world.live[team]
                    else self.world.queued[team][0]
                )
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
        """The whole worker, without warning, in the middle of a run that it carries out."""
        await asyncio.sleep(self.plan.seconds * KILL_AFTER)
        waiting = {run for runs in self.world.queued.values() for run in runs}
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
        """For every viewer of a live run to have seen its end, and for the killed worker's run to
        be over.
        """
        live = [task for task, one in zip(watching, viewers, strict=True) if self.is_live(one.run)]
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

    def told(
        self, viewers: list[Viewer], written: int, dropped: int, opened: float
    ) -> dict[str, Any]:
        """Every viewer's events beside those that the stream holds."""
        server = redis.Redis.from_url(
            f"unix://{valkey.get_socket_path(self.studio.data_dir)}", decode_responses=True
        )
        lost = doubled = disordered = delivered = 0
        for viewer in viewers:
            entries: Any = server.xrange(f"run:{viewer.run}:events")
            there: list[str] = [entry[0] for entry in entries]
            if not viewer.over:  # of a run that still waits: what has come must be its beginning
                there = there[: len(viewer.ids)] if not self.is_live(viewer.run) else there
            delivered += len(viewer.ids)
            lost += len(set(there) - set(viewer.ids))
            doubled += len(viewer.ids) - len(set(viewer.ids))
            disordered += viewer.ids != there
        memory: Any = server.info("memory")
        states = self.states()
        done = {
            team: sum(states[run] not in ("queued", "running") for run in runs)
            for team, runs in self.world.queued.items()
        }
        delays = [delay for viewer in viewers for delay in viewer.delays]
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
            "news": sum(one.news for one in viewers),
            "killed_run": states.get(self.killed or "", "none was running"),
            "queued_done": sum(done.values()),
            "queued_done_by_team": sorted(done.values()),
            "mb_idle": self.peaks.idle,
            "mb_peak": self.peaks.peak,
            "valkey_used_mb": round(memory["used_memory_peak"] / 1e6),
        }


def percentiles(seconds: list[float]) -> dict[str, float]:
    """p50, p99 and the worst, in milliseconds."""
    if not seconds:
        return {}
    values = sorted(seconds)
    at = {"p50": len(values) // 2, "p99": int(len(values) * 0.99), "max": -1}
    return {name: round(1000 * values[place], 1) for name, place in at.items()}


def lines(found: dict[str, Any]) -> list[str]:
    """For people to read."""
    event, page = found["event_ms"], found["page_ms"]
    return [
        f"{found['viewers']:,} viewers of {found['live_runs']} live runs (opened in {found['open_s']} s), "
        f"{found['queued_runs']} runs queued by {len(found['queued_done_by_team'])} teams",
        f"events: {found['written']:,} written, {found['delivered']:,} delivered, {found['lost']} lost, "
        f"{found['doubled']} doubled, {found['disordered']} viewers with another order",
        f"{found['slow_viewers']} slow readers, {found['reconnects']} reconnects, "
        f"one worker killed: its run is {found['killed_run']}",
        f"event latency: p50 {event.get('p50')} ms, p99 {event.get('p99')} ms, worst {event.get('max')} ms",
        f"page latency: p50 {page.get('p50')} ms, p99 {page.get('p99')} ms of {found['pages']} pages, "
        f"{found['failed_pages']} failed",
        f"queued runs done meanwhile: {found['queued_done']}, by team {found['queued_done_by_team']}",
        f"memory, MB: idle {found['mb_idle']}, most {found['mb_peak']}; Valkey's data at most "
        f"{found['valkey_used_mb']} MB",
    ]
