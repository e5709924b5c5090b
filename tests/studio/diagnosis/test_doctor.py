"""`manage.py doctor` says what does not work, and what to do about it."""

from __future__ import annotations

import json
import os
import smtplib
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.core import checks
from django.core.checks import CheckMessage
from django.core.management import CommandError, call_command

from studio.diagnosis import examine, findings, front_door, machine, services
from studio.diagnosis.findings import Probe, ProbeError, ProbeWarning, run_probe
from studio.runs import worker_presence

TOLD_AND_SILENCED = (("told", "studio.W001"), ("HSTS", "security.W005"), ("list", "security.W021"))


def fail(*args: Any, **options: Any) -> NoReturn:
    raise OSError("postgres://ada:secret@db is away")


def test_an_unknown_error_tells_its_type_and_no_secret() -> None:
    found = run_probe(Probe("database", fail, "Check DATABASE_URL."))
    assert (found.level, found.hint) == ("error", "Check DATABASE_URL.")
    assert found.words == "It failed (OSError)."


def test_the_command_fails_when_a_part_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine, "MACHINE", (Probe("browser", fail, "Run make setup."),))
    monkeypatch.setattr(examine, "SERVICES", ())
    out = StringIO()
    with pytest.raises(CommandError, match="1 parts do not work"):
        call_command("doctor", stdout=out)
    assert "ERROR   browser: It failed (OSError). Run make setup." in out.getvalue()


def test_programs_read_it_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine, "MACHINE", (Probe("python", lambda: "Python.", ""),))
    monkeypatch.setattr(examine, "SERVICES", ())
    out = StringIO()
    call_command("doctor", "--json", stdout=out)
    assert {"level": "ok", "part": "python", "words": "Python.", "hint": ""} in json.loads(
        out.getvalue()
    )


def set_environ(monkeypatch: pytest.MonkeyPatch, module: Any, **values: Any) -> None:
    monkeypatch.setattr(module, "ENVIRON", replace(module.ENVIRON, **values))


def test_a_folder_that_cannot_be_written_to_is_an_error(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(os, "access", lambda *args: False)
    with pytest.raises(ProbeError, match="cannot be written to"):
        machine.try_data_folder()


def test_a_nearly_full_disk_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "ROOM_MEGABYTES", 10**9)
    with pytest.raises(ProbeWarning, match="MB free"):
        machine.try_data_folder()


def test_settings_that_need_more_memory_than_there_is_are_a_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_environ(monkeypatch, machine, workers=64, worker_megabytes=100_000)
    with pytest.raises(ProbeWarning, match="Lower WORKERS") as caught:
        run_hinted(machine.try_memory)
    assert "MB of memory" in str(caught.value)


def run_hinted(attempt: Any) -> str:
    """Call the probe; its hint becomes a part of the message."""
    try:
        return str(attempt())
    except ProbeError as error:
        raise type(error)(f"{error} {error.hint}", error.hint) from None


def test_an_old_python_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 11, 7, "final", 0))
    with pytest.raises(ProbeWarning, match=r"Python 3\.11\.7 reads hostile HTML slowly"):
        machine.try_python()
    monkeypatch.setattr("sys.version_info", (3, 12, 12, "final", 0))
    assert machine.try_python() == "Python 3.12.12."


