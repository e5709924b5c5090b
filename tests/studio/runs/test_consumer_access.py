"""A socket sees no more than its reader may see now, whatever it was let in with."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async

from studio.accounts.sessions import end_other_sessions
from studio.runs.events import Writer
from studio.runs.models import Run
from studio.teams.membership import remove_member
from studio.teams.models import Membership, Role, User
from tests.people import adas_team, cast
from tests.sockets import PATIENCE, Socket, socket_of
from tests.studio.runs.making import claimed_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]


@sync_to_async
def made() -> Run:
    """A run that is under way, with something to hear."""
    run = claimed_run()
    Writer(run.pk).append("claimed", {"claim": 1})
    return run


@sync_to_async
def person(name: str) -> User:
    return cast(name)


@sync_to_async
def put_out(name: str) -> None:
    remove_member(team=adas_team(), user=cast(name), by=cast("ada"))


async def opened(name: str, run: Run) -> Socket:
    """Open, and known to be read from."""
    viewer = await socket_of(name, f"/ws/runs/{run.pk}")
    await viewer.connect()
    assert (await viewer.messages())[0]["kind"] == "claimed"
    return viewer


async def test_who_is_removed_hears_nothing_more() -> None:
    run = await made()
    ben, cleo = await opened("ben", run), await opened("cleo", run)
    await put_out("ben")
    assert await ben.close_code() == 4404
    await sync_to_async(Writer(run.pk).append)("chunk", {"i": 1})
    assert (await cleo.messages())[-1]["data"] == {"i": 1}
    await cleo.leave()


async def test_even_while_events_never_pause() -> None:
    run = await made()
    ben, writer, busy = await opened("ben", run), Writer(run.pk), True

    async def write() -> None:
        while busy:
            await sync_to_async(writer.append)("chunk", {})

    writing = asyncio.create_task(write())
    await put_out("ben")
    for _ in range(10_000):
        message = await ben.application.receive_output(PATIENCE)
        if message["type"] == "websocket.close":
            break
    busy = False
    await writing
    assert message["code"] == 4404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OWNER])
async def test_whose_role_changes_is_told_to_load_the_page_again(role: Role) -> None:
    run = await made()
    ben = await opened("ben", run)
    await sync_to_async(Membership.objects.filter(user=await person("ben")).update)(role=role)
    assert await ben.close_code() == 4409


async def test_who_signs_out_elsewhere_hears_nothing_more() -> None:
    run = await made()
    ben = await opened("ben", run)
    await sync_to_async(end_other_sessions)(user=await person("ben"), kept=None)
    assert await ben.close_code() == 4404


async def test_nor_does_a_closed_account() -> None:
    run = await made()
    ben = await opened("ben", run)
    await sync_to_async(User.objects.filter(email="ben@example.org").update)(is_active=False)
    assert await ben.close_code() == 4404
