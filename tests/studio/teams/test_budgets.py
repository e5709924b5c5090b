"""What a team may use in a day: counted, refused in a sentence, and ended where a run is under way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from inference.types import Usage
from studio.runs.budget_meter import BudgetMeter
from studio.runs.models import Run
from studio.runs.usage import compute_costs
from studio.teams import budgets
from studio.teams.errors import TeamError
from studio.teams.models import Connection, Spending, Team
from tests.people import adas_team, cast
from tests.studio.runs.making import png, queued_run

pytestmark = pytest.mark.django_db


def budget(tokens: int | None, seconds: int | None) -> Team:
    budgets.set_budget(team=adas_team(), by=cast("ada"), tokens_a_day=tokens, seconds_a_day=seconds)
    return adas_team()


def test_without_one_nothing_ends() -> None:
    budgets.spend(team_id=adas_team().pk, tokens=10**9, seconds=10**6)
    assert queued_run().state == "queued"


def test_a_run_with_a_model_needs_tokens_and_one_without_does_not() -> None:
    team = budget(1000, None)
    budgets.spend(team_id=team.pk, tokens=1000, seconds=5)
    with pytest.raises(
        TeamError, match="ada has used today's budget of 1000 tokens; wait until midnight UTC"
    ):
        queued_run()
    assert queued_run(rounds=0).state == "queued"


def test_every_run_needs_time() -> None:
    team = budget(None, 60)
    budgets.spend(team_id=team.pk, tokens=0, seconds=60.5)
    with pytest.raises(TeamError, match="ada has used today's budget of 60 seconds"):
        queued_run(rounds=0)


def test_the_next_day_begins_anew() -> None:
    team = budget(1000, None)
    budgets.spend(team_id=team.pk, tokens=1000, seconds=5)
    Spending.objects.update(day=timezone.now().date() - timedelta(days=1))
    assert queued_run().state == "queued"


def test_other_teams_are_not_concerned() -> None:
    budgets.spend(team_id=budget(1, None).pk, tokens=1, seconds=0)
    assert queued_run("dan").state == "queued"


class TestPages:
    def test_the_first_page_says_why_and_keeps_what_was_typed(self, client: Client) -> None:
        budgets.spend(team_id=budget(None, 1).pk, tokens=0, seconds=2)
        page = client.post(
            "/", {"mockup": SimpleUploadedFile("a.png", png()), "prompt": "Use a grid"}
        )
        assert page.status_code == 422
        assert "has used today&#x27;s budget of 1 seconds" in page.content.decode()
        assert "Use a grid" in page.content.decode()
        assert not Run.objects.exists()

    def test_elsewhere_it_is_a_page_of_its_own(self, client: Client) -> None:
        budgets.spend(team_id=budget(None, 1).pk, tokens=0, seconds=2)
        page = client.post("/samples/harbour")
        assert page.status_code == 409
        assert "has used today&#x27;s budget of 1 seconds" in page.content.decode()

    def test_owners_set_it_and_members_see_it(self, client: Client) -> None:
        address = f"/teams/{adas_team().pk}/budget"
        client.post(address, {"tokens_a_day": "5000", "seconds_a_day": ""})
        assert (adas_team().tokens_a_day, adas_team().seconds_a_day) == (5000, None)
        assert client.post(address, {"tokens_a_day": "-1"}).status_code == 422
        assert "0 of 5,000 tokens" in client.get(f"/teams/{adas_team().pk}/models").content.decode()


class TestMeter:
    def test_it_writes_down_what_a_run_uses_and_says_when_that_is_too_much(self) -> None:
        team = budget(1000, None)
        with BudgetMeter(team.pk) as meter:
            assert not meter.spent(Usage(500, 100))
            budgets.spend(team_id=team.pk, tokens=300, seconds=1)  # another run of the team
            assert meter.spent(Usage(600, 150))
        assert Spending.objects.get().tokens == 1050

    def test_what_a_run_used_is_counted_however_it_ends(self) -> None:
        def broken() -> None:
            with BudgetMeter(adas_team().pk) as meter:
                meter.spent(Usage(10, 5))
                raise ValueError

        with pytest.raises(ValueError):
            broken()
        row = Spending.objects.get()
        assert row.tokens == 15
        assert row.seconds > 0


def test_a_connections_prices_make_the_cost() -> None:
    run = queued_run()
    run.connection = Connection(price_in=0.6, price_out=2.5)
    assert compute_costs(run, Usage(1_000_000, 400_000)) == {"local": False, "cost": 1.6}
    run.connection = Connection(price_in=0.6)
    assert compute_costs(run, Usage(1, 1)) == {"local": False}
