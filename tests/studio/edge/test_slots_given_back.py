"""A socket's place among the open streams comes back whatever goes wrong while it is opened."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from studio.edge.slots import streams
from studio.runs import consumers
from studio.runs.events import Writer
from studio.runs.models import Run
from tests.sockets import Socket, socket_of
from tests.studio.runs.making import claimed_run
from tests.studio.runs.test_consumer import made

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]


async def viewer_of(run: Run) -> Socket:
    return await socket_of("ada", f"/ws/runs/{run.pk}")


async def test_a_query_that_fails_keeps_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(*asked: Any) -> None:
        raise RuntimeError("the database is locked")

    run = await made(claimed_run)
    monkeypatch.setattr(consumers, "find_current_role", failing)
    viewer = await viewer_of(run)
    await viewer.connect()
    with pytest.raises(RuntimeError):
        await viewer.application.wait(10)
    assert streams().taken == 0


@pytest.mark.parametrize("path", ["", "/together"])
async def test_an_address_of_odd_bytes_is_as_good_as_none(path: str) -> None:
    run = await made(claimed_run)
    await sync_to_async(Writer(run.pk).append)("chunk", {"i": 0})
    viewer = await socket_of("ada", f"/ws/runs/{run.pk}{path}")
    viewer.application.scope["query_string"] = b"after=\xff&as=\xff"
    await viewer.connect()
    if path:  # for no role that there is
        assert await viewer.close_code() == consumers.ROLE_CHANGED
    else:
        assert await viewer.messages()
        await viewer.leave()
    assert streams().taken == 0
