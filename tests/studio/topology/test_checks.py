"""Settings that do not fit together are told by name, with what to do."""

from __future__ import annotations

import pytest

from studio.checks import settings_messages
from studio.environ import read_environ


@pytest.mark.parametrize(
    ("environment", "ids"),
    [
        ({}, []),
        ({"DEBUG": "True"}, []),
        ({"HOST": "0.0.0.0"}, ["studio.W001"]),
        ({"HOST": "0.0.0.0", "DEBUG": "True"}, ["studio.E001", "studio.W001"]),
        ({"ALLOWED_HOSTS": "*"}, ["studio.W002"]),
        ({"DATABASE_URL": "postgres://db/likeness"}, ["studio.W003"]),
        ({"DATABASE_URL": "postgres://db/likeness", "STORAGE_URL": "s3://bucket"}, []),
        ({"BROKER_URL": "amqp://mq//"}, ["studio.W004"]),
        ({"BROKER_URL": "amqp://mq//", "REDIS_URL": "redis://cache"}, []),
    ],
)
def test_what_does_not_fit_together_is_told(environment: dict[str, str], ids: list[str]) -> None:
    messages = list(settings_messages(read_environ(environment)))
    assert [message.id for message in messages] == ids
    assert all(message.hint for message in messages)
