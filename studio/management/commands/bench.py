"""`manage.py bench`: latency from click to event, event throughput, and first paint.

With `--load`: a load test with a thousand viewers.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import redis
from django.core.management.base import BaseCommand, CommandParser

from studio.load.browsers import launch_browser
from studio.load.measure import lines, measure
from studio.load.page_budgets import measure_first_paint
from studio.load.plan import Plan
from studio.processes import valkey
from studio.processes.trial_studio import Trial, run_trial_studio
from studio.runs import samples
from studio.runs.models import Run

BATCH = 100  # events sent at once, so that the socket is measured, not the writer


class Command(BaseCommand):
    help = "Measure a temporary studio: click to first event, events per second to a socket, first paint of pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--runs", type=int, default=20)
        parser.add_argument("--events", type=int, default=20_000)
        parser.add_argument("--paints", type=int, default=20)
        parser.add_argument("--json", action="store_true")
        load = parser.add_argument_group(
            "load", "many viewers, live and queued runs, and a worker killed"
        )
        load.add_argument("--load", action="store_true", help="measure this instead of the rest")
        load.add_argument("--viewers", type=int, default=Plan.viewers)
        load.add_argument(
            "--live", type=int, default=Plan.live, help="runs that are written during the test"
        )
        load.add_argument("--teams", type=int, default=Plan.teams)
        load.add_argument(
            "--queued", type=int, default=Plan.queued, help="runs that wait for the one worker"
        )
        load.add_argument(
            "--rate", type=float, default=Plan.rate, help="events per second of each live run"
        )
        load.add_argument("--seconds", type=float, default=Plan.seconds)

    def handle(self, *args: Any, runs: int, events: int, paints: int, **options: Any) -> None:
        if options["load"]:
            self.load(options)
            return
        with run_trial_studio() as studio:
            measure_click(studio)  # warm-up: loads what later runs share
            clicks = [measure_click(studio) for _ in range(runs)]
            paint_times = paint(studio, paints)
        with run_trial_studio("--role", "web") as studio:
            throughput = measure_throughput(studio, events)
        results: dict[str, Any] = {}
        for name in clicks[0]:
            results[name] = _spread([click[name] for click in clicks])
        results |= throughput
        results |= paint_times
        text = json.dumps(results) if options["json"] else "\n".join(_format_lines(results))
        self.stdout.write(text)

    def load(self, options: dict[str, Any]) -> None:
        names = ("viewers", "live", "teams", "queued", "rate", "seconds")
        plan = Plan(**{name: options[name] for name in names})
        with run_trial_studio(MODEL_URL="none") as studio:
            results = measure(studio, plan)
        self.stdout.write(json.dumps(results) if options["json"] else "\n".join(lines(results)))


def measure_click(studio: Trial) -> dict[str, float]:
    """Return ms from submitting the form to the reply, the first event and its arrival."""
    with studio.client() as client:
        client.get("/")
        begun = time.time()
        run = studio.start_run(client, samples.open_sample("sign-up").read(), rounds="0")
        replied = time.time()
        with listen(studio, run) as messages:
            first = next(event for event in messages if event["kind"] == "claimed")
            arrived = time.time()
            for _ in messages:
                pass
    stamp = int(first["id"].split("-")[0]) / 1000
    claimed = claim_time(studio, run)
    seconds = {
        "reply": replied - begun,
        "event": stamp - begun,
        "arrival": arrived - begun,
        "claim": stamp - claimed,
    }
    return {f"{name}_ms": 1000 * value for name, value in seconds.items()}


def measure_throughput(studio: Trial, count: int) -> dict[str, float]:
    """Return the events per second that reach a reader when written at full speed."""
    with studio.client() as client:
        run = studio.start_run(client, samples.open_sample("sign-up").read())
    key = f"run:{run.split('/')[2]}:events"
    server = redis.Redis.from_url(f"unix://{valkey.get_socket_path(studio.data_dir)}")
    event: Any = {"kind": "chunk", "data": json.dumps({"kind": "answer", "text": "<p class='x'>"})}

    def write() -> None:
        for _ in range(count // BATCH):
            with server.pipeline(transaction=False) as pipe:
                for _ in range(BATCH):
                    pipe.xadd(key, event)
                pipe.execute()

    with listen(studio, run) as messages:
        assert next(messages)["kind"] == "place"
        begun = time.monotonic()
        threading.Thread(target=write, daemon=True).start()
        ids = [next(messages)["id"] for _ in range(count // BATCH * BATCH)]
        seconds = time.monotonic() - begun
    return {"events": len(set(ids)), "events_per_s": len(ids) / seconds}


def paint(studio: Trial, times: int) -> dict[str, dict[str, float]]:
    """Return ms to the first paint of the start page and of a finished run, with an empty cache."""
    from playwright.sync_api import sync_playwright

    with studio.client() as client:
        run = studio.start_run(client, samples.open_sample("sign-up").read(), rounds="0")
    with listen(studio, run) as messages:
        for _ in messages:
            pass
    cookies: Any = [
        {"name": n, "value": v, "url": studio.address} for n, v in studio.cookies.items()
    ]
    times_of: dict[str, list[float]] = {"/": [], run: []}
    with sync_playwright() as playwright:
        browser = launch_browser(playwright)
        for _ in range(times + 1):
            for address, measured in times_of.items():
                context = browser.new_context(base_url=studio.address)
                context.add_cookies(cookies)
                measured.append(measure_first_paint(context.new_page(), address))
                context.close()
    # The first measurement of each is left out, because it starts parts of the browser.
    return {
        "start_paint_ms": _spread(times_of["/"][1:]),
        "run_paint_ms": _spread(times_of[run][1:]),
    }


@contextmanager
def listen(studio: Trial, run: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Yield a run's events as a browser's socket receives them."""
    from websockets.sync.client import connect
    from websockets.typing import Origin

    cookie = "; ".join(f"{name}={value}" for name, value in studio.cookies.items())
    address = studio.address.replace("http", "ws", 1) + run.replace("/runs/", "/ws/runs/").rstrip(
        "/"
    )
    with connect(
        address, additional_headers={"Cookie": cookie}, origin=Origin(studio.address)
    ) as socket:
        yield (event for message in socket for event in json.loads(message))


def claim_time(studio: Trial, run: str) -> float:
    """Return when the worker claimed the run, in seconds since 1970."""
    with sqlite3.connect(studio.data_dir / "studio.sqlite3") as database:
        query = f"SELECT started_at FROM {Run._meta.db_table} WHERE id = ?"  # noqa: S608 (our own table's name)
        [found] = database.execute(query, (run.split("/")[2].replace("-", ""),)).fetchone()
    return datetime.fromisoformat(f"{found}+00:00").timestamp()


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(values), 1), "max": round(max(values), 1)}


def _format_lines(results: dict[str, Any]) -> Iterator[str]:
    words = {
        "reply_ms": "click to the reply",
        "event_ms": "click to the first event",
        "arrival_ms": "click to its arrival on a socket opened after the reply",
        "claim_ms": "the worker's claim to its first event",
        "start_paint_ms": "first paint of the start page, by a browser with an empty cache",
        "run_paint_ms": "first paint of a finished run's page, by the same",
    }
    for name, text in words.items():
        yield f"{text}: median {results[name]['median']} ms, worst {results[name]['max']} ms"
    yield f"events to one socket: {results['events_per_s']:,.0f}/s ({results['events']:,} sent, none lost)"
