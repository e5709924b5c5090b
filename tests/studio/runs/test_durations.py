"""How long runs usually take is the median of the team's own, for each way to make a page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.runs.durations import find_usual_seconds
from studio.runs.models import Run
from tests.people import adas_team
from tests.studio.runs.making import finished_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]


def lasted(seconds: float, **columns: object) -> None:
    now = timezone.now()
    times = {"started_at": now - timedelta(seconds=seconds), "finished_at": now}
    Run.objects.filter(pk=finished_run().pk).update(**times, **columns)


def test_it_is_the_median_of_each_choice() -> None:
    team = finished_run().project.team
    Run.objects.all().delete()
    for seconds in (4, 8, 100):
        lasted(seconds, rounds=0)
    lasted(60, rounds=3)
    assert find_usual_seconds(team) == {"draft": 8, "server": 60}


def test_without_runs_nothing_is_said() -> None:
    assert find_usual_seconds(adas_team()) == {}
