"""Queues runs in a studio and says how they went: `python -m studio.load.queued_runs SAMPLE WARM RUNS`.

Runs in the environment of the measured studio. `WARM` runs are done first, because workers load their
libraries with them. Then it prints "warm" and waits for a line of input, queues `RUNS` runs at once, waits
until all are over, and prints them as a line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from typing import Any

ASKING = 2.0  # seconds between two looks at the runs' states, which are transactions, too
PATIENCE = 1_200.0  # seconds until all runs are over


def main(sample: str, warm: int, runs: int) -> None:
    import django

    django.setup()
    from studio.projects.services import get_first_project
    from studio.teams.membership import create_team
    from studio.teams.services import create_user

    owner = create_user(email=f"{uuid.uuid4().hex}@example.org")  # a database may see several tests
    project = get_first_project(team=create_team(name="Throughput", by=owner))
    do_runs(project, owner, sample, warm)
    print("warm", flush=True)
    sys.stdin.readline()
    print(json.dumps(do_runs(project, owner, sample, runs)), flush=True)


def do_runs(project: Any, owner: Any, sample: str, count: int) -> list[dict[str, Any]]:
    """Queue the runs, wait for their ends and return what is known of each."""
    from studio.runs.models import Run
    from studio.runs.samples import open_sample
    from studio.runs.services import start_run
    from studio.uploads.services import store_upload

    upload = store_upload(team=project.team, file=open_sample(sample))
    queued = [start_run(project=project, by=owner, upload=upload).pk for _ in range(count)]
    going = Run.objects.filter(pk__in=queued, state__in=(Run.State.QUEUED, Run.State.RUNNING))
    deadline = time.monotonic() + PATIENCE
    while going.exists():
        if time.monotonic() > deadline:
            raise SystemExit(f"{going.count()} of {count} runs are not over after {PATIENCE:g} s.")
        time.sleep(ASKING)
    return [describe_run(run) for run in Run.objects.filter(pk__in=queued)]


def describe_run(run: Any) -> dict[str, Any]:
    return {
        "state": str(run.state),
        "began": run.started_at.timestamp(),
        "ended": run.finished_at.timestamp(),
        "seconds": run.report.get("seconds", {}),
        "message": run.message,
    }


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
