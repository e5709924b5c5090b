"""Webhooks: a run that is over is told to whoever asked, signed, again until it is taken, and
nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from studio.runs.models import Run
from studio.runs.services import cancel_run, finish_run
from studio.webhooks import services
from studio.webhooks.models import Delivery, Webhook
from studio.webhooks.services import (
    WebhookError,
    create_webhook,
    deliver,
    deliver_due,
    derive_secret,
)
from tests.people import adas_team, cast
from tests.studio.api.calling import program
from tests.studio.runs.making import BEN, claimed_run, queued_run
from tests.studio.webhooks.receiver import Receiver, receiver

pytestmark = pytest.mark.django_db


def hook_to(receiver: Receiver) -> Webhook:
    return create_webhook(team=adas_team(), by=cast("ada"), url=receiver.url)


def finish(run: Run) -> None:
    report = {"likeness": 0.9, "quality": 0.8, "tokens": {}, "seconds": {}}
    finish_run(run_id=run.pk, worker=BEN, stop_reason="no model", message="", report=report)


def passed(time: timedelta) -> None:
    for one in Delivery.objects.all():
        Delivery.objects.filter(pk=one.pk).update(due_at=one.due_at - time)


def test_a_run_that_is_over_is_told_with_a_signature_that_its_secret_explains() -> None:
    with receiver() as here:
        hook, run = hook_to(here), claimed_run()
        finish(run)
        deliver(delivery_id=Delivery.objects.get().pk)
    [(headers, body)] = here.got
    told = json.loads(body)
    assert told["event"] == "run.over"
    assert (told["run"]["id"], told["run"]["state"], told["run"]["likeness"]) == (
        str(run.pk),
        "finished",
        0.9,
    )
    parts = dict(part.split("=", 1) for part in headers["likeness-signature"].split(","))
    expected = hmac.new(
        derive_secret(hook).encode(), parts["t"].encode() + b"." + body, hashlib.sha256
    ).hexdigest()
    assert parts["v1"] == expected
    assert Delivery.objects.get().state == Delivery.State.DELIVERED


def test_the_run_in_it_is_what_the_api_answers(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://studio.example"
    with receiver() as here:
        hook_to(here)
        run = claimed_run()
        finish(run)
        deliver(delivery_id=Delivery.objects.get().pk)
    told = json.loads(here.got[0][1])["run"]
    answer = program().get(f"/api/v1/runs/{run.pk}").json()
    assert told.keys() == answer.keys()
    moments = ("created_at", "finished_at")  # in milliseconds there, in microseconds here
    assert {k: v for k, v in told.items() if k not in moments} == {
        k: v for k, v in answer.items() if k not in moments
    }
    assert told["url"] == f"https://studio.example/runs/{run.pk}/"


def test_a_receiver_that_fails_is_asked_again_with_the_same_delivery_until_it_takes_it() -> None:
    with receiver(500, 503) as here:
        hook_to(here)
        finish(claimed_run())
        deliver_due()
        assert deliver_due() == 0, "the second try came at once"
        for _ in range(2):
            passed(timedelta(minutes=1))
            deliver_due()
    assert len({headers["likeness-delivery"] for headers, _ in here.got}) == 1
    assert len(here.got) == 3
    assert (Delivery.objects.get().state, Delivery.objects.get().tries) == ("delivered", 3)


def test_one_that_never_takes_it_is_given_up_after_a_day() -> None:
    hook = create_webhook(team=adas_team(), by=cast("ada"), url="http://127.0.0.1:9/hook")
    finish(claimed_run())
    begun = Delivery.objects.get().due_at
    for _ in services.PAUSES:
        deliver_due()
        Delivery.objects.update(due_at=timezone.now())
    assert Delivery.objects.get().state == "waiting"
    deliver_due()
    assert (Delivery.objects.get().state, Delivery.objects.get().answer) == (
        "given up",
        "127.0.0.1 cannot be reached.",
    )
    assert timedelta(hours=20) < timedelta(seconds=sum(services.PAUSES)) < timedelta(hours=30)
    assert hook.deliveries.count() == 1
    assert begun


def test_two_workers_send_one_delivery_once() -> None:
    with receiver() as here:
        hook_to(here)
        finish(claimed_run())
        one = Delivery.objects.get().pk
        deliver(delivery_id=one)
        deliver(delivery_id=one)
    assert len(here.got) == 1


def test_a_redirect_is_not_followed() -> None:
    with receiver(302) as here:
        hook_to(here)
        finish(claimed_run())
        deliver_due()
    assert len(here.got) == 1
    assert Delivery.objects.get().answer == "answered 302"


def test_only_the_teams_own_runs_are_told(django_capture_on_commit_callbacks: Any) -> None:
    with receiver() as here:
        hook_to(here)
        with django_capture_on_commit_callbacks(execute=True):
            cancel_run(run_id=queued_run("dan").pk)
        assert deliver_due() == 0
        with django_capture_on_commit_callbacks(execute=True):
            cancel_run(run_id=queued_run("ada").pk)
        deliver_due()
    assert json.loads(here.got[0][1])["run"]["state"] == "cancelled"


def test_a_run_is_told_once_however_often_it_is_announced() -> None:
    with receiver() as here:
        hook_to(here)
        run = claimed_run()
        finish(run)
        services.enqueue_deliveries(run=run)
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/x", "such as https://example.org/hook"),
        ("https://ada:secret@example.org/x", "without credentials"),
        ("http://169.254.169.254/latest", "which this studio does not connect to"),
        ("http://[fe80::1]/x", "which this studio does not connect to"),
        ("nonsense", "Got nonsense"),
    ],
)
def test_an_address_nothing_should_be_sent_to_is_refused(url: str, words: str) -> None:
    with pytest.raises(WebhookError, match=words.replace("[", r"\[")):
        create_webhook(team=adas_team(), by=cast("ada"), url=url)


def test_the_operator_says_where_webhooks_may_go(settings: object) -> None:
    settings.WEBHOOK_HOSTS = ("*.example.org",)  # type: ignore[attr-defined]
    with pytest.raises(WebhookError, match="WEBHOOK_HOSTS"):
        create_webhook(team=adas_team(), by=cast("ada"), url="http://127.0.0.1/hook")


def test_a_host_that_is_no_longer_allowed_gets_nothing_more(settings: object) -> None:
    with receiver() as here:
        hook_to(here)
        finish(claimed_run())
        settings.WEBHOOK_HOSTS = ("*.example.org",)  # type: ignore[attr-defined]
        deliver_due()
    assert not here.got


def test_the_eleventh_is_refused() -> None:
    for _ in range(services.MOST):
        create_webhook(team=adas_team(), by=cast("ada"), url="http://127.0.0.1/hook")
    with pytest.raises(WebhookError, match="10 webhooks, the limit per team"):
        create_webhook(team=adas_team(), by=cast("ada"), url="http://127.0.0.1/hook")
