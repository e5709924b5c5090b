"""A client that openapi-python-client generates from the API's description makes every call."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from studio.runs import events
from studio.runs.models import Attempt, Run
from studio.runs.services import finish_run, record_attempt
from studio.teams.models import Role
from tests.studio.api.calling import secret_of
from tests.studio.runs.making import BEN, attempt, claimed_run
from tests.studio.runs.outlined import make_outlined_version

HERE = Path(__file__).parent / "sdk"


@pytest.fixture
def finished(transactional_db: None, valkey: None) -> Run:
    """Return a run of two versions: the last one of a run cannot be deleted."""
    run = claimed_run()
    for number in range(2):
        record_attempt(run_id=run.pk, worker=BEN, attempt=attempt(number))
    finish_run(run_id=run.pk, worker=BEN, stop_reason="no model", message="", report={})
    events.publish_event(run.pk, "over", {"state": "finished"})
    return run


@pytest.fixture
def outlined(finished: Run) -> Attempt:
    return make_outlined_version()


def test_every_call_works(
    clients: Path, finished: Run, outlined: Attempt, live_server: Any, tmp_path: Path
) -> None:
    tools = clients / "venv" / "openapi_python_client" / "bin"
    if not (tools / "openapi-python-client").exists():
        pytest.skip("openapi-python-client could not be installed.")
    description = tmp_path / "openapi.json"
    description.write_bytes(Client().get("/api/v1/openapi.json").content)
    environment = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    made = subprocess.run(
        [
            str(tools / "openapi-python-client"),
            "generate",
            *("--path", str(description)),
            *("--output-path", str(tmp_path / "made")),
            *("--config", str(HERE / "generated_client.yml")),
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=58,
    )
    said = made.stdout + made.stderr
    assert made.returncode == 0, said
    assert "warning" not in said.lower(), said
    token = secret_of(role=Role.OWNER)
    script = str(HERE / "generated_client.py")
    told = subprocess.run(
        [
            *(str(tools / "python"), script, live_server.url, token),
            *(str(finished.pk), str(outlined.run_id), str(tmp_path / "made")),
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=58,
    )
    assert told.stdout, told.stderr[-2000:]
    results = json.loads(told.stdout.splitlines()[-1])["results"]
    assert set(results.values()) == {"ok"}, results
