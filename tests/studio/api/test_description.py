"""The API's description is complete enough to make a client of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from studio.api.urls import api
from tests.processes import ROOT

# Without its line breaks, which the formatter sets.
GENERATED_CLIENT = re.sub(
    r"\(\s+", "(", (ROOT / "tests/interop/sdk/generated_client.py").read_text()
).replace('",\n    "', '", "')
METHODS = ("get", "post", "put", "patch", "delete")


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, methods[method]


OPERATIONS = [pytest.param(path, told, id=told["operationId"]) for path, told in operations()]


@pytest.mark.parametrize(("path", "operation"), OPERATIONS)
def test_an_operation_has_a_short_name_a_tag_and_its_answers(
    path: str, operation: dict[str, Any]
) -> None:
    assert operation["operationId"].count("_") <= 2
    assert "studio" not in operation["operationId"]
    assert operation["tags"]
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    assert {"401", "429"} <= answers.keys()
    assert any(status.startswith("2") for status in answers)
    assert operation["description"]
    if "{" in path:
        assert {"404", "422"} & answers.keys()
    if "requestBody" in operation:
        assert "422" in answers


def test_names_are_unique() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("path", "operation"), OPERATIONS)
def test_the_generated_client_of_make_interop_calls_it(
    path: str, operation: dict[str, Any]
) -> None:
    """`make interop` takes a quarter of an hour, so a call that it lacks is told here."""
    group = operation["tags"][0].replace(" ", "_")
    assert f'call("{group}", "{operation["operationId"]}"' in GENERATED_CLIENT


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("get_zip", "application/zip"),
        ("get_picture", "image/png"),
        ("follow_events", "text/event-stream"),
    ],
)
def test_what_is_no_json_has_its_media_type(name: str, media_type: str) -> None:
    (operation,) = [told for _, told in operations() if told["operationId"] == name]
    assert list(operation["responses"][200]["content"]) == [media_type]


def test_it_says_where_it_is_served_and_what_webhooks_get() -> None:
    schema = api.get_openapi_schema()
    assert schema["servers"][0]["url"] == "/"
    body = schema["webhooks"]["run.over"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"]["properties"]["run"] == {"$ref": "#/components/schemas/RunOut"}
    assert "RunOut" in schema["components"]["schemas"]
