"""Who looks at a run: seen by each other as they come and go, told when something is said, put out
when removed.
"""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from studio.collaboration.services import add_comment
from studio.runs.models import Run
from studio.teams.models import Membership, Role
from tests.people import cast
from tests.sockets import Socket, socket_of
from tests.studio.runs.making import queued_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]


@sync_to_async
def made() -> Run:
    return queued_run()


async def looker(name: str, run: Run) -> Socket:
    socket = await socket_of(name, f"/ws/runs/{run.pk}/together")
    await socket.connect()
    return socket


def names(message: dict[str, list[dict[str, object]]]) -> list[object]:
    return [one["name"] for one in message["people"]]


async def test_two_see_each_other_come_and_go() -> None:
    run = await made()
    ada = await looker("ada", run)
    assert await ada.messages() == {"people": [{"name": "ada", "you": True}]}
    ben = await looker("ben", run)
    assert names(await ben.messages()) == ["ada", "ben"]
    assert names(await ada.messages()) == ["ada", "ben"]
    await ben.leave()
    assert names(await ada.messages()) == ["ada"]
    await ada.leave()


async def test_two_tabs_are_one_person() -> None:
    run = await made()
    first, second = await looker("ada", run), await looker("ada", run)
    assert len((await first.messages())["people"]) == 1
    assert len((await second.messages())["people"]) == 1
    await first.leave()
    await second.leave()


async def test_a_comment_rings_for_whoever_looks() -> None:
    run = await made()
    ada = await looker("ada", run)
    await ada.messages()
    await sync_to_async(lambda: add_comment(run=run, by=cast("ben"), text="Look here"))()
    assert await ada.messages() == {"said": True}
    await ada.leave()


async def test_who_is_removed_from_the_team_is_put_out() -> None:
    run = await made()
    cleo = await looker("cleo", run)
    await cleo.messages()
    await sync_to_async(
        Membership.objects.filter(user__email="cleo@example.org", team=run.project.team).delete
    )()
    assert await cleo.close_code() == 4404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OWNER])
async def test_whose_role_changes_is_told_to_load_the_page_again(role: Role) -> None:
    run = await made()
    ben = await looker("ben", run)
    await ben.messages()
    await sync_to_async(
        Membership.objects.filter(user__email="ben@example.org", team=run.project.team).update
    )(role=role)
    assert await ben.close_code() == 4409


async def test_whose_role_changed_before_their_page_listened_is_told_too() -> None:
    run = await made()
    for shown in ("owner", "nonsense"):
        ben = await socket_of("ben", f"/ws/runs/{run.pk}/together", query=f"as={shown}")
        await ben.connect()
        assert await ben.close_code() == 4409
    ben = await socket_of("ben", f"/ws/runs/{run.pk}/together", query="as=editor")
    await ben.connect()
    assert names(await ben.messages()) == ["ben"]
    await ben.leave()


@pytest.mark.parametrize(("name", "code"), [("", 4401), ("dan", 4404)])
async def test_it_is_for_members_only(name: str, code: int) -> None:
    assert await (await looker(name, await made())).close_code() == code
