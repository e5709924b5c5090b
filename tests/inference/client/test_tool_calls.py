"""Tools go out with a request, and a model's calls come back in pieces."""

from __future__ import annotations

from typing import Any

import pytest

from inference.client.tool_calls import MOST_CALLS, CallReader
from inference.types import ModelError, ToolCall


def piece(index: int | None = 0, *, id: str = "", name: str = "", text: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {"function": {"arguments": text}}
    if name:
        out["function"]["name"] = name
    if index is not None:
        out["index"] = index
    if id:
        out["id"] = id
    return out


def read(*pieces: dict[str, Any], most: int = 1000) -> tuple[ToolCall, ...]:
    reader = CallReader()
    for one in pieces:
        reader.read(one, most)
    return reader.finish()


def test_pieces_of_a_call_are_put_together() -> None:
    assert read(piece(id="a", name="compare", text='{"wid'), piece(text='th": 390}')) == (
        ToolCall("a", "compare", '{"width": 390}'),
    )


def test_several_calls_are_told_apart_by_their_index() -> None:
    calls = read(
        piece(1, id="b", name="render", text="{}"),
        piece(0, id="a", name="compare", text="{"),
        piece(0, text="}"),
    )
    assert calls == (ToolCall("a", "compare", "{}"), ToolCall("b", "render", "{}"))


def test_calls_without_an_index_are_whole() -> None:
    calls = read(piece(None, id="a", name="x", text="{}"), piece(None, id="b", name="y", text="{}"))
    assert [call.name for call in calls] == ["x", "y"]


def test_a_call_without_an_id_gets_one_and_one_without_a_name_is_none() -> None:
    (call,) = read(piece(0, name="x", text="{}"), piece(1, id="b", text="{}"))
    assert call.id.startswith("call_")


@pytest.mark.parametrize("broken", [{"function": 3}, {"index": "one"}, {"function": {"name": 7}}])
def test_what_is_no_call_is_left_out(broken: dict[str, Any]) -> None:
    assert read(broken) == ()


def test_arguments_without_an_end_are_refused() -> None:
    with pytest.raises(ModelError, match="MODEL_ANSWER_KILOBYTES") as error:
        read(piece(name="x", text="a" * 600), piece(text="a" * 600))
    assert error.value.kind == "too large"


def test_calls_without_an_end_are_refused() -> None:
    with pytest.raises(ModelError, match="more than 64 tools"):
        read(*(piece(index, name="x") for index in range(MOST_CALLS + 1)))
