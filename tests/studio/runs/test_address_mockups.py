"""A run that starts with an address: its worker captures the page, which is the mockup from then on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from studio.runs import events, worker
from studio.runs.models import Run
from studio.runs.services import cancel_run, start_run
from studio.uploads.models import Upload
from tests.people import cast
from tests.studio.capture.web import PRIVATE, Server, html, serving
from tests.studio.runs.making import project

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]
PAGE = html("<h1 style='margin:40px'>Boats for a quiet day</h1><p style='margin:40px'>Hire one.")


@pytest.fixture
def site() -> Iterator[Server]:
    with serving(PRIVATE, {"/boats": PAGE}) as server:
        yield server


@pytest.fixture(scope="module", autouse=True)
def own_browser() -> Iterator[None]:
    yield
    worker.close()


def address(site: Server, path: str = "/boats") -> str:
    return f"http://{PRIVATE}:{site.port}{path}"


def carry_out(of: str, **wishes: Any) -> Run:
    run = start_run(project=project(), by=cast("ada"), upload=None, address=of, rounds=0, **wishes)
    worker.process_next_run()
    return Run.objects.get(pk=run.pk)


def test_the_page_becomes_the_runs_mockup_and_then_code(site: Server) -> None:
    run = carry_out(address(site), address_width=600)
    assert (run.state, run.kind, run.message) == ("finished", "generate", "")
    assert run.upload.width == 600
    best = run.attempts.get()
    assert best.likeness > 0.8
    with best.bundle.open() as stored:
        assert stored.read()
    told = [(event.kind, event.data.get("name")) for event in events.read_events(run.pk)]
    assert told.index(("step", "capturing")) < told.index(("mockup", None))
    assert told.index(("mockup", None)) < told.index(("step", "looking"))


def test_a_page_that_cannot_be_had_ends_the_run_in_one_sentence(site: Server) -> None:
    run = carry_out(address(site, "/none"))
    assert (run.state, run.upload) == ("failed", None)
    assert run.message == "127.0.0.1 has no page at this address (status 404)."


def test_private_addresses_are_denied_without_the_operators_word(
    site: Server, settings: Any
) -> None:
    settings.OUTGOING_PRIVATE = False
    run = carry_out(address(site))
    assert run.state == "failed"
    assert "127.0.0.1 has a loopback address" in run.message
    assert site.asked == []


def test_a_full_storage_ends_the_run_in_one_sentence(site: Server, settings: Any) -> None:
    run = start_run(project=project(), by=cast("ada"), upload=None, address=address(site))
    settings.TEAM_BYTES = 0
    worker.process_next_run()
    run.refresh_from_db()
    assert run.state == "failed"
    assert "storage" in run.message


def test_a_run_that_was_cancelled_meanwhile_gets_no_mockup(
    site: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = worker.capture_mockup

    def cancel_first(run: Run, *rest: Any) -> str:
        cancel_run(run_id=run.pk)
        return store(run, *rest)

    monkeypatch.setattr(worker, "capture_mockup", cancel_first)
    run = carry_out(address(site))
    assert (run.state, run.upload) == ("cancelled", None)
    assert not run.attempts.exists()


class TestStartPage:
    def test_an_address_starts_a_run_named_by_host_and_path(self, client: Client) -> None:
        answer = client.post("/", {"address": "example.com/pricing?t=1", "address_width": "390"})
        run = Run.objects.get()
        assert answer["Location"] == f"/runs/{run.pk}/"
        assert (run.address, run.address_width) == ("https://example.com/pricing?t=1", 390)
        assert (run.kind, run.title) == ("generate", "example.com/pricing")
        page = client.get(answer["Location"]).content.decode()
        assert "A picture of example.com/pricing will be shown here." in page

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"address": "file:///etc/passwd"}, "begins with file:"),
            ({"address": "https://a:b@example.com"}, "holds a name or password"),
            ({"address": "example.com", "address_width": "9"}, "Window width: use a whole number"),
        ],
    )
    def test_what_is_no_address_is_one_sentence_on_the_page(
        self, client: Client, fields: dict[str, str], words: str
    ) -> None:
        answer = client.post("/", fields)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not Run.objects.exists()

    def test_pictures_and_an_address_are_one_too_many(
        self, client: Client, mockup_png: bytes
    ) -> None:
        sent = SimpleUploadedFile("a.png", mockup_png)
        answer = client.post("/", {"address": "example.com", "mockup": sent})
        assert "Got pictures and an address; send one of the two." in answer.content.decode()
        assert not Upload.objects.exists()
