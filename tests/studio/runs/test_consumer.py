"""A run's events over a WebSocket, spoken to the real application."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from studio.runs import consumers
from studio.runs.events import Writer
from studio.runs.models import Run
from studio.runs.services import cancel_run, finish_run
from tests.sockets import Socket, socket_of
from tests.studio.runs.making import BEN, claimed_run, queued_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]


@sync_to_async
def made(how: Any = claimed_run) -> Run:
    run: Run = how()
    return run


async def viewer_of(run: Run, name: str = "ada", after: str = "", **given: bytes) -> Socket:
    return await socket_of(name, f"/ws/runs/{run.pk}", f"after={after}", **given)


async def test_it_replays_from_the_last_id_seen_and_follows_to_the_end() -> None:
    run = await made()
    writer = Writer(run.pk)
    ids = [await sync_to_async(writer.append)("chunk", {"i": i}) for i in range(3)]
    late = await viewer_of(run, after=ids[0])
    await late.connect()
    assert [message["id"] for message in await late.messages()] == ids[1:]
    fresh = await sync_to_async(writer.append)("chunk", {"i": 3})
    assert await late.messages() == [{"id": fresh, "kind": "chunk", "data": {"i": 3}}]
    end = {"run_id": run.pk, "worker": BEN, "stop_reason": "no model", "message": "", "report": {}}
    await sync_to_async(finish_run)(**end)
    [over] = await late.messages()
    assert (over["kind"], over["data"]) == ("over", {"state": "finished"})
    assert await late.close_code() == 1000


async def test_a_second_viewer_gets_the_same() -> None:
    run = await made()
    writer = Writer(run.pk)
    for i in range(1200):  # more than are read at once
        await sync_to_async(writer.append)("chunk", {"i": i})
    await sync_to_async(cancel_run)(run_id=run.pk)
    seen = []
    for name in ("ada", "cleo"):
        viewer = await viewer_of(run, name)
        await viewer.connect()
        got: list[dict[str, Any]] = []
        while not got or got[-1]["kind"] != "over":
            got += await viewer.messages()
        seen.append(got)
        await viewer.leave()
    assert seen[0] == seen[1]
    assert [message["data"].get("i") for message in seen[0][:-1]] == list(range(1200))


async def test_a_waiting_run_tells_its_place() -> None:
    await made(queued_run)
    viewer = await viewer_of(await made(queued_run))
    await viewer.connect()
    assert await viewer.messages() == [{"id": None, "kind": "place", "data": {"ahead": 1}}]
    await viewer.leave()


async def test_a_run_whose_events_are_gone_is_over_all_the_same() -> None:
    run = await made()
    await sync_to_async(Run.objects.filter(pk=run.pk).update)(state="finished")
    viewer = await viewer_of(run)
    await viewer.connect()
    assert await viewer.messages() == [{"id": None, "kind": "over", "data": {"state": "finished"}}]
    assert await viewer.close_code() == 1000


async def test_what_comes_while_a_reader_asks_how_the_run_stands_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last events are written between the look at the stream, which finds none, and the look at
    the database.
    """
    run = await made()
    asked = consumers.find_current_state

    async def ends_first(run_id: uuid.UUID) -> tuple[str, int]:
        monkeypatch.setattr(consumers, "find_current_state", asked)
        end = {
            "run_id": run.pk,
            "worker": BEN,
            "stop_reason": "no model",
            "message": "",
            "report": {},
        }
        await sync_to_async(Writer(run.pk).append)("chunk", {"i": 0})
        await sync_to_async(finish_run)(**end)
        return await asked(run_id)

    monkeypatch.setattr(consumers, "find_current_state", ends_first)
    viewer = await viewer_of(run)
    await viewer.connect()
    told: list[dict[str, Any]] = []
    while not told or told[-1]["kind"] != "over":
        told += await viewer.messages()
    assert [(message["kind"], bool(message["id"])) for message in told] == [
        ("chunk", True),
        ("over", True),
    ]


@pytest.mark.parametrize(("name", "code"), [("", 4401), ("dan", 4404)])
async def test_it_is_for_members_only(name: str, code: int) -> None:
    viewer = await viewer_of(await made(), name)
    await viewer.connect()
    assert await viewer.close_code() == code


async def test_another_sites_page_cannot_listen() -> None:
    viewer = await viewer_of(await made(), origin=b"http://evil.example")
    assert not await viewer.connect()


async def test_an_id_that_is_none_starts_from_the_first() -> None:
    run = await made()
    await sync_to_async(Writer(run.pk).append)("claimed", {"claim": 1})
    viewer = await viewer_of(run, after="<script>")
    await viewer.connect()
    assert (await viewer.messages())[0]["kind"] == "claimed"
    await viewer.leave()
