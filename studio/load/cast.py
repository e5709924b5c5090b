"""Creates the people and runs of a load test and writes live events.

`python -m studio.load.cast PLAN` prints the world as a line of JSON, waits for a line of input,
writes events for the planned time and prints how many. Runs in the environment of the measured
studio.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
import uuid
from dataclasses import asdict
from typing import Any

from studio.load.plan import PEOPLE, Plan, World

HEARTBEAT = 2.0  # seconds; a worker's is shorter
TEXT = "<p class='card'>Some words of a page that is being written.</p>"


def main(plan: Plan) -> None:
    import django

    django.setup()
    workers: dict[str, str] = {}
    threading.Thread(target=beat, args=(workers,), daemon=True).start()
    world = make_world(plan, workers)
    print(json.dumps(asdict(world)), flush=True)
    sys.stdin.readline()
    print(json.dumps(write_live(plan, workers)), flush=True)


def beat(workers: dict[str, str]) -> None:
    """Renew all claims forever, because runs with stale claims are requeued."""
    from django.db import OperationalError

    from studio.runs.services import keep_claim

    while True:
        for run, worker in list(workers.items()):
            # SQLite was busy; the next heartbeat counts
            with contextlib.suppress(OperationalError):
                keep_claim(run_id=uuid.UUID(run), worker=worker)
        time.sleep(HEARTBEAT)


def make_world(plan: Plan, workers: dict[str, str]) -> World:
    """Create the world; fill `workers` with the worker's name of each live run."""
    from studio.projects.services import get_first_project
    from studio.runs.services import start_run
    from studio.teams.membership import add_member, create_team
    from studio.teams.models import Role
    from studio.teams.services import create_user

    world = World({}, {}, {})
    for number in range(plan.teams):
        people = [create_user(email=f"person-{number}-{i}@example.org") for i in range(PEOPLE)]
        team = create_team(name=f"Team {number}", by=people[0])
        for person in people[1:]:
            add_member(team=team, user=person, role=Role.EDITOR)
        project = get_first_project(team=team)
        upload = sample_upload(team)
        world.sessions[team.name] = [session_of(person) for person in people]
        world.live[team.name] = []
        world.queued[team.name] = []
        for _ in range(share(plan.live, plan.teams, number)):
            run, worker = begin_live_run(project, people[0], upload)
            workers[run] = worker
            world.live[team.name].append(run)
        for _ in range(share(plan.queued, plan.teams, number)):
            queued = start_run(project=project, by=people[0], upload=upload, rounds=0)
            world.queued[team.name].append(str(queued.pk))
    return world


def share(whole: int, parts: int, number: int) -> int:
    """Return the size of part `number` when `whole` is split into `parts`."""
    size = whole // parts
    return size + 1 if number < whole % parts else size


def begin_live_run(project: Any, by: Any, upload: Any) -> tuple[str, str]:
    """Start a run and claim it before a worker can."""
    from django.db import transaction

    from studio.runs.services import claim_run, start_run

    with transaction.atomic():
        run = start_run(project=project, by=by, upload=upload, rounds=0, seconds=3_600)
        worker = f"load:{run.pk.hex[:8]}:0"
        assert claim_run(run_id=run.pk, worker=worker)
    return str(run.pk), worker


def sample_upload(team: Any) -> Any:
    from studio.runs import samples
    from studio.uploads.services import store_upload

    return store_upload(team=team, file=samples.open_sample("sign-up"))


def session_of(person: Any) -> str:
    """Return the key of a session in which the person is signed in."""
    from django.conf import settings
    from django.test import Client

    browser = Client()
    browser.force_login(person)
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)


def write_live(plan: Plan, workers: dict[str, str]) -> dict[str, int]:
    """Write events to all runs evenly over the time, then finish them; return the count."""
    from studio.runs.events import Writer
    from studio.runs.services import finish_run

    runs = {uuid.UUID(run): worker for run, worker in workers.items()}
    writers = {run: Writer(run) for run in runs}
    step = 1 / (plan.rate * max(1, len(runs)))  # seconds between two events, of any run
    began = time.monotonic()
    written = 0
    while time.monotonic() < began + plan.seconds:
        for writer in writers.values():
            writer.append("chunk", {"kind": "answer", "text": TEXT, "n": written})
            written += 1
            time.sleep(max(0.0, began + written * step - time.monotonic()))
    for run, worker in runs.items():
        ended = finish_run(run_id=run, worker=worker, stop_reason="no model", message="", report={})
        assert ended, f"run {run} was taken from its writer"
    return {"written": written}


if __name__ == "__main__":
    main(Plan(**json.loads(sys.argv[1])))
