"""A receiver of webhooks that never comes to an end holds up deliveries for a while, and no run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.asking import cookies, page, start_run
from tests.processes import ROOT, Studio, studio, wait_for
from tests.studio.outgoing.raw import raw_server, trickle

ADD = """
from studio.teams.models import Team, User
from studio.webhooks.services import create_webhook
create_webhook(team=Team.objects.first(), by=User.objects.first(), url={url!r})
"""


def add_webhook(served: Studio, url: str, settings: Mapping[str, str]) -> None:
    environment = {**os.environ, "DATA_DIR": str(served.data_dir), **settings}
    command = [sys.executable, "manage.py", "shell", "-c", ADD.format(url=url)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def await_end(served: Studio, run: str) -> None:
    wait_for(lambda: ">finished<" in page(served, run), seconds=50, what=f"the end of {run}")


def test_runs_go_on_while_a_receiver_says_one_byte_a_second(
    tmp_path: Path, mockup_png: bytes, topology: dict[str, str]
) -> None:
    settings = {**topology, "OUTGOING_PRIVATE": "True", "DELIVERIES": "1", "WEBHOOK_SECONDS": "300"}
    with (
        raw_server(trickle(b"H", pause=1.0)) as slow,
        studio(tmp_path / "data", **settings) as served,
    ):
        cookies(served)  # signs in, which makes the team
        add_webhook(served, f"{slow.url}/hook", settings)
        await_end(served, start_run(served, mockup_png))
        wait_for(
            lambda: slow.requests, seconds=30, what="the delivery, which lasts for minutes now"
        )
        await_end(served, start_run(served, mockup_png))
        assert len(slow.requests) == 1, "the delivery was over before the run was"
