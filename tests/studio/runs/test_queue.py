"""Who is next: teams take turns, and one team never has more under way than it may."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from studio.runs import services
from studio.runs.models import Run
from studio.runs.queue import Waiting, may_start, order_fairly
from studio.runs.services import claim_next, count_runs_before, finish_run
from tests.studio.runs.making import queued_run


def waiting(teams: str) -> list[Waiting]:
    """One run for each letter, the oldest first."""
    return [Waiting(uuid.uuid4(), ord(team)) for team in teams]


def order(teams: str, running: str = "", started: str = "") -> str:
    """`started`: the teams that were served before, the longest ago first."""
    under_way = {ord(team): running.count(team) for team in running}
    last = {ord(team): 1.0 + moment for moment, team in enumerate(started)}
    return "".join(chr(one.team) for one in order_fairly(waiting(teams), under_way, last))


@pytest.mark.parametrize(
    ("teams", "running", "served"),
    [
        ("", "", ""),
        ("aaa", "", "aaa"),
        ("aaaab", "", "abaaa"),  # a latecomer does not wait for the other team's whole pile
        ("aabbc", "", "abcab"),
        ("aab", "aa", "baa"),  # who has runs under way waits for who has none
        ("ab", "b", "ab"),
    ],
)
def test_teams_take_turns(teams: str, running: str, served: str) -> None:
    assert order(teams, running) == served


@pytest.mark.parametrize(
    ("teams", "started", "served"),
    [
        ("aaab", "a", "baaa"),  # with one worker nothing is under way whenever it asks
        ("aaab", "ba", "baaa"),
        ("aabb", "ab", "abab"),
        ("abc", "bca", "bca"),
    ],
)
def test_who_was_served_longest_ago_is_next(teams: str, started: str, served: str) -> None:
    assert order(teams, started=started) == served


def test_within_a_team_the_oldest_is_first() -> None:
    runs = waiting("aaa")
    assert order_fairly(runs, {}, {}) == runs


def test_a_team_at_its_limit_lets_others_pass() -> None:
    runs = waiting("aab")
    a, b = ord("a"), ord("b")
    assert [one.team for one in may_start(runs, {a: 2}, most=2)] == [b]
    assert may_start(runs, {a: 2, b: 2}, most=2) == []


@pytest.mark.django_db
class TestClaimNext:
    def test_one_worker_serves_a_latecomer_after_the_run_under_way(self) -> None:
        first, second, other = queued_run("ada"), queued_run("ada"), queued_run("dan")
        served = []
        while run := claim_next(worker="host:1:x"):
            served.append(run.pk)
            finish_run(run_id=run.pk, worker="host:1:x", stop_reason="goal", message="", report={})
        assert served == [first.pk, other.pk, second.pk]

    def test_it_gives_each_waiting_run_once_in_turn(self) -> None:
        first, second, third = queued_run("ada"), queued_run("ada"), queued_run("dan")
        claimed = [claim_next(worker="host:1:x") for _ in range(4)]
        assert [run and run.pk for run in claimed] == [first.pk, third.pk, second.pk, None]

    def test_it_keeps_to_the_teams_limit_until_one_ends(self, settings: Any) -> None:
        settings.TEAM_RUNS = 1
        queued_run(), queued_run()
        first = claim_next(worker="host:1:x")
        assert first is not None
        assert claim_next(worker="host:2:y") is None
        finish_run(
            run_id=first.pk, worker="host:1:x", stop_reason="no model", message="", report={}
        )
        assert claim_next(worker="host:2:y") is not None

    def test_the_place_is_the_number_of_turns_before(self) -> None:
        runs = [queued_run("ada"), queued_run("ada"), queued_run("dan")]
        assert [count_runs_before(run.pk) for run in runs] == [0, 2, 1]
        assert count_runs_before(Run(pk=uuid.uuid4()).pk) == 0

    def test_a_team_that_was_not_served_among_the_newest_runs_is_as_one_that_never_was(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Reading more would cost each claim as much as the studio has had runs."""
        for owner in ("dan", "ada"):
            queued_run(owner)
            run = claim_next(worker="host:1:x")
            assert run is not None
            finish_run(run_id=run.pk, worker="host:1:x", stop_reason="goal", message="", report={})
        older, newer = queued_run("dan"), queued_run("cleo")
        assert [count_runs_before(run.pk) for run in (newer, older)] == [0, 1]
        monkeypatch.setattr(services, "NEWEST", 1)
        assert [count_runs_before(run.pk) for run in (older, newer)] == [0, 1]
