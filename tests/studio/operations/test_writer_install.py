"""The operator installs the small writer with a button; a worker does what `manage.py writer` does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from studio.config.celery import app
from studio.operations import writer_install
from studio.operations.writer_install import (
    Installation,
    install_writer,
    read_installation,
    start_installation,
)
from studio.processes.writer_weights import WriterBusy, WriterError
from studio.runs import events
from tests.people import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey", "ada")]
PATH = "/operator/writer"


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect the tasks that were sent; no installation is known before or after a test."""
    names: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda name, **options: names.append(name))
    events.get_connection().delete(writer_install.KEY)
    yield names
    events.get_connection().delete(writer_install.KEY)


def visit(who: str = "ada") -> Client:
    client = Client()
    client.force_login(cast(who))
    return client


def fetch_by(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None = None, has_package: bool = True
) -> None:
    """Let the worker fetch nothing, or fail."""

    def fetch(folder: Path, tell: Any, given: Path | None = None) -> Path:
        tell("Fetching 1.1 GB from the publisher …")
        if error is not None:
            raise error
        return folder

    monkeypatch.setattr(writer_install, "fetch_weights", fetch)
    monkeypatch.setattr(writer_install, "find_spec", lambda name: has_package or None)


def test_the_button_asks_a_worker_once(sent: list[str]) -> None:
    assert "Install the small writer" in visit().get("/operator").content.decode()
    for _ in range(2):
        assert visit().post(PATH).status_code == 302
    assert sent == [writer_install.TASK]
    page = visit().get("/operator").content.decode()
    assert "Waiting for a worker." in page
    assert "Install the small writer" not in page


def test_only_operators_may(sent: list[str]) -> None:
    assert visit("ben").post(PATH).status_code == 404
    assert visit().get(PATH).status_code == 405
    assert sent == []


def test_the_task_goes_to_the_queue_of_exports() -> None:
    assert app.amqp.router.route({}, writer_install.TASK)["queue"].name.endswith("exports")


def test_where_downloads_are_forbidden_there_is_no_button(settings: Any, sent: list[str]) -> None:
    settings.WRITER_DOWNLOAD = False
    page = visit().get("/operator").content.decode()
    assert "Install the small writer" not in page
    assert "WRITER_DOWNLOAD" in page
    answer = visit().post(PATH, follow=True)
    assert "Downloads are switched off here" in answer.content.decode()
    install_writer()  # sent before the setting was changed
    assert (sent, read_installation()) == ([], None)


@pytest.mark.parametrize(
    ("error", "has_package", "state", "words"),
    [
        (None, True, "finished", "serve loads it within a minute"),
        (None, False, "finished", "restart serve"),
        (
            WriterError("The disk of /d has 0.1 GB free; the writer needs 1.3 GB."),
            True,
            "failed",
            "0.1 GB",
        ),
        (OSError(28, "No space left on device"), True, "failed", "No space left on device."),
        (OSError("secret"), True, "failed", "An internal error"),
        (ValueError("secret"), True, "failed", "An internal error"),
    ],
)
def test_the_outcome_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    error: Exception | None,
    has_package: bool,
    state: str,
    words: str,
) -> None:
    fetch_by(monkeypatch, error, has_package)
    install_writer()
    found = read_installation()
    assert found is not None
    assert found.state == state
    assert words in found.step
    assert words in visit().get("/operator").content.decode()


def test_after_a_failure_it_can_be_tried_again(
    monkeypatch: pytest.MonkeyPatch, sent: list[str]
) -> None:
    fetch_by(monkeypatch, WriterError("The package of part 3 does not hold the part."))
    install_writer()
    assert "Install the small writer" in visit().get("/operator").content.decode()
    assert start_installation() == ""
    assert sent == [writer_install.TASK]


def test_the_step_is_shown_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Installation | None] = []

    def fetch(folder: Path, tell: Any, given: Path | None = None) -> Path:
        tell("Part 3 of 22 …")
        seen.append(read_installation())
        return folder

    monkeypatch.setattr(writer_install, "fetch_weights", fetch)
    install_writer()
    assert seen == [Installation("running", "Part 3 of 22 …")]


def test_a_job_that_comes_twice_leaves_what_the_first_one_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = Installation("running", "Part 3 of 22 …")

    def fetch(folder: Path, tell: Any, given: Path | None = None) -> Path:
        writer_install._write(told, 30)
        raise WriterBusy("Another process is fetching the writer; wait until it is done.")

    monkeypatch.setattr(writer_install, "fetch_weights", fetch)
    install_writer()
    assert read_installation() == told


def test_a_queue_that_is_away_is_told_and_leaves_no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, **options: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(app, "send_task", refuse)
    assert "try again in a moment" in visit().post(PATH, follow=True).content.decode()
    assert read_installation() is None
