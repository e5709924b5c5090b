"""Tool declarations, in the TypeScript the model was trained on."""

from __future__ import annotations

import pytest

from inference.chat.tools import declare

WEATHER = {
    "name": "get_weather",
    "description": "Get weather\nfor a city",
    "parameters": {
        "type": "object",
        "required": ["city"],
        "properties": {
            "days": {"type": "integer", "minimum": 1, "maximum": 7},
            "unit": {"enum": ["c", "f"], "type": "string", "default": "c"},
            "city": {"type": "string", "description": "City name", "minLength": 1},
            "tags": {"type": "array", "items": {"type": "string", "description": "a tag"}},
            "opt": {"type": ["string", "null"]},
            "o": {
                "type": "object",
                "properties": {"a": {"type": "number"}},
                "additionalProperties": False,
            },
        },
    },
}
GOLDEN = """# Tools

## functions
namespace functions {
// Get weather
// for a city
type get_weather = (_: {
  // City name
  // minLength: 1
  city: string,
  // maximum: 7, minimum: 1
  days?: number,
  o?: {
    a?: number,
    [k: string]: never
  },
  opt?: string | null,
  tags?: Array<
    // a tag
    string
  >,
  // Default: "c"
  unit?: "c" | "f"
}) => any;
}
"""


def declared(properties: dict[str, object], **more: object) -> str:
    """What stands between the namespace's braces."""
    tool = {
        "type": "function",
        "function": {"name": "f", "parameters": {"properties": properties, **more}},
    }
    return (
        declare([tool])
        .removeprefix("# Tools\n\n## functions\nnamespace functions {\n")
        .removesuffix("\n}\n")
    )


def test_the_golden_tool_is_declared_as_moonshot_does() -> None:
    assert declare([{"type": "function", "function": WEATHER}]) == GOLDEN


def test_tools_follow_each_other() -> None:
    both = declare([{"type": "function", "function": {"name": name}} for name in ("a", "b")])
    assert "{\ntype a = (_: {}) => any;\ntype b = (_: {}) => any;\n}\n" in both


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"type": "boolean"}, "boolean"),
        ({}, "any"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "string | number"),
        ({"type": ["object", "array", "null"]}, "{} | Array<any> | null"),
        ({"type": "array"}, "Array<any>"),
        (
            {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "null"}}}},
            "Array<{\n    x?: null\n  }>",
        ),
        (
            {"type": "object", "additionalProperties": {"type": "string"}},
            "{\n    [k: string]: string\n  }",
        ),
        ({"type": "object", "additionalProperties": True}, "{\n    [k: string]: any\n  }"),
        ({"enum": [1, "ü", None]}, '1 | "ü" | null'),
    ],
)
def test_a_schema_becomes_a_type(schema: dict[str, object], written: str) -> None:
    assert declared({"p": schema}) == f"type f = (_: {{\n  p?: {written}\n}}) => any;"


def test_definitions_become_interfaces_and_references_their_names() -> None:
    text = declared(
        {"p": {"$ref": "#/$defs/Node"}},
        **{"$defs": {"Node": {"properties": {"v": {"type": "string"}}}}},
    )
    assert text == "interface Node {\n  v?: string\n}\ntype f = (_: {\n  p?: Node\n}) => any;"


def test_parameters_that_refer_to_themselves_get_a_name() -> None:
    text = declared({"child": {"$ref": "#"}})
    assert (
        text == "interface parameters {\n  child?: parameters\n}\ntype f = (_: parameters) => any;"
    )


def test_a_tool_without_a_name_is_named_by_its_place() -> None:
    with pytest.raises(ValueError, match=r"tools\[0\].function.name is None; it must be a string"):
        declare([{"type": "function", "function": {}}])
