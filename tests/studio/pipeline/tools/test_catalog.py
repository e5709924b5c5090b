"""The tools are described once: schemas, documentation, and errors of their input."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studio.pipeline.tools.calls import load_function
from studio.pipeline.tools.catalog import TOOLS, Tool, find_tool, make_schema, parse_arguments
from studio.pipeline.tools.inputs import Area, CompareInput, GenerateInput
from studio.pipeline.tools.results import ToolError

DOCS = (Path(__file__).resolve().parents[4] / "docs" / "mcp.md").read_text()
ROWS = re.findall(r"^\| `(\w+)` \| .+ \| (yes|–) \|$", DOCS, re.MULTILINE)


def test_the_documentation_lists_the_tools_and_which_only_read() -> None:
    assert [(tool.name, "yes" if tool.reads else "–") for tool in TOOLS] == ROWS


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_a_tool_has_its_function_and_describes_its_fields(tool: Tool) -> None:
    assert callable(load_function(tool))
    properties = make_schema(tool)["properties"]
    for name, field in properties.items():
        assert field.get("description") or "enum" in field or "anyOf" in field, name


def test_a_door_describes_fields_in_its_words_and_leaves_out_what_it_knows() -> None:
    schema = make_schema(
        find_tool("compare"), {"mockup": "An upload."}, without=frozenset({"page"})
    )
    assert schema["properties"]["mockup"]["description"] == "An upload."
    assert "page" not in schema["properties"]
    assert schema["required"] == ["mockup"]
    assert "page" in make_schema(find_tool("compare"))["properties"]


def test_wrong_input_is_told_field_by_field() -> None:
    with pytest.raises(ToolError) as error:
        parse_arguments(CompareInput, {"mockup": "a.png", "width": 3, "ignore": [{"x": -1}]})
    told = str(error.value)
    assert "page: Field required." in told
    assert "width: Input should be greater than or equal to 100." in told
    assert "ignore.0.x: Input should be greater than or equal to 0." in told


def test_null_stands_for_a_field_that_is_left_out() -> None:
    names = ("width", "ignore", "area", "pictures")
    given = {"mockup": "a.png", "page": "a.html", **dict.fromkeys(names)}
    assert parse_arguments(CompareInput, given) == CompareInput(mockup="a.png", page="a.html")
    with pytest.raises(ToolError, match="mockup: "):
        parse_arguments(CompareInput, {**given, "mockup": None})


def test_objects_and_lists_may_be_sent_as_json_in_a_text() -> None:
    area = '{"x": 1, "y": 2, "width": 30, "height": 40}'
    given = {"mockup": "a.png", "page": "a.html", "width": "800", "area": area}
    read = parse_arguments(CompareInput, {**given, "ignore": f"[{area}]"})
    assert read.width == 800
    assert read.area == Area(x=1, y=2, width=30, height=40)
    assert read.ignore == [read.area]


@pytest.mark.parametrize(
    "area", ["none", "{", "[" * 9000, '"a"', "1", f'{{"x": {"9" * 5000}}}', '{"x": NaN}', "\ud83d"]
)
def test_a_text_that_is_no_area_is_told(area: str) -> None:
    with pytest.raises(ToolError, match="area"):
        parse_arguments(CompareInput, {"mockup": "a.png", "page": "a.html", "area": area})


@pytest.mark.parametrize("text", ["a\0b", "a\ud83d"])
def test_a_text_that_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(ToolError, match="prompt: "):
        parse_arguments(GenerateInput, {"prompt": text})


def test_an_unknown_tool_is_told_with_the_known_ones() -> None:
    with pytest.raises(ToolError, match=r"no tool 'paint'; use one of read_mockup, draft"):
        find_tool("paint")
