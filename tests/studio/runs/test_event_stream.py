"""An event stream ends as soon as its token or its member has no access to the run the run."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

import pytest
from asgiref.sync import sync_to_async

from studio.runs import retention
from studio.runs.event_stream import stream_events
from studio.runs.events import Writer
from studio.runs.models import Run
from studio.teams.access import Asked
from studio.teams.membership import remove_member
from studio.teams.models import ApiToken, Role, User
from studio.teams.tokens import create_token, revoke_token
from tests.people import adas_team, cast
from tests.studio.runs.making import claimed_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]


def made() -> tuple[Run, ApiToken]:
    run = claimed_run()
    Writer(run.pk).append("claimed", {"claim": 1})
    return run, create_token(team=adas_team(), user=cast("ben"), name="CI", role=Role.VIEWER)[0]


def asker(run: Run, token: ApiToken) -> Asked:
    return Asked(run.pk, token.user_id, token=token.pk)


ENDS: dict[str, Callable[[Run, ApiToken], object]] = {
    "the member is removed": lambda run, token: remove_member(
        team=adas_team(), user=cast("ben"), by=cast("ada")
    ),
    "the token is deleted": lambda run, token: revoke_token(token=token, by=cast("ada")),
    "the account is closed": lambda run, token: User.objects.filter(pk=token.user_id).update(
        is_active=False
    ),
}


@pytest.mark.parametrize("end", ENDS)
async def test_it_ends_when(end: str) -> None:
    run, token = await sync_to_async(made)()
    async with contextlib.aclosing(stream_events(asker(run, token), "")) as pieces:
        assert "event: claimed" in await anext(pieces)
        await sync_to_async(ENDS[end])(run, token)
        rest = [piece async for piece in pieces]
    assert rest[-1].startswith("event: refused\n")
    assert "has no access to the run" in json.loads(rest[-1].split("data: ")[1])["detail"]


async def test_with_a_run_that_is_deleted_it_is_over() -> None:
    run, token = await sync_to_async(made)()
    async with contextlib.aclosing(stream_events(asker(run, token), "")) as pieces:
        await anext(pieces)
        await sync_to_async(retention.delete_run)(run=run, by=await sync_to_async(cast)("ada"))
        rest = [piece async for piece in pieces]
    assert (
        "event: over\n" in rest[-1] or "event: refused\n" in rest[-1]
    )  # it was cancelled, and is gone


async def test_even_while_events_never_pause() -> None:
    run, token = await sync_to_async(made)()
    writer = Writer(run.pk)
    async with contextlib.aclosing(stream_events(asker(run, token), "")) as pieces:
        await anext(pieces)
        await sync_to_async(ENDS["the token is deleted"])(run, token)
        for _ in range(10_000):
            await sync_to_async(writer.append)("chunk", {})
            if "event: refused" in (last := await anext(pieces)):
                break
    assert "event: refused" in last


async def test_until_then_it_goes_on() -> None:
    run, token = await sync_to_async(made)()
    writer = Writer(run.pk)
    async with contextlib.aclosing(stream_events(asker(run, token), "")) as pieces:
        await anext(pieces)
        assert await anext(pieces) == ":\n\n"  # nothing happened for a while: still there
        await sync_to_async(writer.append)("chunk", {"i": 1})
        assert "event: chunk" in await anext(pieces)
