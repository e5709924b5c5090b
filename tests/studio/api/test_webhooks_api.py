"""Owners' tokens set webhooks; the secret is shown once."""

from __future__ import annotations

import json

import pytest

from studio.teams.models import Role
from studio.webhooks.models import Webhook
from studio.webhooks.services import derive_secret
from tests.people import adas_team
from tests.studio.api.calling import program

pytestmark = pytest.mark.django_db
HOOKS = "/api/v1/webhooks"


def test_the_secret_is_in_the_first_answer_only() -> None:
    owner = program(role=Role.OWNER)
    made = owner.post(
        HOOKS, json.dumps({"url": "http://127.0.0.1/hook"}), content_type="application/json"
    )
    assert made.status_code == 201
    assert made.json()["secret"] == derive_secret(Webhook.objects.get())
    assert "secret" not in owner.get(HOOKS).json()[0]
    assert owner.delete(f"{HOOKS}/{made.json()['id']}").status_code == 204
    assert not Webhook.objects.exists()


def test_the_teams_log_names_the_host_and_not_the_secret_in_the_address() -> None:
    owner = program(role=Role.OWNER)
    sent = json.dumps({"url": "http://127.0.0.1/services/T0/s3cret"})
    made = owner.post(HOOKS, sent, content_type="application/json").json()
    owner.delete(f"{HOOKS}/{made['id']}")
    lines = [f"{one.verb} {one.target}" for one in adas_team().activities.all()[:2]]
    assert lines == ["removed a webhook at 127.0.0.1", "added a webhook at 127.0.0.1"]


def test_an_editors_token_sets_none() -> None:
    assert program(role=Role.EDITOR).get(HOOKS).json() == {
        "detail": "This requires the role owner."
    }
