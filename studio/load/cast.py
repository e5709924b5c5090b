"""`python -m studio.load.cast PLAN`: makes the people and runs of a load, and writes the live ones, as workers do.

Prints the world as one line of JSON, writes events for as long as the plan says once a line comes in, and then prints
how many it wrote. Runs in the environment of the studio that is measured.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from typing import Any

from studio.load.plan import PEOPLE, Plan, World

HEARTBEAT = 2.0  # seconds, as a worker's
TEXT = "<p class='card'>Some words of a page that is being written.</p>"


def main(plan: Plan) -> None:
    import django

    django.setup()
    world, workers = make_world(plan)
    print(json.dumps(asdict(world)), flush=True)
    sys.stdin.readline()
    print(json.dumps(write_live(plan, workers)), flush=True)


def make_world(plan: Plan) -> tuple[World, dict[str, str]]:
    """The world, and the worker's name for each live run."""
    from studio.projects.services import first_project
    from studio.runs.services import start_run
    from studio.teams.membership import add_member, create_team
    from studio.teams.models import Role
    from studio.teams.services import create_user

    world, workers = World({}, {}, {}), {}
    for number in range(plan.teams):
        people = [create_user(email=f"person-{number}-{one}@example.org") for one in range(PEOPLE)]
        team = create_team(name=f"Team {number}", by=people[0])
        for person in people[1:]:
            add_member(team=team, user=person, role=Role.EDITOR)
        project, upload = first_project(team=team), sample_upload(team)
        world.sessions[team.name] = [session_of(person) for person in people]
        world.live[team.name], world.queued[team.name] = [], []
        for _ in range(share(plan.live, plan.teams, number)):
            run, worker = begin_live_run(project, people[0], upload)
            workers[run] = worker
            world.live[team.name].append(run)
        for _ in range(share(plan.queued, plan.teams, number)):
            queued = start_run(project=project, by=people[0], upload=upload, rounds=0)
            world.queued[team.name].append(str(queued.pk))
    return world, workers


def share(whole: int, parts: int, number: int) -> int:
    return whole // parts + (number < whole % parts)


def begin_live_run(project: Any, by: Any, upload: Any) -> tuple[str, str]:
    """A run that this process has claimed before any worker could."""
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
    """The key of a session in which the person is signed in."""
    from django.conf import settings
    from django.test import Client

    browser = Client()
    browser.force_login(person)
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)


def write_live(plan: Plan, workers: dict[str, str]) -> dict[str, int]:
    """Events of each run, evenly over the time; then all of them end. Returns how many were written."""
    import uuid

    from studio.runs.events import Writer
    from studio.runs.services import finish_run, keep_claim

    runs = {uuid.UUID(run): worker for run, worker in workers.items()}
    writers = {run: Writer(run) for run in runs}
    step = 1 / (plan.rate * max(1, len(runs)))  # seconds between two events, of whichever run
    began = time.monotonic()
    beaten, written = began, 0
    while (now := time.monotonic()) < began + plan.seconds:
        if now - beaten > HEARTBEAT:
            beaten = now
            for run, worker in runs.items():
                keep_claim(run_id=run, worker=worker)
        for writer in writers.values():
            writer.append("chunk", {"kind": "answer", "text": TEXT, "n": written})
            written += 1
            time.sleep(max(0.0, began + written * step - time.monotonic()))
    for run, worker in runs.items():
        finish_run(run_id=run, worker=worker, stop_reason="no model", message="", report={})
    return {"written": written}


if __name__ == "__main__":
    main(Plan(**json.loads(sys.argv[1])))
