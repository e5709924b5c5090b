"""Receivers that answer slowly, without end or with a bomb: a delivery ends at its deadline, and
others go on.
"""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
from typing import Any

import pytest
from django.utils import timezone

from studio.webhooks import services
from studio.webhooks.models import Delivery, Webhook
from studio.webhooks.services import deliver, ring_due
from tests.people import adas_team
from tests.studio.outgoing.raw import RawServer, raw_server, trickle
from tests.studio.runs.making import queued_run
from tests.studio.webhooks.receiver import receiver

pytestmark = pytest.mark.django_db


def due_delivery(url: str) -> Delivery:
    hook = Webhook.objects.create(team=adas_team(), url=url, nonce="x")
    return Delivery.objects.create(webhook=hook, run=queued_run(), due_at=timezone.now())


def delivered(server: RawServer) -> Delivery:
    row = due_delivery(f"{server.url}/hook")
    deliver(delivery_id=row.pk)
    row.refresh_from_db()
    return row


def read_on(wire: socket.socket) -> None:
    """Say nothing for as long as the other side stays."""
    while wire.recv(65_536):
        pass


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(trickle(b"H"), id="status line"),
        pytest.param(trickle(b"X-More: x\r\n", head=b"HTTP/1.1 200 OK\r\n"), id="headers"),
        pytest.param(trickle(b"HTTP/1.1 102 Processing\r\n\r\n"), id="interim answers"),
        pytest.param(read_on, id="silence"),
    ],
)
def test_a_receiver_that_keeps_talking_is_left_at_the_deadline(script: Any, settings: Any) -> None:
    settings.WEBHOOK_SECONDS = 0.5
    begun = time.monotonic()
    with raw_server(script) as server:
        row = delivered(server)
    assert time.monotonic() - begun < 30  # the trickle has no end at all
    assert (row.state, row.answer) == (
        "waiting",
        "127.0.0.1 took longer than the 0.5 seconds allowed.",
    )


def test_the_answer_ends_at_its_status_line(settings: Any) -> None:
    """A body without an end, one byte at a time, is not read: the status has said it all."""
    settings.WEBHOOK_SECONDS = 60
    with raw_server(trickle(b"x", head=b"HTTP/1.1 200 OK\r\n\r\n")) as server:
        row = delivered(server)
    assert (row.state, row.answer) == ("delivered", "answered 200")


def test_a_compressed_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"x" * 300_000_000)
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    )
    with raw_server(head + bomb) as server:
        row = due_delivery(f"{server.url}/hook")
        tracemalloc.start()
        deliver(delivery_id=row.pk)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    row.refresh_from_db()
    assert (row.state, row.answer) == ("delivered", "answered 200")
    assert peak < 20_000_000


def test_what_a_receiver_says_is_not_kept() -> None:
    with raw_server(b"HTTP/1.1 500 The inner words\r\nContent-Length: 5\r\n\r\ninner") as server:
        assert delivered(server).answer == "answered 500"


def test_of_one_team_two_are_under_way_and_a_third_waits_for_a_later_round() -> None:
    """In one process, whose threads a team's slow receivers would else take for themselves."""
    team = adas_team().pk
    with services.places.take(team) as first, services.places.take(team) as second:
        assert (first, second) == (True, True)
        with receiver() as here:
            row = due_delivery(here.url)
            deliver(delivery_id=row.pk)
            assert here.got == []
            row.refresh_from_db()
            assert (row.state, row.tries) == ("waiting", 0)
            with services.places.take(team + 1) as other:
                assert other
    with receiver() as here:
        Webhook.objects.update(url=here.url)
        deliver(delivery_id=row.pk)
        assert len(here.got) == 1


def test_a_round_sends_messages_and_asks_no_receiver(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(
        "studio.config.celery.app.send_task",
        lambda name, args, **more: sent.append((name, args, more)),
    )

    def never(wire: socket.socket) -> None:
        threading.Event().wait(60)

    with raw_server(never) as server:
        row = due_delivery(f"{server.url}/hook")
        assert ring_due() == 1
    assert server.requests == []
    assert sent == [(services.TASK, [str(row.pk)], {"expires": services.EXPIRES})]
