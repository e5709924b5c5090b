"""A program reads the outline of a page from words and sends it back changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from studio.runs.models import Run
from tests.studio.api.calling import program
from tests.studio.runs.making import finished_run
from tests.studio.runs.outlined import OUTLINE, make_outlined_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("valkey")]


def send(path: str, outline: Any) -> Any:
    body = json.dumps({"outline": outline})
    return program().post(path, body, content_type="application/json")


def test_an_outline_that_is_sent_back_changed_makes_a_version() -> None:
    base = make_outlined_version()
    path = f"/api/v1/runs/{base.run_id}/versions/1/outline"
    found = program().get(path).json()
    assert found["is_edited"] is False
    assert [one["kind"] for one in found["outline"]["sections"]] == [
        section.kind for section in OUTLINE.sections
    ]
    changed = found["outline"] | {"sections": found["outline"]["sections"][:-1], "topic": "cars"}
    answer = send(path, changed)
    assert answer.status_code == 201, answer.content
    run = Run.objects.get(pk=answer.json()["id"])
    assert (run.family, run.kind, run.prompt) == (base.run_id, "edit", "Outline: removed footer")
    assert run.changes[0]["outline"]["topic"] == OUTLINE.topic


@pytest.mark.parametrize(
    ("outline", "words"),
    [
        ({}, "has no section"),
        ({"sections": [{"kind": "carousel"}]}, "kind is 'carousel'; use one of header"),
        ({"sections": "hero"}, "not a list"),
        ({"sections": [{"kind": "faq", "items": [{"title": 7}, {}]}]}, "not a text"),
    ],
)
def test_what_is_no_outline_is_refused_with_what_is_allowed(
    outline: dict[str, Any], words: str
) -> None:
    base = make_outlined_version()
    answer = send(f"/api/v1/runs/{base.run_id}/versions/1/outline", outline)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_a_page_from_a_mockup_has_none() -> None:
    run = finished_run()
    path = f"/api/v1/runs/{run.pk}/versions/1/outline"
    assert program().get(path).status_code == 404
    assert "not made from an outline" in send(path, {"sections": []}).json()["detail"]
