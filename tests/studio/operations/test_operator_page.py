"""The operator sees how the studio does; nobody else sees that there is such a page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from studio.runs import worker_presence
from studio.runs.models import Run
from studio.runs.services import claim_run, fail_run
from studio.runs.worker_presence import PresentWorker
from studio.teams.models import User
from tests.people import cast
from tests.studio.runs.making import BEN, queued_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]


def visit(who: str) -> Any:
    visitor = Client()
    visitor.force_login(cast(who))
    return visitor.get("/operator")


def failed_run(message: str, **ages: timedelta) -> Run:
    run = queued_run(prompt="A secret project")
    claim_run(run_id=run.pk, worker=BEN)
    fail_run(run_id=run.pk, worker=BEN, message=message)
    Run.objects.filter(pk=run.pk).update(
        **{name: timezone.now() - age for name, age in ages.items()}
    )
    return run


class TestWho:
    def test_without_a_list_it_is_the_studios_first_account(self, ada: User) -> None:
        assert visit("ada").status_code == 200
        assert visit("ben").status_code == 404

    def test_a_list_counts_alone_and_for_confirmed_addresses(
        self, ada: User, settings: Any
    ) -> None:
        settings.OPERATORS = ("ben@example.org",)
        assert visit("ada").status_code == 404
        assert visit("ben").status_code == 404, "Ben only says that this address is his"
        User.objects.filter(email="ben@example.org").update(confirmed=True)
        assert visit("ben").status_code == 200

    def test_only_the_operators_menu_leads_there(self, ada: User) -> None:
        for who, shown in (("ada", True), ("ben", False)):
            visitor = Client()
            visitor.force_login(cast(who))
            assert ('href="/operator"' in visitor.get("/account").content.decode()) == shown


class TestWhat:
    def test_what_waits_and_runs_is_counted(self, ada: User) -> None:
        queued_run()
        running = queued_run()
        claim_run(run_id=running.pk, worker=BEN)
        context = visit("ada").context
        assert (context["queue"]["waiting"], context["queue"]["running_count"]) == (1, 1)
        assert str(running.pk) in visit("ada").content.decode()

    def test_errors_are_told_without_what_the_runs_are_about(self, ada: User) -> None:
        failed_run("The model server at m.example answered 500.")
        failed_run("Long ago.", finished_at=timedelta(days=8))
        page = visit("ada").content.decode()
        assert "The model server at m.example answered 500." in page
        assert "Long ago." not in page
        assert "A secret project" not in page

    def test_workers_are_those_that_said_lately_that_they_are_there(self, ada: User) -> None:
        assert "No worker is there" in visit("ada").content.decode()
        worker_presence.announce_worker("runs")
        try:
            (worker,) = worker_presence.list_workers()
            assert isinstance(worker, PresentWorker)
            assert worker.kind == "runs"
            assert f"process {worker.process}" in visit("ada").content.decode()
        finally:
            worker_presence.forget_worker("runs")

    def test_logins_and_keys_of_the_model_are_not_shown(self, ada: User, settings: Any) -> None:
        settings.MODEL_URL = "https://me:hunter2@models.example/v1?key=hunter3"
        page = visit("ada").content.decode()
        assert "https://models.example/v1" in page
        assert "hunter" not in page

    def test_the_writer_says_whether_it_is_there(self, ada: User) -> None:
        assert "not installed: make writer" in visit("ada").content.decode()

    def test_it_refreshes_itself_until_it_is_told_not_to(self, ada: User) -> None:
        assert 'http-equiv="refresh"' in visit("ada").content.decode()
        visitor = Client()
        visitor.force_login(cast("ada"))
        assert 'http-equiv="refresh"' not in visitor.get("/operator?still").content.decode()

    def test_it_is_shown_although_redis_is_away(self, ada: User, settings: Any) -> None:
        settings.REDIS_URL = "redis://127.0.0.1:9/0"
        from studio.runs import events

        events.get_connection.cache_clear()
        try:
            answer = visit("ada")
        finally:
            events.get_connection.cache_clear()
        assert answer.status_code == 200
        assert answer.context["parts"]["redis"] == "ConnectionError"
