"""Processes killed in the middle of a run, with real signals: the run completes, no event is lost
or doubled.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.e2e.asking import browser_cookies, events, page, start_run
from tests.e2e.models import PAGE, slow_model
from tests.processes import Studio, studio, wait_for

WEB, WORKER, VALKEY = "studio.processes.web", "celery", "valkey-server"
DONE = 90_000  # ms

Events = list[dict[str, Any]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, topology: dict[str, str]) -> Iterator[Studio]:
    with slow_model(seconds=4) as model:
        settings = {**topology, "MODEL_URL": model.url, "RUN_ROUNDS": "1", "RUN_TARGET": "1"}
        with studio(tmp_path_factory.mktemp("durable") / "data", **settings) as running:
            yield running


def kill(served: Studio, part: str) -> None:
    for pid in served.find(part):
        os.kill(pid, signal.SIGKILL)


def watched(served: Studio, run: str, killed: str) -> Events:
    """Everything a reader gets of a run during which, once the model has begun to write, a part is
    killed.
    """
    seen: Events = []
    with events(served, run) as coming:
        for event in coming:
            seen.append(event)
            if sum(e["kind"] == "chunk" for e in seen) == 20 and event["kind"] == "chunk":
                kill(served, killed)
    return seen


def ids(of: Events) -> list[tuple[int, int]]:
    numbers = [event["id"].split("-") for event in of if event["id"]]
    return [(int(first), int(second)) for first, second in numbers]


def last_claim(of: Events) -> Events:
    start = max(place for place, event in enumerate(of) if event["kind"] == "claimed")
    return of[start:]


def text(of: Events) -> str:
    return "".join(event["data"]["text"] for event in of if event["kind"] == "chunk")


def assert_whole(served: Studio, run: str, seen: Events, claims: int) -> None:
    """What was seen is what there is, each event once and in order, and the last claim told a
    complete run.
    """
    with events(served, run) as coming:
        replayed = list(coming)
    assert [event["id"] for event in seen if event["id"]] == [
        event["id"] for event in replayed if event["id"]
    ]
    assert ids(seen) == sorted(set(ids(seen)))
    assert [event["data"]["claim"] for event in seen if event["kind"] == "claimed"] == list(
        range(1, claims + 1)
    )
    told = last_claim(seen)
    assert text(told) == PAGE
    assert [event["data"]["number"] for event in told if event["kind"] == "attempt"] == [0, 1]
    assert (told[-1]["kind"], told[-1]["data"]) == ("over", {"state": "finished"})
    assert ">finished<" in page(served, run)


def test_a_killed_worker(browser: Browser, served: Studio, mockup_png: bytes) -> None:
    """The run is claimed again and completes, and the page shows it without a reload."""
    run = start_run(served, mockup_png)
    context = browser.new_context(base_url=served.address)
    context.add_cookies(browser_cookies(served))  # type: ignore[arg-type]
    tab = context.new_page()
    tab.goto(run)
    tab.evaluate("window.neverReloaded = true")
    seen = watched(served, run, WORKER)
    assert "requeued" in [event["kind"] for event in seen]
    assert_whole(served, run, seen, claims=2)
    expect(tab.locator(".state")).to_have_text("finished", timeout=DONE)
    assert tab.locator(".attempts li").count() == 2
    assert tab.evaluate("window.neverReloaded")
    context.close()


def test_a_killed_web_process(served: Studio, mockup_png: bytes) -> None:
    run = start_run(served, mockup_png)
    assert_whole(served, run, watched(served, run, WEB), claims=1)


def test_a_killed_valkey(served: Studio, mockup_png: bytes) -> None:
    if not served.find(VALKEY):
        pytest.skip("the Redis of this topology is not ours to kill")
    run = start_run(served, mockup_png)
    assert_whole(served, run, watched(served, run, VALKEY), claims=1)


def test_a_valkey_that_lost_everything(served: Studio, mockup_png: bytes) -> None:
    """What waited is queued again from the database; what ran goes on."""
    if not served.find(VALKEY):
        pytest.skip("the Redis of this topology is not ours to kill")
    running, waiting = start_run(served, mockup_png), start_run(served, mockup_png)
    wait_for(lambda: ">running<" in page(served, running), seconds=90, what="the first run's start")
    shutil.rmtree(Path(served.data_dir) / "valkey" / "appendonlydir")
    kill(served, VALKEY)
    for run in (running, waiting):
        wait_for(
            lambda at=run: ">finished<" in page(served, at), seconds=90, what=f"the end of {run}"
        )


def test_ten_at_once(served: Studio, mockup_png: bytes) -> None:
    corner = io.BytesIO()  # small, for it is the queue that is tried here
    Image.open(io.BytesIO(mockup_png)).crop((0, 0, 320, 120)).save(corner, "PNG")
    runs = [start_run(served, corner.getvalue(), rounds="0") for _ in range(10)]
    seen = []
    for run in runs:
        with events(served, run) as coming:
            seen.append(list(coming))
    for told in seen:
        assert told[-1]["data"] == {"state": "finished"}
        assert ids(told) == sorted(set(ids(told)))
        assert [event["data"]["number"] for event in told if event["kind"] == "attempt"] == [0]
