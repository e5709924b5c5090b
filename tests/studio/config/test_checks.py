"""Settings that do not fit together are told by name, with what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from studio.config import checks
from studio.config.checks import check_setting_values
from studio.config.environment import read_environ
from studio.config.settings import ENVIRON

KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"


@pytest.mark.parametrize(
    ("environment", "ids"),
    [
        ({}, []),
        ({"DEBUG": "True"}, []),
        ({"HOST": "0.0.0.0"}, ["studio.W001"]),
        ({"HOST": "0.0.0.0", "DEBUG": "True"}, ["studio.E001", "studio.W001"]),
        ({"ALLOWED_HOSTS": "*"}, ["studio.W002", "studio.W013"]),
        ({"ALLOWED_HOSTS": "studio.example"}, ["studio.W013"]),
        ({"ALLOWED_HOSTS": "studio.example", "HTTPS": "True"}, ["studio.W014"]),
        (
            {"ALLOWED_HOSTS": "a.example", "HTTPS": "True", "PREVIEW_HOST": "previews.example.net"},
            [],
        ),
        ({"DATABASE_URL": "postgres://db/likeness"}, ["studio.W003", "studio.W008"]),
        (
            {
                "DATABASE_URL": "postgres://db/likeness",
                "STORAGE_URL": "s3://bucket",
                "VAULT_KEYS": KEY,
            },
            [],
        ),
        ({"SIGN_UP": "open", "EMAIL_URL": "smtp://mail"}, ["studio.W007"]),
        ({"PREVIEW_HOST": "localhost"}, ["studio.E004"]),
        ({"PREVIEW_HOST": "127.0.0.1:8000"}, ["studio.E004"]),
        ({"PREVIEW_HOST": "previews.example.net"}, []),
        ({"STREAMS": "9000"}, ["studio.W009"]),
        ({"SIGN_UP": "open", "CONNECTION_HOSTS": "api.moonshot.ai"}, ["studio.W012"]),
        ({"OIDC_URL": "https://id.example.org"}, ["studio.E003"]),
        ({"OIDC_URL": "https://id.example.org", "OIDC_CLIENT": "likeness:secret"}, []),
        ({"BROKER_URL": "amqp://mq//"}, ["studio.W004"]),
        (
            {"EMAIL_URL": "smtp://mail", "ALLOWED_HOSTS": "studio.example"},
            ["studio.W013", "studio.W010"],
        ),
        (
            {
                "EMAIL_URL": "smtp://mail",
                "ALLOWED_HOSTS": "a.example",
                "PUBLIC_URL": "https://a.example",
                "HTTPS": "True",
                "PREVIEW_HOST": "previews.example.net",
            },
            [],
        ),
        ({"PUBLIC_URL": "https://a.example"}, ["studio.W011"]),
        (
            {"PUBLIC_URL": "https://a.example", "ALLOWED_HOSTS": ".example"},
            ["studio.W013"],
        ),
        (
            {
                "PUBLIC_URL": "https://p.example.net",
                "PREVIEW_HOST": "p.example.net",
                "ALLOWED_HOSTS": "p.example.net",
            },
            ["studio.W013", "studio.E004", "studio.E005"],
        ),
        ({"BROKER_URL": "amqp://mq//", "REDIS_URL": "redis://cache"}, []),
    ],
)
def test_what_does_not_fit_together_is_told(environment: dict[str, str], ids: list[str]) -> None:
    messages = list(check_setting_values(read_environ(environment)))
    assert [message.id for message in messages] == ids
    assert all(message.hint for message in messages)


def test_a_studio_behind_https_passes_the_deployment_checks(tmp_path: Path) -> None:
    """Django's own list of what a site open to others should set; W005 and W021 are the operator's
    domain.
    """
    settings = {
        "HTTPS": "True",
        "ALLOWED_HOSTS": "studio.example.org",
        "HOST": "0.0.0.0",
        "DATA_DIR": str(tmp_path),
    }
    command = [
        sys.executable,
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        "--tag",
        "security",
    ]
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        command,
        cwd=root,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("path", "ids"),
    [("", []), ("/likeness", []), ("/runs", ["studio.E006"]), ("/api/x", ["studio.E006"])],
)
def test_a_base_path_that_begins_like_a_page_is_refused(
    monkeypatch: pytest.MonkeyPatch, path: str, ids: list[str]
) -> None:
    monkeypatch.setattr(checks, "ENVIRON", replace(ENVIRON, base_path=path))
    assert [message.id for message in checks.check_base_path(None)] == ids