@pytest.mark.parametrize(("user", "level"), [(0, "warning"), (1000, "ok")])
def test_a_studio_of_root_is_a_warning(
    user: int, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert run_probe(machine.MACHINE[1]).level == level


def test_nothing_is_said_that_the_settings_silence(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """HSTS for subdomains and preload lists: no setting of ours, and the domain's owner decides."""
    set_environ(monkeypatch, examine, https=True)
    said = [CheckMessage(checks.WARNING, words, id=id_) for words, id_ in TOLD_AND_SILENCED]
    monkeypatch.setattr(examine, "run_checks", lambda **options: said)
    monkeypatch.setattr(examine, "MACHINE", ())
    monkeypatch.setattr(examine, "SERVICES", ())
    monkeypatch.setattr(examine, "FRONT_DOOR", ())
    assert [finding.words for finding in examine.examine()] == ["told"]


def test_the_browser_renders() -> None:
    found = run_probe(Probe("browser", machine.try_browser, ""))
    assert found.level in ("ok", "warning")  # a warning where it has no sandbox, as for root
    assert "renders" in found.words


def test_a_missing_browser_is_an_error(settings: Any) -> None:
    settings.BROWSER = "/nowhere/chromium"
    with pytest.raises(ProbeError, match="No browser at '/nowhere/chromium'"):
        machine.try_browser()


def test_a_missing_node_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(ProbeError, match=r"Node\.js is missing"):
        machine.try_node()


def test_missing_readers_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.pipeline.perception.tesseract.installed_models", frozenset)
    with pytest.raises(ProbeWarning, match="apt-get install tesseract-ocr"):
        run_hinted(machine.try_readers)


@pytest.mark.django_db
def test_the_database_is_that_of_this_version(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "tables are those of this version" in services.try_database()
    monkeypatch.setattr(
        "django.db.migrations.executor.MigrationExecutor.migration_plan",
        lambda self, targets: [("runs", False)],
    )
    with pytest.raises(ProbeWarning, match="1 migrations are not applied"):
        services.try_database()


def test_the_storage_keeps_what_is_written(tmp_path: Path) -> None:
    assert services.try_storage() == "A file was written, read back and deleted."


@pytest.mark.usefixtures("valkey")
def test_redis_answers_and_an_evicting_one_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "answers in" in services.try_redis()
    set_environ(monkeypatch, services, redis_url="redis://shared")
    monkeypatch.setattr(services, "_get_policy", lambda server: "allkeys-lru")
    with pytest.raises(ProbeWarning, match="may drop queued runs"):
        services.try_redis()


def test_a_broker_that_is_away_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_environ(monkeypatch, services, broker_url="amqp://nobody@127.0.0.1:1")
    monkeypatch.setattr(services, "ask_queue", fail)
    assert (
        run_probe(services.SERVICES[2]).hint == "Check BROKER_URL: host, port, user and password."
    )


@pytest.mark.usefixtures("valkey")
def test_missing_workers_are_named() -> None:
    worker_presence.announce_worker("deliveries")
    try:
        with pytest.raises(ProbeWarning, match="No worker takes exports, runs"):
            services.try_workers()
    finally:
        worker_presence.forget_worker("deliveries")


def test_a_model_server_that_is_away_is_an_error_without_its_password(settings: Any) -> None:
    settings.MODEL_URL = "http://ada:secret@127.0.0.1:1/v1"
    found = run_probe(services.SERVICES[4])
    assert found.level == "error"
    assert "secret" not in found.words


def test_no_model_is_a_warning(settings: Any) -> None:
    settings.MODEL_URL = "none"
    with pytest.raises(ProbeWarning, match="the layout draft"):
        services.try_model()


def test_a_mail_server_that_refuses_is_an_error(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def refuse() -> NoReturn:
        raise smtplib.SMTPAuthenticationError(535, b"no")

    set_environ(monkeypatch, services, email_url="smtp://mail")
    settings.EMAIL_HOST = "mail"
    monkeypatch.setattr(services, "open_mail", refuse)
    with pytest.raises(ProbeError, match=r"mail refuses \(SMTPAuthenticationError\)"):
        services.try_mail()


def test_a_public_studio_without_an_address_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no address to ask" in front_door.try_address()
    set_environ(monkeypatch, front_door, allowed_hosts=("studio.example",))
    with pytest.raises(ProbeWarning, match="mails no links"):
        front_door.try_address()


def test_levels_are_counted() -> None:
    found = [run_probe(Probe("python", machine.try_python, "")), run_probe(Probe("x", fail, ""))]
    assert findings.count_levels(found)["error"] == 1
