"""A run that is deleted is gone for everybody, with all that hangs on it: no page or address shows
any of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from studio.export.models import Export
from studio.projects.services import delete_project
from studio.runs import retention
from studio.runs.models import Run
from studio.teams import access
from studio.teams.models import Role
from tests.people import cast
from tests.studio.access_rows import ROWS, Row, World
from tests.studio.api.calling import secret_of
from tests.studio.test_odd_input import address_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]

# What stays when a run is deleted: the way back, and what belongs to the team.
STAYS = ("library:undelete", "uploads:picture", "uploads:thumbnail")


def models_below(model: type[Model], path: str = "") -> Iterator[tuple[type[Model], str]]:
    """(model, the way from it to the run) for everything that goes when a run is purged."""
    for field in model._meta.get_fields(include_hidden=True):
        relation: Any = field
        if (
            not (field.auto_created and (field.one_to_many or field.one_to_one))
            or relation.related_model is model
        ):
            continue
        if relation.on_delete.__name__ != "CASCADE" or relation.related_model._meta.auto_created:
            continue
        found = f"{relation.field.name}__{path}" if path else relation.field.name
        yield relation.related_model, found
        yield from models_below(relation.related_model, found)


BELOW = sorted(
    {(model, path) for model, path in models_below(Run)}, key=lambda one: (one[0].__name__, one[1])
)


def test_the_walk_finds_what_hangs_on_a_run() -> None:
    names = {model.__name__ for model, _ in BELOW}
    assert names >= {"Mockup", "Attempt", "WidthView", "Export", "ShareLink", "Comment", "Delivery"}


@pytest.mark.parametrize(("model", "path"), BELOW, ids=lambda one: getattr(one, "__name__", one))
def test_each_model_below_a_run_says_that_it_goes_with_it(model: Any, path: str) -> None:
    shortest = min((way for one, way in BELOW if one is model), key=len)
    wanted = {f"{shortest}__deleted_at", f"{shortest}__project__deleted_at"}
    assert wanted <= set(model.DELETED), (
        f"{model.__name__}.DELETED lacks {wanted - set(model.DELETED)}"
    )
    assert (
        access.filter_visible(model.objects.all(), cast("ada")).count() == 0
    )  # and how it gets to its team


def visitor() -> Client:
    client = Client()
    client.force_login(cast("ada"))
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret_of('ada', Role.OWNER)}"
    return client


def delete(world: World, what: str) -> None:
    if what == "its run":
        retention.delete_run(run=world.run, by=cast("ada"))
    else:
        delete_project(project=world.run.project, by=cast("ada"))


def touches_a_run(row: Row) -> bool:
    names = set(address_parameters(row))
    if row.route.startswith("teams:") or row.route in STAYS:
        return False
    return bool(names & {"run_id", "export_id"}) or row.route in (
        "runs:page",
        "collaboration:shared",
        "collaboration:shared-picture",
        "collaboration:shared-page",
    )


def address_parameters(row: Row) -> list[str]:
    from tests.studio.test_odd_input import parameters

    return parameters(row.route)


@pytest.mark.parametrize("what", ["its run", "its project"])
@pytest.mark.parametrize(
    "row", [row for row in ROWS if touches_a_run(row)], ids=lambda row: f"{row.method} {row.route}"
)
def test_no_address_of_a_deleted_run_answers(row: Row, what: str) -> None:
    world, ada = World(), visitor()
    world.holder = True
    address = address_of(row, world)
    delete(world, what)
    sent: dict[str, Any] = (
        {"data": row.data, "content_type": "application/json"} if isinstance(row.data, str) else {}
    )
    assert ada.generic(row.method, address, **sent).status_code in (404, 410)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.method == "GET"], ids=lambda row: row.route
)
def test_no_list_names_it(row: Row) -> None:
    if row.route in ("health", "metrics", "asset") or touches_a_run(row):
        pytest.skip("it lists nothing")
    world, ada = World(), visitor()
    address = address_of(row, world)
    delete(world, "its run")
    answer = ada.get(address)
    assert str(world.run.pk) not in answer.content.decode(errors="replace")
    assert f"/exports/{Export.objects.get().pk}" not in answer.content.decode(errors="replace")


def test_the_number_of_a_projects_runs_does_not_count_it() -> None:
    world, ada = World(), visitor()
    shown = ada.get("/").context["projects"]
    assert [one.size for one in shown if one.pk == world.run.project_id] == [1]
    delete(world, "its run")
    shown = ada.get("/").context["projects"]
    assert [one.size for one in shown if one.pk == world.run.project_id] == [0]


def test_what_is_brought_back_is_there_again() -> None:
    world, ada = World(), visitor()
    row = next(one for one in ROWS if one.route == "runs:page")
    address = address_of(row, world)
    delete(world, "its run")
    assert ada.get(address).status_code == 404
    retention.undelete_run(run=world.run, by=cast("ada"))
    assert ada.get(address).status_code == 200
