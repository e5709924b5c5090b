"""The API held against its own description: whatever fits it, and whatever does not, is answered,
never with a 5xx.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from studio.runs import events
from studio.runs.models import Run
from studio.teams.models import Role
from tests.studio.api.calling import secret_of
from tests.studio.runs.making import finished_run

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
EXAMPLES = 15
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture
def run(db: None, valkey: None) -> Run:
    run = finished_run()
    events.publish_event(run.pk, "over", {"state": "finished"})
    return run


turns = itertools.count()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_call_is_answered_as_described(case: Any, run: Run) -> None:
    if (
        "run_id" in (case.path_parameters or {}) and next(turns) % 2
    ):  # made-up runs are mostly not there
        case.path_parameters["run_id"] = str(run.pk)
        case.path_parameters |= {"number": 1} if "number" in case.path_parameters else {}
    headers = {"Authorization": f"Bearer {secret_of(role=Role.OWNER)}"}
    case.call_and_validate(headers=headers, checks=CHECKS)
